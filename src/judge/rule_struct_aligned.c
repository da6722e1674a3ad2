/* Rule struct-aligned: the source asks for another alignment of a struct that callers see. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	if (older->alignment != newer->alignment)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older, "alignment asked for: %u -> %u (0: none)",
			     older->alignment, newer->alignment);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_struct_aligned = {
	.id = "struct-aligned",
	.why = "it is passed in other places, and structs that hold it are laid out otherwise; aligned instructions may trap",
	.instead = "keep the alignment that was released",
	.examine = examine,
};
