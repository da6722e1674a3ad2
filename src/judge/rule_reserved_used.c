/* Rule reserved-used: a member that was kept for later is put to use, within its bytes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "judge/intent.h"
#include "judge/members.h"
#include "judge/rules.h"

static void describe(GString *text, const struct facts_type *older, const struct facts_member *reserved,
		     const struct facts_type *newer)
{
	for (guint i = 0; i < newer->n_members; i++) {
		const struct facts_member *m = &newer->members[i];
		if (m->offset < reserved->offset || m->offset >= reserved->offset + reserved->size ||
		    members_find(older, m, i) != NULL)
			continue;
		g_autofree char *place = members_place(m->offset);
		g_string_append_printf(text, "%s%s %s at %s", text->len == 0 ? "now " : ", ", m->type, m->name, place);
	}
	if (text->len == 0)
		g_string_append(text, "is gone, and its bytes are not used");
}

static void judge(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
		  const struct facts_member *reserved, const struct facts_type *newer)
{
	g_autofree char *subject = members_subject(older, reserved), *why = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean harmless = reserved->reserved || allocation_is_librarys(verdict_allocation(verdict), older, &why);

	describe(text, older, reserved, newer);
	verdict_find(verdict, rule, harmless ? VERDICT_ADDS : VERDICT_BREAKS, subject, older, "%s", text->str);
	if (reserved->reserved)
		verdict_because(verdict, "callers keep it zero: it is marked so (ABIDE_RESERVED)");
	else if (harmless)
		verdict_because(verdict, "%s", why);
	else
		verdict_because(verdict, "callers may allocate it (%s), and only its name says that they keep it zero", why);
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_members; i++)
		if (intent_reserved_used(older, &older->members[i], newer))
			judge(verdict, rule, older, &older->members[i], newer);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_reserved_used = {
	.id = "reserved-used",
	.why = "the library reads there what old callers left: zero if they were told to keep it so, else anything",
	.instead = "say in the header that callers keep it zero, check that they do, and mark it: ABIDE_RESERVED(type, member), "
		   "abide.h",
	.examine = examine,
};
