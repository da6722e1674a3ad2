/* Which types mention which: see reach.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/reach.h"
#include "inspect/shape.h"

#include <string.h>

#define NOT_YET G_MAXUINT

struct reach {
	const struct facts *facts;
	GArray **types;   /* per type: the types that mention it */
	GArray **exports; /* per type: the exports that mention it, in order */
	guint *gate;      /* per type: see gate_of; NOT_YET until it is asked for */
	guint *mark;      /* per type: the question that last came by */
	guint question;
};

guint reach_type(const struct facts *facts, const char *name, gsize length)
{
	guint low = 0, high = facts->n_types;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const char *other = facts->types[middle].name;
		int order = strncmp(other, name, length);
		if (order == 0 && other[length] != '\0')
			order = 1;
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return facts->n_types;
}

void reach_mentioned(GArray *into, const struct facts *facts, const char *shape)
{
	const char *name;
	gsize length;

	while ((shape = strchr(shape, '{')) != NULL) {
		shape = shape_name(shape, &name, &length);
		guint i = reach_type(facts, name, length);
		if (i < facts->n_types)
			g_array_append_val(into, i);
	}
}

void reach_edges(GArray *into, const struct facts *facts, guint type)
{
	const struct facts_type *t = &facts->types[type];

	if (t->hidden)
		return;
	for (guint i = 0; i < t->n_members; i++)
		reach_mentioned(into, facts, t->members[i].shape);
	for (guint i = 0; t->class != NULL && i < t->class->n_bases; i++)
		reach_mentioned(into, facts, t->class->bases[i].shape);
	for (guint i = 0; t->class != NULL && i < t->class->n_virtuals; i++)
		reach_mentioned(into, facts, t->class->virtuals[i].shape);
}

/* Each target notes where it is mentioned, once. */
static void note(GArray **lists, const GArray *targets, guint from)
{
	for (guint i = 0; i < targets->len; i++) {
		GArray **list = &lists[g_array_index(targets, guint, i)];
		if (*list == NULL)
			*list = g_array_new(FALSE, FALSE, sizeof(guint));
		if ((*list)->len == 0 || g_array_index(*list, guint, (*list)->len - 1) != from)
			g_array_append_val(*list, from);
	}
}

struct reach *reach_new(const struct facts *facts)
{
	struct reach *r = g_new0(struct reach, 1);
	g_autoptr(GArray) mentioned = g_array_new(FALSE, FALSE, sizeof(guint));

	r->facts = facts;
	r->types = g_new0(GArray *, facts->n_types);
	r->exports = g_new0(GArray *, facts->n_types);
	r->mark = g_new0(guint, facts->n_types);
	r->gate = g_new(guint, facts->n_types);
	for (guint i = 0; i < facts->n_types; i++) {
		r->gate[i] = NOT_YET;
		g_array_set_size(mentioned, 0);
		reach_edges(mentioned, facts, i);
		note(r->types, mentioned, i);
	}
	for (guint i = 0; i < facts->n_exports; i++) {
		g_array_set_size(mentioned, 0);
		if (facts->exports[i].shape != NULL)
			reach_mentioned(mentioned, facts, facts->exports[i].shape);
		note(r->exports, mentioned, i);
	}
	return r;
}

void reach_free(struct reach *r)
{
	if (r == NULL)
		return;
	for (guint i = 0; i < r->facts->n_types; i++) {
		g_clear_pointer(&r->types[i], g_array_unref);
		g_clear_pointer(&r->exports[i], g_array_unref);
	}
	g_free(r->types);
	g_free(r->exports);
	g_free(r->gate);
	g_free(r->mark);
	g_free(r);
}

static int compare_indexes(gconstpointer a, gconstpointer b)
{
	const guint *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The one type besides itself that mentions it; NOT_YET when there are more, or exports do, too. */
static guint only_way(const struct reach *r, guint type)
{
	const GArray *from = r->types[type];
	guint way = NOT_YET;

	for (guint i = 0; r->exports[type] == NULL && from != NULL && i < from->len; i++) {
		guint other = g_array_index(from, guint, i);
		if (other != type && way != NOT_YET)
			return NOT_YET;
		if (other != type)
			way = other;
	}
	return way;
}

/*
 * The type through which every way to this one leads, itself if there is no other: the same exports lead to both. Long
 * chains of types, all of them changed, are not walked again for each.
 */
static guint gate_of(struct reach *r, guint type)
{
	guint gate = type, way;

	for (guint steps = 0; steps < r->facts->n_types && r->gate[gate] == NOT_YET; steps++) {
		if ((way = only_way(r, gate)) == NOT_YET)
			break;
		gate = way;
	}
	if (r->gate[gate] != NOT_YET)
		gate = r->gate[gate];
	for (guint at = type; at != gate && r->gate[at] == NOT_YET; at = way) {
		way = only_way(r, at);
		r->gate[at] = gate;
	}
	r->gate[gate] = gate;
	return gate;
}

const char **reach_exports(struct reach *r, guint type)
{
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
	GPtrArray *names = g_ptr_array_new();

	type = gate_of(r, type);
	r->question++;
	g_array_append_val(pending, type);
	while (pending->len > 0) {
		guint at = g_array_index(pending, guint, pending->len - 1);
		g_array_set_size(pending, pending->len - 1);
		if (r->mark[at] == r->question)
			continue;
		r->mark[at] = r->question;
		if (r->exports[at] != NULL)
			g_array_append_vals(found, r->exports[at]->data, r->exports[at]->len);
		if (r->types[at] != NULL)
			g_array_append_vals(pending, r->types[at]->data, r->types[at]->len);
	}
	g_array_sort(found, compare_indexes);
	for (guint i = 0; i < found->len; i++) {
		const char *name = r->facts->exports[g_array_index(found, guint, i)].name;
		if (names->len == 0 || strcmp(names->pdata[names->len - 1], name) != 0)
			g_ptr_array_add(names, (void *)name);
	}
	g_ptr_array_add(names, NULL);
	return (const char **)g_ptr_array_free(names, FALSE);
}
