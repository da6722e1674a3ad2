/* Bases, their text form, and those that come with abide: see base.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base.h"
#include "core/version.h"
#include "bases.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "abide-base\t1"
#define RESOURCES "/abide/bases/"
#define SUFFIX ".base"

static const char *const family_words[] = {[PACKAGE_DEB] = "deb", [PACKAGE_RPM] = "rpm"};

static void since_free(gpointer data)
{
	struct base_since *s = data;

	g_free(s->version);
	g_free(s);
}

static void library_free(gpointer data)
{
	struct base_library *l = data;

	g_free(l->soname);
	g_ptr_array_unref(l->templates);
	g_hash_table_unref(l->nodes);
	g_hash_table_unref(l->symbols);
	g_free(l->shlibs);
	g_free(l);
}

struct base *base_new(enum package_family family)
{
	struct base *b = g_new0(struct base, 1);

	b->family = family;
	b->libraries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, library_free);
	b->capabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
	g_free(b);
}

struct base_library *base_find(const struct base *b, const char *soname)
{
	return g_hash_table_lookup(b->libraries, soname);
}

struct base_library *base_add_library(struct base *b, const char *soname)
{
	struct base_library *l = base_find(b, soname);

	if (l != NULL)
		return l;
	l = g_new0(struct base_library, 1);
	l->soname = g_strdup(soname);
	l->templates = g_ptr_array_new_with_free_func(g_free);
	l->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, since_free);
	l->symbols = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, since_free);
	g_hash_table_insert(b->libraries, l->soname, l);
	return l;
}

void base_add_since(GHashTable *table, const char *key, const char *version, guint template)
{
	const struct base_since *known = g_hash_table_lookup(table, key);
	struct base_since *s;
	int order = known ? version_compare_deb(known->version, version) : 1;

	if (order < 0 || (order == 0 && known->template <= template))
		return;
	s = g_new(struct base_since, 1);
	*s = (struct base_since){g_strdup(version), template};
	g_hash_table_insert(table, g_strdup(key), s);
}

const struct base_since *base_since_when(const struct base_library *l, const char *symbol, const char *node)
{
	g_autofree char *key = g_strconcat(symbol, "@", node ? node : BASE_UNVERSIONED, NULL);
	const struct base_since *s = g_hash_table_lookup(l->symbols, key);

	return s != NULL || l->complete ? s : g_hash_table_lookup(l->nodes, node ? node : BASE_UNVERSIONED);
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
	if (b->name == NULL)
		b->name = g_steal_pointer(&from->name);
	if (b->arch == NULL)
		b->arch = g_steal_pointer(&from->arch);
}

/* ---- writing ---- */

static GList *sorted_keys(GHashTable *table)
{
	return g_list_sort(g_hash_table_get_keys(table), (GCompareFunc)(void (*)(void))strcmp);
}

static gboolean same_since(const struct base_since *a, const struct base_since *b)
{
	return a->template == b->template && strcmp(a->version, b->version) == 0;
}

/* Nodes as the file has them: of each the lowest version, with the lowest template among those. */
static GHashTable *lowest_by_node(const struct base_library *l)
{
	GHashTable *nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, since_free);
	g_autoptr(GList) keys = sorted_keys(l->symbols), known = sorted_keys(l->nodes);

	for (GList *k = known; k != NULL; k = k->next) {
		const struct base_since *s = g_hash_table_lookup(l->nodes, k->data);
		base_add_since(nodes, k->data, s->version, s->template);
	}
	for (GList *k = keys; k != NULL; k = k->next) {
		const struct base_since *s = g_hash_table_lookup(l->symbols, k->data);
		base_add_since(nodes, strrchr(k->data, '@') + 1, s->version, s->template);
	}
	return nodes;
}

/* The symbols of one node that came later than it, those of one version in one line. */
static void append_later(GString *out, const struct base_library *l, const char *node, const struct base_since *lowest)
{
	g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GList) keys = sorted_keys(l->symbols);

	for (GList *k = keys; k != NULL; k = k->next) {
		const char *at = strrchr(k->data, '@');
		const struct base_since *s = g_hash_table_lookup(l->symbols, k->data);
		if (strcmp(at + 1, node) != 0 || same_since(s, lowest))
			continue;
		g_autofree char *begin = g_strdup_printf("since\t%s\t%u", s->version, s->template);
		const char *before = g_hash_table_lookup(lines, begin);
		char *line = g_strdup_printf("%s\t%.*s", before ? before : "", (int)(at - (char *)k->data), (char *)k->data);
		g_hash_table_insert(lines, g_steal_pointer(&begin), line);
	}
	g_autoptr(GList) begins = sorted_keys(lines);
	for (GList *b = begins; b != NULL; b = b->next)
		g_string_append_printf(out, "%s%s\n", (char *)b->data, (char *)g_hash_table_lookup(lines, b->data));
}

