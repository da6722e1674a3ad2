/* Dependencies from ELF files: see depends.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/depends.h"
#include "core/version.h"

#include <string.h>

#define MINIMUM "#MINVER#"

struct depends {
	const struct base *made, *base;
	GHashTable *versions; /* a clause of a template -> char *, the lowest version that will do; "" for any */
};

struct depends *depends_new(const struct base *made, const struct base *base)
{
	struct depends *d = g_new0(struct depends, 1);

	d->made = made;
	d->base = base;
	d->versions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return d;
}

void depends_free(struct depends *d)
{
	if (d == NULL)
		return;
	g_hash_table_unref(d->versions);
	g_free(d);
}

/* What is made now goes before what is there already. */
static const struct base_library *find(const struct depends *d, const char *soname)
{
	const struct base_library *l = d->made ? base_find(d->made, soname) : NULL;

	return l ? l : base_find(d->base, soname);
}

static void need_clause(struct depends *d, const char *clause, const char *version)
{
	const char *known = g_hash_table_lookup(d->versions, clause);

	if (known == NULL || (*version != '\0' && (*known == '\0' || version_compare_deb(known, version) < 0)))
		g_hash_table_insert(d->versions, g_strdup(clause), g_strdup(version));
}

/* Clauses are counted each for itself, as dpkg-shlibdeps does; and with it, version 0 is any. */
static void need(struct depends *d, const char *template, const char *version)
{
	g_auto(GStrv) clauses = g_strsplit(template, ",", -1);

	for (char **c = clauses; *c != NULL; c++)
		if (*g_strstrip(*c) != '\0')
			need_clause(d, *c, strcmp(version, "0") == 0 ? "" : version);
}

static gboolean refuse(const struct depends *d, GError **error, const char *path, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_DEPENDS,
		    "%s: needs %s, which no package of %s has; name a base or the package that has it with --base, or state "
		    "all dependencies in the manifest and pack with --base none",
		    path, what, d->base->name ? d->base->name : "the bases named");
	return FALSE;
}

static const char *lowest_of(GHashTable *table, const char *lowest)
{
	GHashTableIter at;
	gpointer value;

	g_hash_table_iter_init(&at, table);
	while (g_hash_table_iter_next(&at, NULL, &value)) {
		const struct base_since *s = value;
		if (s->template == 0 && (lowest == NULL || version_compare_deb(s->version, lowest) < 0))
			lowest = s->version;
	}
	return lowest;
}

/* A library is needed even if none of its symbols is: the loader looks for it, and any version of it will do. */
static gboolean need_library(struct depends *d, const struct facts *f, const char *soname, GError **error)
{
	const struct base_library *l = find(d, soname);

	if (l == NULL)
		return refuse(d, error, f->path, soname);
	if (l->templates->len == 0) {
		need(d, l->shlibs ? l->shlibs : "", "");
		return TRUE;
	}
	const char *lowest = lowest_of(l->nodes, lowest_of(base_symbols(l), NULL));
	gboolean empty = g_hash_table_size(l->nodes) + g_hash_table_size(base_symbols(l)) == 0;
	if (lowest != NULL || empty)
		need(d, l->templates->pdata[0], lowest ? lowest : "");
	return TRUE;
}

/* A symbol whose version node says which library it is from. */
static gboolean need_versioned(struct depends *d, const struct facts *f, const struct facts_symbol *s, GError **error)
{
	const struct base_library *l = find(d, s->library);
	const struct base_since *since = l ? base_since_when(l, s->name, s->node) : NULL;

	if (since != NULL)
		need(d, l->templates->pdata[since->template], since->version);
	if (since != NULL || s->weak || l == NULL || l->templates->len == 0)
		return TRUE;
	g_autofree char *what = g_strdup_printf("%s@%s of %s", s->name, s->node, s->library);
	return refuse(d, error, f->path, what);
}

/*
 * One without a version may be from any library; the loader takes the first that has it. What no library names is as old
 * as its library.
 */
static void need_unversioned(struct depends *d, const struct facts *f, const struct facts_symbol *s)
{
	g_autofree char *key = g_strconcat(s->name, "@" BASE_UNVERSIONED, NULL);

	for (const char **needed = f->needed; needed != NULL && *needed != NULL; needed++) {
		const struct base_library *l = find(d, *needed);
		const struct base_since *since = l ? g_hash_table_lookup(base_symbols(l), key) : NULL;
		if (since == NULL)
			continue;
		need(d, l->templates->pdata[since->template], since->version);
		return;
	}
}

gboolean depends_add(struct depends *d, const struct facts *f, const char *const *own, GError **error)
{
	for (const char **needed = f->needed; needed != NULL && *needed != NULL; needed++)
		if (!g_strv_contains(own, *needed) && !need_library(d, f, *needed, error))
			return FALSE;
	for (guint i = 0; i < f->n_imports; i++) {
		const struct facts_symbol *s = &f->imports[i];
		if (s->library == NULL)
			need_unversioned(d, f, s);
		else if (!g_strv_contains(own, s->library) && !need_versioned(d, f, s, error))
			return FALSE;
	}
	return TRUE;
}

static char *fill_in(const char *clause, const char *version)
{
	const char *hole = strstr(clause, MINIMUM);

	if (hole == NULL)
		return g_strdup(clause);
	g_autofree char *minimum = *version ? g_strdup_printf("(>= %s)", version) : g_strdup("");
	g_autofree char *filled = g_strdup_printf("%.*s%s%s", (int)(hole - clause), clause, minimum, hole + strlen(MINIMUM));
	return g_strdup(g_strstrip(filled));
}

static int compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *depends_list(const struct depends *d)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter at;
	gpointer clause, version;

	g_hash_table_iter_init(&at, d->versions);
	while (g_hash_table_iter_next(&at, &clause, &version))
		g_ptr_array_add(list, fill_in(clause, version));
	g_ptr_array_sort(list, compare);
	return list;
}
