/* Rule source-changed: compiled callers do not notice; those that are compiled again may have to be changed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/members.h"
#include "judge/rules.h"

/* Whose change rules before this one told of: it is more than another spelling. */
static GHashTable *told(const struct verdict *verdict)
{
	GHashTable *subjects = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct verdict_finding *f = verdict->findings->pdata[i];
		if (f->rule == &rule_opaque_changed || f->rule == &rule_type_replaced)
			g_hash_table_add(subjects, f->subject);
	}
	return subjects;
}

static void examine_exports(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			    const struct facts *newer, GHashTable *told_of)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *a = p.old_symbol, *b = p.new_symbol;
		if (a == NULL || b == NULL || a->source == b->source || a->declaration == NULL || b->declaration == NULL)
			continue;
		if (strcmp(a->declaration, b->declaration) == 0 || !shape_agrees(a->shape, b->shape) ||
		    g_hash_table_contains(told_of, a->name))
			continue;
		verdict_find(verdict, rule, VERDICT_SAME, a->name, NULL, "%s -> %s", a->declaration, b->declaration);
	}
}

/* A member of another name is member-removed's finding, one that is read otherwise member-type's. */
static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer, GHashTable *told_of)
{
	if (older->source == newer->source)
		return;
	for (guint i = 0; i < older->n_members; i++) {
		const struct facts_member *a = &older->members[i], *b = members_find(newer, a, i);
		if (b == NULL || strcmp(a->type, b->type) == 0 || !shape_agrees(a->shape, b->shape))
			continue;
		g_autofree char *subject = members_subject(older, a);
		if (!g_hash_table_contains(told_of, subject))
			verdict_find(verdict, rule, VERDICT_SAME, subject, older, "%s -> %s", a->type, b->type);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	g_autoptr(GHashTable) told_of = told(verdict);
	struct pairs types = pairs_begin(older, newer);

	examine_exports(verdict, rule, older, newer, told_of);
	while (pairs_next_type(&types))
		if (types.old_type != NULL && types.new_type != NULL)
			examine_type(verdict, rule, types.old_type, types.new_type, told_of);
}

const struct verdict_rule rule_source_changed = {
	.id = "source-changed",
	.why = "old programs run as before; one that is compiled again may be warned, or have to be changed",
	.examine = examine,
};