static void append_library(GString *out, const struct base_library *l)
{
	g_autoptr(GHashTable) nodes = lowest_by_node(l);
	g_autoptr(GList) names = sorted_keys(nodes);

	g_string_append_printf(out, "library\t%s\n", l->soname);
	if (l->templates->len == 0 && l->shlibs != NULL)
		g_string_append_printf(out, "shlibs\t%s\n", l->shlibs);
	for (guint i = 0; i < l->templates->len; i++)
		g_string_append_printf(out, "depends\t%s\n", (char *)l->templates->pdata[i]);
	for (GList *n = names; n != NULL; n = n->next) {
		const struct base_since *s = g_hash_table_lookup(nodes, n->data);
		g_string_append_printf(out, "node\t%s\t%s\t%u\n", (char *)n->data, s->version, s->template);
		append_later(out, l, n->data, s);
	}
}

char *base_text(const struct base *b)
{
	GString *out = g_string_new(MAGIC "\n");
	g_autoptr(GList) sonames = sorted_keys(b->libraries), capabilities = sorted_keys(b->capabilities);

	g_string_append_printf(out, "family\t%s\n", family_words[b->family]);
	if (b->name != NULL)
		g_string_append_printf(out, "name\t%s\n", b->name);
	if (b->arch != NULL)
		g_string_append_printf(out, "arch\t%s\n", b->arch);
	for (GList *s = sonames; s != NULL; s = s->next)
		append_library(out, base_find(b, s->data));
	for (GList *c = capabilities; c != NULL; c = c->next)
		g_string_append_printf(out, "provides\t%s\n", (char *)c->data);
	return g_string_free(out, FALSE);
}

/* ---- reading ---- */

struct reading {
	struct base *base;
	const char *name;
	guint line;
	char **fields;
	guint n_fields;
	struct base_library *library; /* the last one */
	const char *node;             /* its last node */
	GError **error;
};

static gboolean bad(struct reading *r, const char *what)
{
	g_set_error(r->error, PACK_ERROR, PACK_ERROR_INPUT, "%s:%u: %s; write the base again with abide base capture",
		    r->name, r->line, what);
	return FALSE;
}

static gboolean read_family(struct reading *r)
{
	return strcmp(r->fields[1], family_words[r->base->family]) == 0 || bad(r, "a base of another family");
}

static gboolean read_name(struct reading *r)
{
	if (r->base->name == NULL)
		r->base->name = g_strdup(r->fields[1]);
	return TRUE;
}

static gboolean read_arch(struct reading *r)
{
	if (r->base->arch == NULL)
		r->base->arch = g_strdup(r->fields[1]);
	return strcmp(r->base->arch, r->fields[1]) == 0 || bad(r, "a base of another architecture");
}

static gboolean read_library(struct reading *r)
{
	r->library = base_add_library(r->base, r->fields[1]);
	r->node = NULL;
	return (r->library->templates->len == 0 && r->library->shlibs == NULL) || bad(r, "this soname is there already");
}

static gboolean read_depends(struct reading *r)
{
	g_ptr_array_add(r->library->templates, g_strdup(r->fields[1]));
	return TRUE;
}

static gboolean read_shlibs(struct reading *r)
{
	g_free(r->library->shlibs);
	r->library->shlibs = g_strdup(r->fields[1]);
	return TRUE;
}

static gboolean template_at(struct reading *r, guint i, guint *template)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(r->fields[i], 10, 0, G_MAXUINT, &value, NULL) ||
	    value >= r->library->templates->len)
		return bad(r, "no such dependency");
	*template = (guint)value;
	return TRUE;
}

static gboolean read_node(struct reading *r)
{
	guint template;

	if (!template_at(r, 3, &template))
		return FALSE;
	r->node = r->fields[1];
	base_add_since(r->library->nodes, r->fields[1], r->fields[2], template);
	return TRUE;
}

static gboolean read_since(struct reading *r)
{
	guint template;

	if (r->node == NULL || !template_at(r, 2, &template))
		return r->node == NULL ? bad(r, "a symbol before any node") : FALSE;
	for (guint i = 3; i < r->n_fields; i++) {
		g_autofree char *key = g_strconcat(r->fields[i], "@", r->node, NULL);
		base_add_since(r->library->symbols, key, r->fields[1], template);
	}
	return TRUE;
}

