/* Rule member-moved: a member of a struct that callers see has another place or width. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

#include "judge/intent.h"
#include "judge/members.h"
#include "judge/variant.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_members; i++) {
		const struct facts_member *a = &older->members[i], *b = members_find(newer, a, i);
		if (b == NULL || (a->offset == b->offset && a->size == b->size) || intent_reserved_used(older, a, newer))
			continue;
		gboolean moved = a->offset != b->offset;
		g_autofree char *subject = members_subject(older, a);
		g_autofree char *was = members_place(moved ? a->offset : a->size);
		g_autofree char *is = members_place(moved ? b->offset : b->size);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "%s %s -> %s", moved ? "offset" : "size", was, is);
		if (a->size != b->size)
			variant_note(verdict, a->type, b->type);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_member_moved = {
	.id = "member-moved",
	.why = "callers read and write the old place",
	.instead = "append new members at the end of types that only the library allocates; never move one",
	.examine = examine,
};
