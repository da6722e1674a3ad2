/* Rule type-replaced: where callers had to do with one struct they have to do with another, though the old one still exists. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/reach.h"
#include "inspect/shape.h"
#include "judge/members.h"
#include "judge/rules.h"

/* A pair of shapes being compared. */
struct search {
	const struct facts *older, *newer;
	const struct facts_type *was, *is; /* the first pair that is laid out differently */
};

/* A type whose old name is gone was renamed, which is struct-gone's to judge. Of what callers do not look into (by an opaque
 * mark) the name is all there is; what they look into may be another that is laid out alike. */
static void compare(const char *a, gsize a_length, const char *b, gsize b_length, gpointer data)
{
	struct search *s = data;

	if (s->was != NULL || (a_length == b_length && memcmp(a, b, a_length) == 0))
		return;
	guint was = reach_type(s->older, a, a_length), is = reach_type(s->newer, b, b_length);
	if (was == s->older->n_types || is == s->newer->n_types || reach_type(s->newer, a, a_length) == s->newer->n_types ||
	    (!s->older->types[was].hidden && s->older->types[was].layout == s->newer->types[is].layout))
		return;
	s->was = &s->older->types[was];
	s->is = &s->newer->types[is];
}

static void compare_shapes(struct search *s, const char *a, const char *b)
{
	s->was = s->is = NULL;
	if (a != NULL && b != NULL && shape_agrees(a, b))
		shape_each_visible(a, b, compare, s);
}

static void examine_members(struct verdict *verdict, const struct verdict_rule *rule, struct search *s,
			    const struct facts_type *older, const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_members; i++) {
		const struct facts_member *a = &older->members[i], *b = members_find(newer, a, i);
		if (b == NULL || a->offset != b->offset || a->size != b->size)
			continue;
		compare_shapes(s, a->shape, b->shape);
		if (s->was == NULL)
			continue;
		g_autofree char *subject = members_subject(older, a);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "%s -> %s", s->was->name, s->is->name);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct search s = {.older = older, .newer = newer};
	struct pairs exports = pairs_begin(older, newer), types = pairs_begin(older, newer);

	while (pairs_next_export(&exports)) {
		const struct facts_symbol *a = exports.old_symbol, *b = exports.new_symbol;
		if (a == NULL || b == NULL)
			continue;
		compare_shapes(&s, a->shape, b->shape);
		if (s.was != NULL)
			verdict_find(verdict, rule, VERDICT_BREAKS, a->name, NULL, "%s -> %s", a->declaration, b->declaration);
	}
	while (pairs_next_type(&types))
		if (types.old_type != NULL && types.new_type != NULL)
			examine_members(verdict, rule, &s, types.old_type, types.new_type);
}

const struct verdict_rule rule_type_replaced = {
	.id = "type-replaced",
	.why = "callers lay out, read and write the old struct where the library has another",
	.instead = "add a function or member with a new name and keep the old one",
	.examine = examine,
};