static gboolean read_provides(struct reading *r)
{
	g_hash_table_add(r->base->capabilities, g_strdup(r->fields[1]));
	return TRUE;
}

static gboolean read_line(struct reading *r)
{
	static const struct {
		const char *keyword;
		guint least, most;
		gboolean in_library;
		gboolean (*read)(struct reading *r);
	} rows[] = {
		{"family", 2, 2, FALSE, read_family}, {"name", 2, 2, FALSE, read_name},
		{"arch", 2, 2, FALSE, read_arch},     {"library", 2, 2, FALSE, read_library},
		{"depends", 2, 2, TRUE, read_depends}, {"shlibs", 2, 2, TRUE, read_shlibs},
		{"node", 4, 4, TRUE, read_node},      {"since", 4, G_MAXUINT, TRUE, read_since},
		{"provides", 2, 2, FALSE, read_provides},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(r->fields[0], rows[i].keyword) == 0)
			return (r->n_fields >= rows[i].least && r->n_fields <= rows[i].most &&
				(!rows[i].in_library || r->library != NULL)) ? rows[i].read(r) : bad(r, "fields are missing");
	return bad(r, "not a line of a base");
}

static gboolean is_base(const char *text, gsize size)
{
	return size > strlen(MAGIC) && memcmp(text, MAGIC "\n", strlen(MAGIC) + 1) == 0;
}

gboolean base_parse(struct base *b, const char *name, GBytes *bytes, GError **error)
{
	gsize size = 0;
	const char *data = g_bytes_get_data(bytes, &size);
	struct reading r = {.base = b, .name = name, .line = 1, .error = error};

	if (data == NULL || !is_base(data, size) || memchr(data, '\0', size) != NULL || data[size - 1] != '\n')
		return bad(&r, "not a base, or a part of one");
	g_autofree char *text = g_strndup(data, size - 1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_auto(GStrv) of_node = NULL; /* the fields of the line that r.node is in */
	for (guint i = 1; lines[i] != NULL; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
		r.line = i + 1;
		r.fields = fields;
		r.n_fields = g_strv_length(fields);
		if (r.n_fields == 0 || !read_line(&r))
			return r.n_fields == 0 ? bad(&r, "an empty line") : FALSE;
		if (strcmp(fields[0], "node") == 0) {
			g_strfreev(of_node);
			of_node = g_steal_pointer(&fields);
		}
	}
	return TRUE;
}

gboolean base_family_of(const char *name, GBytes *bytes, enum package_family *family, GError **error)
{
	gsize size = 0;
	const char *data = g_bytes_get_data(bytes, &size);

	for (int i = 0; data != NULL && is_base(data, size) && i < PACKAGE_FAMILIES; i++) {
		g_autofree char *line = g_strconcat(MAGIC "\nfamily\t", family_words[i], "\n", NULL);
		if (size >= strlen(line) && memcmp(data, line, strlen(line)) == 0) {
			*family = (enum package_family)i;
			return TRUE;
		}
	}
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
		    "%s: not a base; abide base capture writes one, and abide base list names those that abide has", name);
	return FALSE;
}

/* ---- those that come with abide ---- */

static GResource *shipped(void)
{
	static gsize once = 0;

	if (g_once_init_enter(&once)) {
		bases_register_resource();
		g_once_init_leave(&once, 1);
	}
	return bases_get_resource();
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **base_names(void)
{
	g_auto(GStrv) files = g_resource_enumerate_children(shipped(), RESOURCES,
							    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	for (char **f = files; f != NULL && *f != NULL; f++) {
		g_autofree char *name = g_strndup(*f, strlen(*f) - strlen(SUFFIX));
		g_strv_builder_add(names, name);
	}
	char **sorted = g_strv_builder_end(names);
	qsort(sorted, g_strv_length(sorted), sizeof *sorted, compare_names);
	return sorted;
}

GBytes *base_shipped(const char *name, const char *arch)
{
	g_autofree char *exact = g_strconcat(RESOURCES, name, SUFFIX, NULL);
	g_autofree char *of_arch = g_strconcat(RESOURCES, name, "-", arch, SUFFIX, NULL);
	GResource *all = shipped();
	GBytes *text = g_resource_lookup_data(all, exact, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	return text ? text : g_resource_lookup_data(all, of_arch, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}
