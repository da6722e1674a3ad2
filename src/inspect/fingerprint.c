/* Fingerprints of types and symbols: see fingerprint.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/fingerprint.h"
#include "core/digest.h"
#include "inspect/shape.h"

#include <string.h>

#define ROUNDS 3

static guint64 hash(const GString *text)
{
	g_autofree char *hex = digest_of(DIGEST_SHA256, text->str, text->len);

	hex[16] = '\0';
	return g_ascii_strtoull(hex, NULL, 16);
}

/* The index of a type by its name, which need not be terminated; n_types when it is not there. */
static guint find_type(const struct facts *facts, const char *name, gsize length)
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

/* A shape, with the last round's numbers in place of names. */
static void append_shape(GString *text, const struct facts *facts, const char *shape, const guint64 *last)
{
	const char *name;
	gsize length;

	while (*shape != '\0') {
		if (*shape != '{') {
			g_string_append_c(text, *shape++);
			continue;
		}
		shape = shape_name(shape, &name, &length);
		guint i = find_type(facts, name, length);
		g_string_append_printf(text, "{%" G_GINT64_MODIFIER "x}", i < facts->n_types ? last[i] : 0);
	}
}

static guint64 type_layout(GString *text, const struct facts *facts, const struct facts_type *t, const guint64 *last)
{
	g_string_printf(text, "%" G_GUINT64_FORMAT, t->size);
	for (guint i = 0; i < t->n_members; i++) {
		const struct facts_member *m = &t->members[i];
		g_string_append_printf(text, ";%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":", m->offset, m->size);
		append_shape(text, facts, m->shape, last);
	}
	for (guint i = 0; i < t->n_enumerators; i++)
		g_string_append_printf(text, "=%" G_GINT64_FORMAT, t->enumerators[i].value);
	return hash(text);
}

static guint64 type_source(GString *text, const struct facts_type *t)
{
	g_string_printf(text, "%s", t->name);
	for (guint i = 0; i < t->n_members; i++)
		g_string_append_printf(text, ";%s %s", t->members[i].type, t->members[i].name);
	for (guint i = 0; i < t->n_enumerators; i++)
		g_string_append_printf(text, ";%s=%" G_GINT64_FORMAT, t->enumerators[i].name, t->enumerators[i].value);
	return hash(text);
}

static void fingerprint_types(struct facts *facts)
{
	g_autofree guint64 *last = g_new0(guint64, MAX(facts->n_types, 1));
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint round = 0; round < ROUNDS; round++) {
		for (guint i = 0; i < facts->n_types; i++)
			facts->types[i].layout = type_layout(text, facts, &facts->types[i], last);
		for (guint i = 0; i < facts->n_types; i++)
			last[i] = facts->types[i].layout;
	}
	for (guint i = 0; i < facts->n_types; i++)
		facts->types[i].source = type_source(text, &facts->types[i]);
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
	const guint64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void append_sorted(GString *text, GArray *numbers)
{
	g_array_sort(numbers, compare_numbers);
	for (guint i = 0; i < numbers->len; i++)
		g_string_append_printf(text, ",%" G_GINT64_MODIFIER "x", g_array_index(numbers, guint64, i));
	g_array_set_size(numbers, 0);
}

static void fingerprint_symbol(struct facts *facts, struct facts_symbol *s, const GArray *reached, const guint64 *layouts)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GString) text = g_string_new(facts_symbol_kind_name(s->kind));

	if (s->kind == FACTS_OBJECT || s->kind == FACTS_TLS)
		g_string_append_printf(text, " %" G_GUINT64_FORMAT, s->size);
	g_string_append_c(text, ' ');
	append_shape(text, facts, s->shape, layouts);
	for (guint i = 0; i < reached->len; i++)
		g_array_append_val(numbers, facts->types[g_array_index(reached, guint, i)].layout);
	append_sorted(text, numbers);
	s->layout = hash(text);

	g_string_assign(text, s->declaration);
	for (guint i = 0; i < reached->len; i++)
		g_array_append_val(numbers, facts->types[g_array_index(reached, guint, i)].source);
	append_sorted(text, numbers);
	s->source = hash(text);
}

