/* Rule symbol-removed: a name that programs may import is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
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
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, NULL, "is no longer exported%s%s%s", now ? "; it is " : "",
			     now ? now : "", now ? " of the public headers now, which compiled callers do not have" : "");
	}
}

const struct verdict_rule rule_symbol_removed = {
	.id = "symbol-removed",
	.why = "a program that uses it stops with \"symbol lookup error\", at start or at the first call",
	.instead = "keep the symbol, if only as a function that reports an error",
	.examine = examine,
};
