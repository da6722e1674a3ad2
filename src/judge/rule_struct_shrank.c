/* Rule struct-shrank: a struct that callers see became smaller. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	if (newer->size < older->size)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older,
			     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", older->size, newer->size);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_struct_shrank = {
	.id = "struct-shrank",
	.why = "callers read and copy past the end of what the library allocates, and step wrongly through arrays",
	.instead = "keep the size; leave unused members in place",
	.examine = examine,
};
