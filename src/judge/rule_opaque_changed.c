/* Rule opaque-changed: a pointer leads to another type that callers cannot see into, though the old one still exists. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/rules.h"

#include <string.h>

/* A pair of shapes being compared. A type whose old name is gone was renamed, which changes nothing. */
struct search {
	const struct facts *newer;
	GHashTable *names; /* every name in the newer library's shapes, once one is asked for */
	gboolean found;
};

static void note_names(GHashTable *names, const char *shape)
{
	const char *name;
	gsize length;

	while (shape != NULL && (shape = strchr(shape, '{')) != NULL) {
		shape = shape_name(shape, &name, &length);
		g_hash_table_add(names, g_strndup(name, length));
	}
}

static gboolean still_there(struct search *s, const char *name, gsize length)
{
	g_autofree char *text = g_strndup(name, length);

	if (s->names == NULL) {
		s->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		for (guint i = 0; i < s->newer->n_exports; i++)
			note_names(s->names, s->newer->exports[i].shape);
		for (guint i = 0; i < s->newer->n_types; i++)
			for (guint m = 0; m < s->newer->types[i].n_members; m++)
				note_names(s->names, s->newer->types[i].members[m].shape);
	}
	return g_hash_table_contains(s->names, text);
}

static void compare(const char *a, gsize a_length, const char *b, gsize b_length, gpointer data)
{
	struct search *s = data;

	if (a_length != b_length || memcmp(a, b, a_length) != 0)
		s->found = s->found || still_there(s, a, a_length);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct search s = {.newer = newer};
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *a = p.old_symbol, *b = p.new_symbol;
		if (a == NULL || b == NULL || a->shape == NULL || b->shape == NULL || !shape_agrees(a->shape, b->shape))
			continue;
		s.found = FALSE;
		shape_each_opaque(a->shape, b->shape, compare, &s);
		if (s.found)
			verdict_find(verdict, rule, VERDICT_BREAKS, a->name, NULL, "%s -> %s", a->declaration, b->declaration);
	}
	g_clear_pointer(&s.names, g_hash_table_unref);
}

const struct verdict_rule rule_opaque_changed = {
	.id = "opaque-changed",
	.why = "the library takes the caller's handle for one of another kind",
	.instead = "add a function with a new name and keep the old one",
	.examine = examine,
};
