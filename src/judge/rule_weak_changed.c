/* Rule weak-changed: an export became weak, or is weak no more. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->weak != newer->weak)
		verdict_find(verdict, rule, VERDICT_SAME, older->name, NULL,
			     older->weak ? "weak -> strong" : "strong -> weak");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_weak_changed = {
	.id = "weak-changed",
	.why = "the dynamic linker makes no difference between them (unless LD_DYNAMIC_WEAK is set)",
	.examine = examine,
};