/* ---- reaching ---- */

/* What is needed to find all that a shape leads to. */
struct reach {
	const struct facts *facts;
	GArray **edges;   /* per type: the types that its members mention, once asked for */
	guint *mark;      /* per type: the walk that last came by */
	GPtrArray **via;  /* per type: the names of exports that reach it */
	GArray *pending, *reached; /* of one walk */
};

static void append_mentioned(GArray *into, const struct facts *facts, const char *shape)
{
	const char *name;
	gsize length;

	while ((shape = strchr(shape, '{')) != NULL) {
		shape = shape_name(shape, &name, &length);
		guint i = find_type(facts, name, length);
		if (i < facts->n_types)
			g_array_append_val(into, i);
	}
}

static const GArray *edges_of(struct reach *r, guint type)
{
	const struct facts_type *t = &r->facts->types[type];

	if (r->edges[type] == NULL) {
		r->edges[type] = g_array_new(FALSE, FALSE, sizeof(guint));
		for (guint i = 0; i < t->n_members; i++)
			append_mentioned(r->edges[type], r->facts, t->members[i].shape);
	}
	return r->edges[type];
}

/* Depth first from one export, without recursion: types are chained as far as the input likes. */
static void walk_from(struct reach *r, guint export)
{
	const char *name = r->facts->exports[export].name;

	g_array_set_size(r->reached, 0);
	append_mentioned(r->pending, r->facts, r->facts->exports[export].shape);
	while (r->pending->len > 0) {
		guint type = g_array_index(r->pending, guint, r->pending->len - 1);
		g_array_set_size(r->pending, r->pending->len - 1);
		if (r->mark[type] == export + 1)
			continue;
		r->mark[type] = export + 1;
		g_array_append_val(r->reached, type);
		GPtrArray *via = r->via[type];
		if (via->len == 0 || via->pdata[via->len - 1] != name)
			g_ptr_array_add(via, (void *)name);
		const GArray *edges = edges_of(r, type);
		g_array_append_vals(r->pending, edges->data, edges->len);
	}
}

static struct reach reach_begin(const struct facts *facts)
{
	gsize n = MAX(facts->n_types, 1);
	struct reach r = {
		.facts = facts,
		.edges = g_new0(GArray *, n),
		.mark = g_new0(guint, n),
		.via = g_new0(GPtrArray *, n),
		.pending = g_array_new(FALSE, FALSE, sizeof(guint)),
		.reached = g_array_new(FALSE, FALSE, sizeof(guint)),
	};

	for (guint i = 0; i < facts->n_types; i++)
		r.via[i] = g_ptr_array_new();
	return r;
}

static void reach_end(struct reach *r, struct facts *facts)
{
	for (guint i = 0; i < facts->n_types; i++) {
		facts->types[i].n_via = r->via[i]->len;
		g_ptr_array_add(r->via[i], NULL);
		facts->types[i].via = (const char **)g_ptr_array_free(r->via[i], FALSE);
		if (r->edges[i] != NULL)
			g_array_unref(r->edges[i]);
	}
	g_free(r->edges);
	g_free(r->mark);
	g_free(r->via);
	g_array_unref(r->pending);
	g_array_unref(r->reached);
}

void fingerprint_facts(struct facts *facts)
{
	fingerprint_types(facts);
	g_autofree guint64 *layouts = g_new0(guint64, MAX(facts->n_types, 1));
	for (guint i = 0; i < facts->n_types; i++)
		layouts[i] = facts->types[i].layout;

	struct reach r = reach_begin(facts);
	for (guint i = 0; i < facts->n_exports; i++) {
		struct facts_symbol *s = &facts->exports[i];
		if (s->declaration == NULL)
			continue;
		walk_from(&r, i);
		fingerprint_symbol(facts, s, r.reached, layouts);
	}
	reach_end(&r, facts);
}
