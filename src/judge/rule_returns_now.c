/* Rule returns-now: a function that returned nothing returns a value; a note. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (rules_only_returns_now(older, newer))
		verdict_find(verdict, rule, VERDICT_SAME, older->name, NULL, "%s -> %s", older->declaration,
			     newer->declaration);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_returns_now = {
	.id = "returns-now",
	.why = "old callers ignore the value",
	.examine = examine,
};
