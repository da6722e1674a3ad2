/* The text form of bases: see base_text.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_text.h"
#include "core/text.h"
#include "bases.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "abide-base\t1\n"
#define RESOURCES "/abide/bases/"
#define SUFFIX ".base"

static const char *const family_words[] = {[PACKAGE_DEB] = "deb", [PACKAGE_RPM] = "rpm"};
static const char *const relation_words[BASE_RELATIONS] = {
	[BASE_PROVIDES] = "package-provides",
	[BASE_DEPENDS] = "package-depends",
	[BASE_CONFLICTS] = "package-conflicts",
	[BASE_OBSOLETES] = "package-obsoletes",
};

/* ---- writing ---- */

/* One symbol of a library, taken apart. */
struct entry {
	const char *key;  /* "name@node" */
	const char *node; /* in `key` */
	const struct base_since *since;
};

static int compare_entries(gconstpointer a, gconstpointer b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->node, y->node);

	if (order == 0)
		order = strcmp(x->since->version, y->since->version);
	if (order == 0)
		order = (x->since->template > y->since->template) - (x->since->template < y->since->template);
	return order != 0 ? order : strcmp(x->key, y->key);
}

static GArray *sorted_entries(GHashTable *symbols)
{
	GArray *entries = g_array_sized_new(FALSE, FALSE, sizeof(struct entry), g_hash_table_size(symbols));
	GHashTableIter at;
	gpointer key, since;

	g_hash_table_iter_init(&at, symbols);
	while (g_hash_table_iter_next(&at, &key, &since)) {
		struct entry e = {key, strrchr(key, '@') + 1, since};
		g_array_append_val(entries, e);
	}
	g_array_sort(entries, compare_entries);
	return entries;
}

static GList *sorted_keys(GHashTable *table)
{
	return g_list_sort(g_hash_table_get_keys(table), (GCompareFunc)(void (*)(void))strcmp);
}

/* Nodes as the file has them: of each the lowest version, with the lowest template among those. */
static GHashTable *lowest_by_node(const struct base_library *l, const GArray *entries)
{
	GHashTable *nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GHashTableIter at;
	gpointer node, since;

	g_hash_table_iter_init(&at, l->nodes);
	while (g_hash_table_iter_next(&at, &node, &since))
		base_add_since(nodes, node, ((struct base_since *)since)->version, ((struct base_since *)since)->template);
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		base_add_since(nodes, e->node, e->since->version, e->since->template);
	}
	return nodes;
}

static gboolean same_since(const struct base_since *a, const struct base_since *b)
{
	return a->template == b->template && strcmp(a->version, b->version) == 0;
}

/*
 * The symbols of a node, which begin at entry I, that came later than its oldest; those of one version in one line. ALL:
 * the oldest, too. Returns the index after them.
 */
static guint append_symbols(GString *out, const GArray *entries, guint i, const char *node,
			    const struct base_since *lowest, gboolean all)
{
	const struct base_since *line = NULL;

	for (; i < entries->len; i++) {
		const struct entry *e = &g_array_index(entries, struct entry, i);
		if (strcmp(e->node, node) != 0)
			break;
		if (!all && same_since(e->since, lowest))
			continue;
		if (line == NULL || !same_since(e->since, line))
			g_string_append_printf(out, "%ssince\t%s\t%u", line ? "\n" : "", e->since->version, e->since->template);
		line = e->since;
		g_string_append_printf(out, "\t%.*s", (int)(e->node - 1 - e->key), e->key);
	}
	if (line != NULL)
		g_string_append_c(out, '\n');
	return i;
}

