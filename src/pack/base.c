/* Bases in memory: see base.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base.h"
#include "core/version.h"

#include <string.h>

static void library_free(gpointer data)
{
	struct base_library *l = data;

	g_free(l->soname);
	g_ptr_array_unref(l->templates);
	g_hash_table_unref(l->nodes);
	g_hash_table_unref(l->symbols);
	g_free(l->shlibs);
	g_clear_pointer(&l->later, g_array_unref);
	g_clear_pointer(&l->text, g_ref_string_release);
	g_free(l);
}

void base_package_free(struct base_package *p)
{
	if (p == NULL)
		return;
	g_free(p->name);
	g_free(p->version);
	g_free(p->arch);
	g_free(p->multi_arch);
	for (gsize i = 0; i < G_N_ELEMENTS(p->relations); i++)
		g_free(p->relations[i]);
	g_free(p);
}

struct base *base_new(enum package_family family)
{
	struct base *b = g_new0(struct base, 1);

	b->family = family;
	b->libraries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, library_free);
	b->capabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	b->packages = g_ptr_array_new_with_free_func((GDestroyNotify)base_package_free);
	return b;
}

void base_free(struct base *b)
{
	if (b == NULL)
		return;
	g_free(b->name);
	g_free(b->arch);
	g_hash_table_unref(b->libraries);
	g_hash_table_unref(b->capabilities);
	g_ptr_array_unref(b->packages);
	g_free(b);
}

void base_take_over(struct base *b, struct base *from)
{
	GHashTableIter at;
	gpointer key, value;

	g_hash_table_iter_init(&at, from->libraries);
	while (g_hash_table_iter_next(&at, &key, &value)) {
		g_hash_table_iter_steal(&at);
		g_hash_table_replace(b->libraries, key, value);
	}
	g_hash_table_iter_init(&at, from->capabilities);
	while (g_hash_table_iter_next(&at, &key, NULL)) {
		g_hash_table_iter_steal(&at);
		g_hash_table_add(b->capabilities, key);
	}
	g_ptr_array_extend_and_steal(b->packages, g_steal_pointer(&from->packages));
	from->packages = g_ptr_array_new();
	if (b->name == NULL)
		b->name = g_steal_pointer(&from->name);
	if (b->arch == NULL)
		b->arch = g_steal_pointer(&from->arch);
}

/* libfoo-1.2.so as libfoo.so.1.2, or NULL; split as dpkg does, at the last `-` before a digit. Caller frees. */
static char *dotted(const char *soname)
{
	gsize length = strlen(soname);

	if (!g_str_has_suffix(soname, ".so"))
		return NULL;
	for (const char *p = soname + length - strlen(".so"); p > soname; p--)
		if (*p == '-' && g_ascii_isdigit(p[1]))
			return g_strdup_printf("%.*s.so.%.*s", (int)(p - soname), soname,
					       (int)(soname + length - strlen(".so") - p - 1), p + 1);
	return NULL;
}

struct base_library *base_find(const struct base *b, const char *soname)
{
	struct base_library *l = g_hash_table_lookup(b->libraries, soname);
	g_autofree char *other = l == NULL ? dotted(soname) : NULL;

	if (other == NULL)
		return l;
	l = g_hash_table_lookup(b->libraries, other);
	return l != NULL && l->templates->len == 0 ? l : NULL;
}

struct base_library *base_add_library(struct base *b, const char *soname)
{
	struct base_library *l = g_hash_table_lookup(b->libraries, soname);

	if (l != NULL)
		return l;
	l = g_new0(struct base_library, 1);
	l->soname = g_strdup(soname);
	l->templates = g_ptr_array_new_with_free_func(g_free);
	l->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	l->symbols = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(b->libraries, l->soname, l);
	return l;
}

void base_add_since(GHashTable *table, const char *key, const char *version, guint template)
{
	const struct base_since *known = g_hash_table_lookup(table, key);
	int order = known ? version_compare_deb(known->version, version) : 1;
	gsize size = strlen(version) + 1;

	if (order < 0 || (order == 0 && known->template <= template))
		return;
	struct base_since *s = g_malloc(sizeof *s + size);
	s->template = template;
	memcpy(s->version, version, size);
	g_hash_table_insert(table, g_strdup(key), s);
}

static void add_later(GHashTable *symbols, const struct base_later *later)
{
	g_auto(GStrv) names = g_strsplit(later->symbols, "\t", -1);

	for (char **name = names; *name != NULL; name++) {
		g_autofree char *key = g_strconcat(*name, "@", later->node, NULL);
		base_add_since(symbols, key, later->version, later->template);
	}
}

GHashTable *base_symbols(const struct base_library *l)
{
	gsize *read = &((struct base_library *)l)->read;

	if (l->later != NULL && g_once_init_enter(read)) {
		for (guint i = 0; i < l->later->len; i++)
			add_later(l->symbols, &g_array_index(l->later, struct base_later, i));
		g_once_init_leave(read, 1);
	}
	return l->symbols;
}

const struct base_since *base_since_when(const struct base_library *l, const char *symbol, const char *node)
{
	const char *of = node ? node : BASE_UNVERSIONED;
	g_autofree char *key = g_strconcat(symbol, "@", of, NULL);
	const struct base_since *s = g_hash_table_lookup(base_symbols(l), key);

	return s != NULL || l->complete ? s : g_hash_table_lookup(l->nodes, of);
}
