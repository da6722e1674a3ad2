/* What callers hold copies of: macros, inline functions and constants of the public headers; for the rules about them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_COPIES_H
#define JUDGE_COPIES_H

#include "judge/verdict.h"

/*
 * copies_each: call EXAMINE with every macro, or every inline function, of the older headers, and the one of that name in
 * the newer, or NULL. Nothing when the headers of a side are not known.
 */
typedef void (*copies_examiner)(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
				const struct facts_inlined *was, const struct facts_inlined *is);
void copies_each(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		 const struct facts *newer, enum facts_inlined_kind kind, copies_examiner examine);

/* copies_find: the macro or inline function of this name, or NULL. */
const struct facts_inlined *copies_find(const struct facts *facts, const char *name, enum facts_inlined_kind kind);

/*
 * copies_constant: the value of a name, in whichever enumeration it is, or of a macro that is a plain integer. FALSE when
 * there is none.
 */
gboolean copies_constant(const struct facts *facts, const char *name, gint64 *value);

/* copies_integer: is the text of a macro a plain integer ("0x10UL", "(-1)"), and which? */
gboolean copies_integer(const char *text, gint64 *value);

/*
 * copies_moved: is the name that an enumeration lost a constant of another in the newer headers, or a macro? Then
 * constant-changed compares them. FALSE when the headers of a side are not known.
 */
gboolean copies_moved(const struct verdict *verdict, const char *name);

/*
 * copies_stands_for: what took the place of a macro or function, in words: "an exported symbol", "an inline function",
 * "a macro", "a constant"; NULL when the name is gone. Static text.
 */
const char *copies_stands_for(const struct facts *facts, const char *name);

#endif
