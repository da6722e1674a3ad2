/* Rule symbol-removed: a name that programs may import is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "inspect/mangled.h"
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; i < older->n_exports; i++) {
		const struct facts_symbol *s = &older->exports[i];
		if (rules_has_name(newer, s->name))
			continue;
		g_autofree char *subject = rules_symbol_name(s);
		const char *now = copies_stands_for(newer, s->name);
		const char *declaration = mangled_is(s->name) && s->declaration ? s->declaration : NULL;
		verdict_find(verdict, rule, s->is_inline ? VERDICT_SAME : VERDICT_BREAKS, subject, NULL,
			     "is no longer exported%s%s%s%s%s%s", declaration ? ": " : "", declaration ? declaration : "",
			     s->is_inline ? " (inline: callers have copies of their own)" : "", now ? "; it is " : "",
			     now ? now : "", now ? " of the public headers now, which compiled callers do not have" : "");
	}
}

const struct verdict_rule rule_symbol_removed = {
	.id = "symbol-removed",
	.why = "a program that uses it stops with \"symbol lookup error\", at start or at the first call",
	.instead = "keep the symbol, if only as a function that reports an error; of a template of C++, instantiate it explicitly "
		   "(programs mostly hold their own copy of an instance, unless a header says extern template)",
	.examine = examine,
};
