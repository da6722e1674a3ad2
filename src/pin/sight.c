/* What one program can see of a library: see sight.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/sight.h"
#include "core/digest.h"
#include "inspect/reach.h"
#include "judge/copies.h"
#include "judge/rules.h"

#include <string.h>

struct sight {
	const struct facts *program, *older;
	const char *soname;
	GPtrArray *names;     /* const char *: what it may import from the library, sorted, each once */
	guint8 *older_types;  /* of OLDER: which types the program meets, or may; NULL without one */
};

/* ---- types that are met ---- */

/* Marks all types that those in PENDING lead to. */
static void mark_reached(const struct facts *library, GArray *pending, guint8 *reached)
{
	while (pending->len > 0) {
		guint at = g_array_index(pending, guint, pending->len - 1);
		g_array_set_size(pending, pending->len - 1);
		if (reached[at])
			continue;
		reached[at] = 1;
		reach_edges(pending, library, at);
	}
}

guint8 *sight_unreached(const struct facts *library)
{
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));
	guint8 *types = g_malloc0(MAX(library->n_types, 1));

	for (guint i = 0; i < library->n_exports; i++)
		if (library->exports[i].shape != NULL)
			reach_mentioned(pending, library, library->exports[i].shape);
	mark_reached(library, pending, types);
	for (guint i = 0; i < library->n_types; i++)
		types[i] = !types[i];
	return types;
}

static guint8 *types_met(const struct facts *library, const GPtrArray *names, const guint8 *unreached)
{
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));
	guint8 *types = g_malloc0(MAX(library->n_types, 1));

	for (guint n = 0; n < names->len; n++)
		for (guint i = facts_first_export(library, names->pdata[n]);
		     i < library->n_exports && strcmp(library->exports[i].name, names->pdata[n]) == 0; i++)
			if (library->exports[i].shape != NULL)
				reach_mentioned(pending, library, library->exports[i].shape);
	mark_reached(library, pending, types);
	for (guint i = 0; i < library->n_types; i++)
		types[i] |= unreached[i];
	return types;
}

/* ---- the program's side ---- */

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* More than it imports from this library does no harm; a variable of its own may be a copy of the library's. */
static GPtrArray *names_of(const struct facts *program, const char *soname)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < program->n_imports; i++)
		if (program->imports[i].library == NULL || strcmp(program->imports[i].library, soname) == 0)
			g_ptr_array_add(all, (gpointer)program->imports[i].name);
	for (guint i = 0; i < program->n_exports; i++)
		if (program->exports[i].kind == FACTS_OBJECT)
			g_ptr_array_add(all, (gpointer)program->exports[i].name);
	g_ptr_array_sort(all, compare_names);
	for (guint i = 0; i < all->len; i++)
		if (i == 0 || strcmp(all->pdata[i - 1], all->pdata[i]) != 0)
			g_ptr_array_add(names, all->pdata[i]);
	return names;
}

sight *sight_new(const struct facts *program, const char *soname, const struct facts *older)
{
	sight *s = g_new0(sight, 1);
	g_autofree guint8 *unreached = older ? sight_unreached(older) : NULL;

	s->program = program;
	s->older = older;
	s->soname = soname;
	s->names = names_of(program, soname);
	s->older_types = older ? types_met(older, s->names, unreached) : NULL;
	return s;
}

void sight_free(sight *s)
{
	if (s == NULL)
		return;
	g_ptr_array_unref(s->names);
	g_free(s->older_types);
	g_free(s);
}

/* ---- the digest ---- */

static void add_number(digest *d, guint64 n)
{
	digest_update(d, &n, sizeof n);
}

static void add_text(digest *d, const char *text)
{
	add_number(d, text ? strlen(text) : G_MAXUINT64);
	digest_update(d, text, text ? strlen(text) : 0);
}

/* What is asked of the library as a whole. */
static void add_library(digest *d, const sight *s, const struct facts *l)
{
	const guint64 numbers[] = {l->kind, l->bits, l->big_endian, l->machine, l->gnu_hash, l->sysv_hash, l->n_nodes > 0,
				   l->evidence, l->is_snapshot, l->headers_known};

	digest_update(d, numbers, sizeof numbers);
	add_text(d, l->soname);
	add_text(d, l->runpath);
	add_text(d, l->debug_missing);
	for (const char **name = l->needed; name != NULL && *name != NULL; name++)
		add_text(d, *name);
	add_text(d, NULL);
	for (guint i = 0; i < s->program->n_needs; i++)
		if (strcmp(s->program->needs[i].library, s->soname) == 0)
			add_number(d, rules_has_node(l, s->program->needs[i].node));
	for (guint i = 0; i < l->n_properties; i++) {
		add_number(d, l->properties[i].kind);
		add_text(d, l->properties[i].name);
		add_text(d, l->properties[i].value);
	}
	add_text(d, NULL);
	for (guint i = 0; i < l->n_marks; i++) {
		add_number(d, l->marks[i].kind);
		add_text(d, l->marks[i].type);
		add_text(d, l->marks[i].name);
	}
}

/* The size of a function is its code's; the address of anything is nobody's business. */
static void add_export(digest *d, const struct facts_symbol *e)
{
	const guint64 numbers[] = {e->kind, e->weak, e->is_default, e->is_inline, e->layout, e->source, e->code,
				   e->kind == FACTS_OBJECT || e->kind == FACTS_TLS ? e->size : 0};

	digest_update(d, numbers, sizeof numbers);
	add_text(d, e->node);
	add_text(d, e->convention);
	add_text(d, e->shape);
}

static void add_exports(digest *d, const sight *s, const struct facts *l)
{
	for (guint n = 0; n < s->names->len; n++) {
		const char *name = s->names->pdata[n];
		add_number(d, n);
		for (guint i = facts_first_export(l, name); i < l->n_exports && strcmp(l->exports[i].name, name) == 0; i++)
			add_export(d, &l->exports[i]);
	}
}

static void add_type(digest *d, const struct facts_type *t)
{
	const guint64 numbers[] = {t->size, t->alignment, t->n_members, t->n_enumerators, t->layout, t->source,
				   t->withdrawn, t->opaque, t->library_allocated, t->hidden};

	digest_update(d, numbers, sizeof numbers);
	add_text(d, t->name);
}

/* A constant that is no longer where it was may be elsewhere in the headers. */
static void add_constants(digest *d, const struct facts_type *older, const struct facts *l)
{
	for (guint i = 0; i < older->n_enumerators; i++) {
		gint64 value = 0;
		add_number(d, copies_constant(l, older->enumerators[i].name, &value));
		add_number(d, (guint64)value);
	}
}

static void add_types(digest *d, const sight *s, const struct facts *l, const guint8 *unreached)
{
	g_autofree guint8 *met = types_met(l, s->names, unreached);

	for (guint i = 0; i < l->n_types; i++)
		if (met[i])
			add_type(d, &l->types[i]);
	for (guint i = 0; s->older != NULL && i < s->older->n_types; i++) {
		const struct facts_type *was = &s->older->types[i], *is;
		if (!s->older_types[i])
			continue;
		if ((is = rules_find_type(l, was->name)) != NULL)
			add_type(d, is);
		if (is == NULL || is->source != was->source)
			add_constants(d, was, l);
	}
}

char *sight_of(const sight *s, const struct facts *newer, const guint8 *unreached)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	add_library(d, s, newer);
	add_exports(d, s, newer);
	add_types(d, s, newer, unreached);
	return digest_hex(d);
}
