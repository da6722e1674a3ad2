/* Rule inline-changed: a note, because callers run the old body of a function that the public headers define. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

#include <string.h>

/* Bodies of which one has its macros expanded and the other has not cannot be compared. */
static void examine_function(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
			     const struct facts_inlined *was, const struct facts_inlined *is)
{
	const char *now = is == NULL ? copies_stands_for(newer, was->name) : NULL;

	if (is == NULL && now != NULL)
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is now %s", now);
	else if (is == NULL)
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is gone from the headers");
	else if (was->digest != is->digest && strcmp(was->text, is->text) == 0)
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "has another body");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	copies_each(verdict, rule, older, newer, FACTS_INLINE_FUNCTION, examine_function);
}

const struct verdict_rule rule_inline_changed = {
	.id = "inline-changed",
	.why = "old callers have the old body compiled in: they run it until they are rebuilt to benefit",
	.instead = "let the library go on working with the old body; put what may change into an exported function",
	.examine = examine,
};