static void append_library(GString *out, const struct base_library *l)
{
	g_autoptr(GArray) entries = sorted_entries(base_symbols(l));
	g_autoptr(GHashTable) nodes = lowest_by_node(l, entries);
	g_autoptr(GList) names = sorted_keys(nodes);
	guint at = 0;

	g_string_append_printf(out, "library\t%s\n", l->soname);
	if (l->templates->len == 0 && l->shlibs != NULL)
		g_string_append_printf(out, "shlibs\t%s\n", l->shlibs);
	for (guint i = 0; i < l->templates->len; i++)
		g_string_append_printf(out, "depends\t%s\n", (char *)l->templates->pdata[i]);
	for (GList *n = names; n != NULL; n = n->next) {
		const struct base_since *lowest = g_hash_table_lookup(nodes, n->data);
		/* An import without a version names no library: beside other nodes, only a name tells where it is from. */
		gboolean all = g_str_equal(n->data, BASE_UNVERSIONED) && names->next != NULL;
		g_string_append_printf(out, "node\t%s\t%s\t%u\n", (char *)n->data, lowest->version, lowest->template);
		at = append_symbols(out, entries, at, n->data, lowest, all);
	}
}

static int compare_packages(gconstpointer a, gconstpointer b)
{
	const struct base_package *x = *(struct base_package *const *)a, *y = *(struct base_package *const *)b;
	int order = strcmp(x->name, y->name);

	if (order == 0)
		order = strcmp(x->arch, y->arch);
	return order != 0 ? order : strcmp(x->version, y->version);
}

static void append_package(GString *out, const struct base_package *p)
{
	g_string_append_printf(out, "%s\t%s\t%s\t%s", p->available ? "available" : "package", p->name, p->version, p->arch);
	if (p->multi_arch != NULL)
		g_string_append_printf(out, "\t%s", p->multi_arch);
	g_string_append_c(out, '\n');
	for (gsize i = 0; i < BASE_RELATIONS; i++)
		if (p->relations[i] != NULL)
			g_string_append_printf(out, "%s\t%s\n", relation_words[i], p->relations[i]);
}

char *base_text(const struct base *b)
{
	GString *out = g_string_new(MAGIC);
	g_autoptr(GList) sonames = sorted_keys(b->libraries), capabilities = sorted_keys(b->capabilities);

	g_string_append_printf(out, "family\t%s\n", family_words[b->family]);
	if (b->name != NULL)
		g_string_append_printf(out, "name\t%s\n", b->name);
	if (b->arch != NULL)
		g_string_append_printf(out, "arch\t%s\n", b->arch);
	for (GList *s = sonames; s != NULL; s = s->next)
		append_library(out, g_hash_table_lookup(b->libraries, s->data));
	for (GList *c = capabilities; c != NULL; c = c->next)
		g_string_append_printf(out, "provides\t%s\n", (char *)c->data);
	g_ptr_array_sort(b->packages, compare_packages);
	for (guint i = 0; i < b->packages->len; i++)
		append_package(out, b->packages->pdata[i]);
	return g_string_free(out, FALSE);
}

/* ---- reading ---- */

struct reading {
	struct base *base;
	GRefString *text; /* all of it, cut up */
	const char *name;
	guint line;
	char *rest;                   /* the fields of the line that are still to be taken; NULL: none */
	struct base_library *library; /* the last one */
	const char *node;             /* its last node */
	struct base_package *package; /* the last one */
	GError **error;
};

static gboolean bad(const struct reading *r, const char *what)
{
	g_set_error(r->error, PACK_ERROR, PACK_ERROR_INPUT, "%s:%u: %s; write the base again with abide base capture",
		    r->name, r->line, what);
	return FALSE;
}

/* Cuts a piece off, up to a delimiter; NULL when nothing is left. */
static char *cut(char **rest, char delimiter)
{
	char *piece = *rest, *end = piece ? strchr(piece, delimiter) : NULL;

	if (end != NULL)
		*end++ = '\0';
	*rest = end;
	return piece;
}

static const char *field_or_empty(struct reading *r)
{
	const char *text = cut(&r->rest, '\t');

	if (text != NULL && text_is_plain(text))
		return text;
	bad(r, text ? "a control character" : "a field is missing");
	return NULL;
}

/* The next field; NULL, with the error set, when there is none, or an empty one. */
static const char *field(struct reading *r)
{
	const char *text = field_or_empty(r);

	if (text == NULL || *text != '\0')
		return text;
	bad(r, "an empty field");
	return NULL;
}

static gboolean read_name(struct reading *r)
{
	const char *name = field(r);

	g_free(r->base->name);
	r->base->name = g_strdup(name);
	return name != NULL;
}

