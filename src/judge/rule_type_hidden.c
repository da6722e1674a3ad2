/* Rule type-hidden: a note, because programs that are compiled again no longer see into a type. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	if (newer->withdrawn && !older->withdrawn)
		verdict_find(verdict, rule, VERDICT_SAME, older->name, older, "is no longer complete in the public headers");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_type_hidden = {
	.id = "type-hidden",
	.why = "old callers know its layout and go on using it; programs that use its members do not compile any more",
	.instead = "keep the layout until no old caller is left: only a new soname frees it",
	.examine = examine,
};
