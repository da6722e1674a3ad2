/* Fingerprints of types and symbols: see fingerprint.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/fingerprint.h"
#include "core/digest.h"
#include "inspect/components.h"
#include "inspect/reach.h"
#include "inspect/shape.h"

#include <string.h>

#define ROUNDS 3

static guint64 hash(digest *sha256, const GString *text)
{
	digest_again(sha256);
	digest_update(sha256, text->str, text->len);
	g_autofree char *hex = digest_hex(sha256);

	hex[16] = '\0';
	return g_ascii_strtoull(hex, NULL, 16);
}

/* A number in hexadecimal; printf would be most of the work. */
static void append_number(GString *text, guint64 number)
{
	char digits[16];

	for (int i = 15; i >= 0; i--, number >>= 4)
		digits[i] = "0123456789abcdef"[number & 15];
	g_string_append_len(text, digits, sizeof digits);
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
		guint i = reach_type(facts, name, length);
		g_string_append_c(text, '{');
		append_number(text, i < facts->n_types ? last[i] : 0);
		g_string_append_c(text, '}');
	}
}

/* What a class has besides members. Nothing for one of C, whose number stays what it always was. */
static void append_class(GString *text, const struct facts *facts, const struct facts_class *class, const guint64 *last)
{
	for (guint i = 0; i < class->n_bases; i++) {
		g_string_append_c(text, ':');
		append_number(text, class->bases[i].is_virtual ? G_MAXUINT64 : class->bases[i].offset);
		append_shape(text, facts, class->bases[i].shape, last);
	}
	for (guint i = 0; i < class->n_virtuals; i++) {
		g_string_append_c(text, '@');
		append_number(text, class->virtuals[i].slot);
		append_shape(text, facts, class->virtuals[i].shape, last);
	}
	if (class->by_reference)
		g_string_append_c(text, '&');
}

static guint64 type_layout(digest *sha256, GString *text, const struct facts *facts, const struct facts_type *t,
			   const guint64 *last)
{
	g_string_truncate(text, 0);
	if (t->hidden)
		return hash(sha256, text);
	append_number(text, t->size);
	if (t->alignment != 0)
		append_number(text, t->alignment);
	for (guint i = 0; i < t->n_members; i++) {
		const struct facts_member *m = &t->members[i];
		g_string_append_c(text, ';');
		append_number(text, m->offset);
		append_number(text, m->size);
		append_shape(text, facts, m->shape, last);
	}
	for (guint i = 0; i < t->n_enumerators; i++) {
		g_string_append_c(text, '=');
		append_number(text, (guint64)t->enumerators[i].value);
	}
	if (t->class != NULL)
		append_class(text, facts, t->class, last);
	return hash(sha256, text);
}

static guint64 type_source(digest *sha256, GString *text, const struct facts_type *t)
{
	g_string_assign(text, t->name);
	if (t->hidden)
		return hash(sha256, text);
	for (guint i = 0; i < t->n_members; i++) {
		g_string_append_c(text, ';');
		g_string_append(text, t->members[i].type);
		g_string_append_c(text, ' ');
		g_string_append(text, t->members[i].name);
	}
	for (guint i = 0; i < t->n_enumerators; i++)
		g_string_append_printf(text, ";%s=%" G_GINT64_FORMAT, t->enumerators[i].name, t->enumerators[i].value);
	for (guint i = 0; t->class != NULL && i < t->class->n_bases; i++)
		g_string_append_printf(text, ":%s", t->class->bases[i].name);
	for (guint i = 0; t->class != NULL && i < t->class->n_virtuals; i++)
		g_string_append_printf(text, "@%s", t->class->virtuals[i].declaration);
	if (t->class != NULL && t->class->sealed)
		g_string_append_c(text, '!');
	return hash(sha256, text);
}

static void fingerprint_types(struct facts *facts, digest *sha256)
{
	g_autofree guint64 *last = g_new0(guint64, MAX(facts->n_types, 1));
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint round = 0; round < ROUNDS; round++) {
		for (guint i = 0; i < facts->n_types; i++)
			facts->types[i].layout = type_layout(sha256, text, facts, &facts->types[i], last);
		for (guint i = 0; i < facts->n_types; i++)
			last[i] = facts->types[i].layout;
	}
	for (guint i = 0; i < facts->n_types; i++)
		facts->types[i].source = type_source(sha256, text, &facts->types[i]);
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
	const guint64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Numbers as a set: in order, each once. */