static gboolean read_arch(struct reading *r)
{
	const char *arch = field(r);

	g_free(r->base->arch);
	r->base->arch = g_strdup(arch);
	return arch != NULL;
}

static gboolean read_library(struct reading *r)
{
	const char *soname = field(r);

	if (soname == NULL)
		return FALSE;
	if (g_hash_table_contains(r->base->libraries, soname))
		return bad(r, "this soname is there already");
	r->library = base_add_library(r->base, soname);
	r->node = NULL;
	return TRUE;
}

static gboolean read_depends(struct reading *r)
{
	const char *template = field(r);

	if (template != NULL)
		g_ptr_array_add(r->library->templates, g_strdup(template));
	return template != NULL;
}

/* May be empty: a library that is always there. */
static gboolean read_shlibs(struct reading *r)
{
	const char *depends = field_or_empty(r);

	g_free(r->library->shlibs);
	r->library->shlibs = g_strdup(depends);
	return depends != NULL;
}

static gboolean read_template(struct reading *r, guint *template)
{
	const char *text = field(r);
	guint64 value;

	if (text == NULL)
		return FALSE;
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &value, NULL) || value >= r->library->templates->len)
		return bad(r, "the library has no such dependency");
	*template = (guint)value;
	return TRUE;
}

static gboolean read_node(struct reading *r)
{
	const char *node = field(r), *version = node ? field(r) : NULL;
	guint template;

	if (version == NULL || !read_template(r, &template))
		return FALSE;
	if (strchr(node, '@') != NULL) /* stands between name and node where both are one text */
		return bad(r, "not the name of a version node");
	r->node = node;
	base_add_since(r->library->nodes, node, version, template);
	return TRUE;
}

/* What is left of the line is names of symbols: looked at, and kept for base_symbols. */
static gboolean read_symbols(struct reading *r, const char *version, guint template)
{
	struct base_later later = {r->node, version, r->rest, template};

	if (later.symbols == NULL)
		return bad(r, "a field is missing");
	for (const char *p = r->rest; *p != '\0'; p++)
		if (*p == '\t' ? p == r->rest || p[1] == '\t' || p[1] == '\0' : g_ascii_iscntrl(*p))
			return bad(r, "not the name of a symbol");
	if (*r->rest == '\0')
		return bad(r, "an empty field");
	r->rest = NULL;
	if (r->library->later == NULL) {
		r->library->later = g_array_new(FALSE, FALSE, sizeof later);
		r->library->text = g_ref_string_acquire(r->text);
	}
	g_array_append_val(r->library->later, later);
	return TRUE;
}

static gboolean read_since(struct reading *r)
{
	const char *version = field(r);
	guint template;

	if (version == NULL || !read_template(r, &template))
		return FALSE;
	return r->node != NULL ? read_symbols(r, version, template) : bad(r, "a symbol before any node");
}

static gboolean read_provides(struct reading *r)
{
	const char *capability = field(r);

	if (capability != NULL)
		g_hash_table_add(r->base->capabilities, g_strdup(capability));
	return capability != NULL;
}

static gboolean read_any_package(struct reading *r, gboolean available)
{
	const char *name = field(r), *version = name ? field(r) : NULL, *arch = version ? field(r) : NULL;
	gboolean more = r->rest != NULL;
	const char *multi_arch = arch && more ? field(r) : NULL;

	if (arch == NULL || (more && multi_arch == NULL))
		return FALSE;
	r->package = g_new0(struct base_package, 1);
	*r->package = (struct base_package){.available = available,
					    .name = g_strdup(name),
					    .version = g_strdup(version),
					    .arch = g_strdup(arch),
					    .multi_arch = g_strdup(multi_arch)};
	g_ptr_array_add(r->base->packages, r->package);
	return TRUE;
}

static gboolean read_package(struct reading *r)
{
	return read_any_package(r, FALSE);
}

static gboolean read_available(struct reading *r)
{
	return read_any_package(r, TRUE);
}

