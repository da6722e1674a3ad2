/* Rule struct-gone: a struct that callers see is not among what the newer library shows. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static gboolean still_used(const struct facts_type *type, const struct facts *newer)
{
	for (guint i = 0; i < type->n_via; i++)
		if (rules_has_name(newer, type->via[i]))
			return TRUE;
	return FALSE;
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (newer->evidence != FACTS_TYPES)
		return;
	struct pairs p = pairs_begin(older, newer);
	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type == NULL && still_used(p.old_type, newer))
			verdict_find(verdict, rule, VERDICT_UNKNOWN, p.old_type->name, p.old_type->via,
				     "is renamed, or no longer complete");
}

const struct verdict_rule rule_struct_gone = {
	.id = "struct-gone",
	.why = "old callers still use its members; whether they are where they were cannot be told",
	.instead = "keep the type's name and its definition in the public header",
	.examine = examine,
};
