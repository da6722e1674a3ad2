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

/* For each symbol name, the indexes of the types that callers reach through it. */
static GHashTable *types_by_symbol(const struct facts *facts)
{
	GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < facts->n_types; i++)
		for (guint v = 0; v < facts->types[i].n_via; v++) {
			const char *name = facts->types[i].via[v];
			GArray *reached = g_hash_table_lookup(table, name);
			if (reached == NULL) {
				reached = g_array_new(FALSE, FALSE, sizeof(guint));
				g_hash_table_insert(table, (void *)name, reached);
			}
			g_array_append_val(reached, i);
		}
	return table;
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
	for (guint i = 0; reached != NULL && i < reached->len; i++)
		g_array_append_val(numbers, facts->types[g_array_index(reached, guint, i)].layout);
	append_sorted(text, numbers);
	s->layout = hash(text);

	g_string_assign(text, s->declaration);
	for (guint i = 0; reached != NULL && i < reached->len; i++)
		g_array_append_val(numbers, facts->types[g_array_index(reached, guint, i)].source);
	append_sorted(text, numbers);
	s->source = hash(text);
}

void fingerprint_facts(struct facts *facts)
{
	fingerprint_types(facts);
	g_autoptr(GHashTable) reached = types_by_symbol(facts);
	g_autofree guint64 *layouts = g_new0(guint64, MAX(facts->n_types, 1));
	for (guint i = 0; i < facts->n_types; i++)
		layouts[i] = facts->types[i].layout;
	for (guint i = 0; i < facts->n_exports; i++) {
		struct facts_symbol *s = &facts->exports[i];
		if (s->declaration != NULL)
			fingerprint_symbol(facts, s, g_hash_table_lookup(reached, s->name), layouts);
	}
}