/* What is left of the line is relations. */
static gboolean read_relations(struct reading *r, enum base_relation kind)
{
	if (r->package == NULL)
		return bad(r, "before any package");
	if (r->rest == NULL || *r->rest == '\0')
		return bad(r, "a field is missing");
	for (const char *p = r->rest; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) && *p != '\t')
			return bad(r, "a control character");
	g_free(r->package->relations[kind]);
	r->package->relations[kind] = g_strdup(r->rest);
	r->rest = NULL;
	return TRUE;
}

static gboolean read_line(struct reading *r)
{
	static const struct {
		const char *keyword;
		gboolean in_library;
		gboolean (*read)(struct reading *r);
	} rows[] = {
		{"name", FALSE, read_name},    {"arch", FALSE, read_arch},     {"library", FALSE, read_library},
		{"depends", TRUE, read_depends}, {"shlibs", TRUE, read_shlibs}, {"node", TRUE, read_node},
		{"since", TRUE, read_since},   {"provides", FALSE, read_provides},
		{"package", FALSE, read_package}, {"available", FALSE, read_available},
	};
	const char *keyword = cut(&r->rest, '\t');

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (strcmp(keyword, rows[i].keyword) != 0)
			continue;
		if (rows[i].in_library && r->library == NULL)
			return bad(r, "before any library");
		return rows[i].read(r) && (r->rest == NULL || bad(r, "more fields than belong there"));
	}
	for (gsize i = 0; i < BASE_RELATIONS; i++)
		if (strcmp(keyword, relation_words[i]) == 0)
			return read_relations(r, (enum base_relation)i);
	return bad(r, "not a line of a base");
}

/* TEXT without the first two lines, which say that it is a base, and of which family; NULL when they do not. */
static char *after_head(char *text, enum package_family *family)
{
	if (!g_str_has_prefix(text, MAGIC))
		return NULL;
	for (int i = 0; i < PACKAGE_FAMILIES; i++) {
		g_autofree char *line = g_strconcat("family\t", family_words[i], "\n", NULL);
		if (!g_str_has_prefix(text + strlen(MAGIC), line))
			continue;
		*family = (enum package_family)i;
		return text + strlen(MAGIC) + strlen(line);
	}
	return NULL;
}

struct base *base_parse(const char *name, GBytes *bytes, GError **error)
{
	gsize size = 0;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autoptr(GRefString) text = g_ref_string_new_len(data ? data : "", (gssize)size);
	struct reading r = {.text = text, .name = name, .line = 2, .error = error};
	enum package_family family;
	char *rest = strlen(text) == size && size > 0 && text[size - 1] == '\n' ? after_head(text, &family) : NULL;

	if (rest == NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: not a base; abide base capture writes one, and abide base list names those that abide has",
			    name);
		return NULL;
	}
	g_autoptr(base) b = base_new(family);
	r.base = b;
	while (*rest != '\0') {
		r.line++;
		r.rest = rest;
		rest = strchr(rest, '\n');
		*rest++ = '\0';
		if (!read_line(&r))
			return NULL;
	}
	return g_steal_pointer(&b);
}

/* ---- those that come with abide ---- */

/* GLib makes the resource when it is first asked for, and a second thread that asks meanwhile gets NULL: it is asked once. */
static GResource *shipped(void)
{
	static gsize resource = 0;

	if (g_once_init_enter(&resource)) {
		bases_register_resource();
		g_once_init_leave(&resource, (gsize)bases_get_resource());
	}
	return (GResource *)resource;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **base_names(void)
{
	char **names = g_resource_enumerate_children(shipped(), RESOURCES, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	if (names == NULL)
		return g_new0(char *, 1);
	for (char **n = names; *n != NULL; n++)
		(*n)[strlen(*n) - strlen(SUFFIX)] = '\0';
	qsort(names, g_strv_length(names), sizeof *names, compare_names);
	return names;
}

GBytes *base_shipped(const char *name, const char *arch)
{
	g_autofree char *exact = g_strconcat(RESOURCES, name, SUFFIX, NULL);
	g_autofree char *of_arch = g_strconcat(RESOURCES, name, "-", arch, SUFFIX, NULL);
	GResource *all = shipped();
	GBytes *text = g_resource_lookup_data(all, exact, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	return text ? text : g_resource_lookup_data(all, of_arch, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}
