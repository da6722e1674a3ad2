/* Rule member-removed: a member of a struct that callers see is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

#include "judge/intent.h"
#include "judge/members.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts *facts, const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_members; i++) {
		const struct facts_member *a = &older->members[i], *b;
		if (members_find(newer, a, i) != NULL || intent_reserved_used(older, a, newer) ||
		    members_inside(facts, newer, a, 0, 0))
			continue;
		g_autofree char *subject = members_subject(older, a);
		b = members_at(newer, a);
		if (b == NULL)
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "is gone");
		else
			verdict_find(verdict, rule, VERDICT_SAME, subject, older, "is now called %s", *b->name ? b->name : "nothing");
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type != NULL)
			examine_type(verdict, rule, p.old_type, newer, p.new_type);
}

const struct verdict_rule rule_member_removed = {
	.id = "member-removed",
	.why = "callers still use its place, which now means something else or nothing",
	.instead = "keep the member and say in the header that it is no longer used",
	.examine = examine,
};