static void append_set(GString *text, GArray *numbers)
{
	g_array_sort(numbers, compare_numbers);
	for (guint i = 0; i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		if (i > 0 && number == g_array_index(numbers, guint64, i - 1))
			continue;
		g_string_append_c(text, ',');
		append_number(text, number);
	}
	g_array_set_size(numbers, 0);
}

/* What is being hashed, and room to work in. */
struct work {
	struct facts *facts;
	components *components;
	guint64 *layouts, *sources; /* per component, once it is done */
	GString *text;
	GArray *numbers; /* guint64 */
	GArray *mentioned; /* guint */
	digest *sha256;
};

static guint64 component_number(struct work *w, guint component, gboolean source)
{
	const components *c = w->components;
	guint from = g_array_index(c->starts, guint, component), to = g_array_index(c->starts, guint, component + 1);

	g_string_truncate(w->text, 0);
	for (guint i = from; i < to; i++) {
		const struct facts_type *t = &w->facts->types[g_array_index(c->members, guint, i)];
		g_array_append_val(w->numbers, *(source ? &t->source : &t->layout));
	}
	append_set(w->text, w->numbers);
	g_string_append_c(w->text, '>');
	for (guint i = from; i < to; i++) {
		const GArray *edges = c->edges[g_array_index(c->members, guint, i)];
		for (guint e = 0; e < edges->len; e++) {
			guint other = c->of[g_array_index(edges, guint, e)];
			if (other != component)
				g_array_append_val(w->numbers, (source ? w->sources : w->layouts)[other]);
		}
	}
	append_set(w->text, w->numbers);
	return hash(w->sha256, w->text);
}

/* The components that a symbol's shape leads to. */
static void append_reached(struct work *w, const struct facts_symbol *s, const guint64 *numbers)
{
	g_array_set_size(w->mentioned, 0);
	reach_mentioned(w->mentioned, w->facts, s->shape);
	for (guint i = 0; i < w->mentioned->len; i++) {
		guint component = w->components->of[g_array_index(w->mentioned, guint, i)];
		g_array_append_val(w->numbers, numbers[component]);
	}
	append_set(w->text, w->numbers);
}

static void fingerprint_symbol(struct work *w, struct facts_symbol *s, const guint64 *type_layouts)
{
	g_string_assign(w->text, facts_symbol_kind_name(s->kind));
	if (s->kind == FACTS_OBJECT || s->kind == FACTS_TLS)
		g_string_append_printf(w->text, " %" G_GUINT64_FORMAT, s->size);
	if (s->convention != NULL)
		g_string_append_printf(w->text, " %s", s->convention);
	g_string_append_c(w->text, ' ');
	append_shape(w->text, w->facts, s->shape, type_layouts);
	append_reached(w, s, w->layouts);
	s->layout = hash(w->sha256, w->text);

	g_string_assign(w->text, s->declaration);
	append_reached(w, s, w->sources);
	s->source = hash(w->sha256, w->text);
}

static void fingerprint_symbols(struct work *w)
{
	g_autofree guint64 *type_layouts = g_new(guint64, w->facts->n_types);

	for (guint i = 0; i < w->facts->n_types; i++)
		type_layouts[i] = w->facts->types[i].layout;
	for (guint i = 0; i < w->components->n; i++) {
		w->layouts[i] = component_number(w, i, FALSE);
		w->sources[i] = component_number(w, i, TRUE);
	}
	for (guint i = 0; i < w->facts->n_exports; i++)
		if (w->facts->exports[i].declaration != NULL)
			fingerprint_symbol(w, &w->facts->exports[i], type_layouts);
}

void fingerprint_facts(struct facts *facts)
{
	g_autoptr(digest) sha256 = digest_new(DIGEST_SHA256);

	fingerprint_types(facts, sha256);
	g_auto(components) c = components_find(facts);
	g_autofree guint64 *layouts = g_new(guint64, c.n), *sources = g_new(guint64, c.n);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GArray) mentioned = g_array_new(FALSE, FALSE, sizeof(guint));
	struct work w = {facts, &c, layouts, sources, text, numbers, mentioned, sha256};

	fingerprint_symbols(&w);
}
