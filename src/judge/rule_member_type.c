/* Rule member-type: a member keeps its place and width, but machine code reads it as something else. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/intent.h"
#include "judge/members.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_members; i++) {
		const struct facts_member *a = &older->members[i], *b = members_find(newer, a, i);
		if (b == NULL || a->offset != b->offset || a->size != b->size || shape_agrees(a->shape, b->shape) ||
		    intent_reserved_used(older, a, newer))
			continue;
		g_autofree char *subject = members_subject(older, a);
		gboolean told = strcmp(a->type, b->type) != 0;
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "%s -> %s", told ? a->type : a->shape,
			     told ? b->type : b->shape);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_member_type = {
	.id = "member-type",
	.why = "callers read and write the old kind of value in that place",
	.instead = "append a member of the new type to a type that only the library allocates",
	.examine = examine,
};
