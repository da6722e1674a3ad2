/* Rule padding-used: a new member lies in bytes of a struct that were between or behind its members. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "judge/intent.h"
#include "judge/members.h"
#include "judge/rules.h"

static void judge(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
		  const struct facts_member *member, const struct facts_type *newer)
{
	g_autofree char *subject = members_subject(newer, member), *place = members_place(member->offset), *why = NULL;
	gboolean librarys = allocation_is_librarys(verdict_allocation(verdict), older, &why);

	verdict_find(verdict, rule, librarys ? VERDICT_ADDS : VERDICT_BREAKS, subject, older, "new, where padding was, at %s",
		     place);
	verdict_because(verdict, "%s%s", librarys ? "" : "callers may allocate it: ", why);
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	const struct facts_member *m;
	guint i = 0;

	while (older->n_members > 0 && (m = intent_new_member(older, newer, &i)) != NULL)
		if (m->offset + m->size <= older->size * 8 && !intent_covers(older, m))
			judge(verdict, rule, older, m, newer);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_padding_used = {
	.id = "padding-used",
	.why = "old callers leave these bytes undefined, even where they initialise every member; the library reads them",
	.instead = "give padding a name from the start, say that callers keep it zero, and mark it (ABIDE_RESERVED, abide.h)",
	.examine = examine,
};
