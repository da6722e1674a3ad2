/* Rule struct-grew: a struct that callers see became larger. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type != NULL && p.new_type->size > p.old_type->size)
			verdict_find(verdict, rule, VERDICT_BREAKS, p.old_type->name, p.old_type->via,
				     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", p.old_type->size,
				     p.new_type->size);
}

const struct verdict_rule rule_struct_grew = {
	.id = "struct-grew",
	.why = "callers that allocate it give too little room; the library writes past the end",
	.instead = "make the type opaque, or keep spare members from the start",
	.examine = examine,
};
