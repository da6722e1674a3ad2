/* The control files of a .deb: see deb.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/deb.h"
#include "core/version.h"
#include "pack/history.h"

#include <string.h>

struct relation_field {
	enum relation_kind kind;
	const char *name;
};

static const struct relation_field relation_fields[] = {
	{RELATION_PREDEPENDS, "Pre-Depends"}, {RELATION_DEPENDS, "Depends"},	 {RELATION_RECOMMENDS, "Recommends"},
	{RELATION_SUGGESTS, "Suggests"},      {RELATION_CONFLICTS, "Conflicts"}, {RELATION_BREAKS, "Breaks"},
	{RELATION_REPLACES, "Replaces"},      {RELATION_PROVIDES, "Provides"},
};

char *deb_upstream(const struct package *package)
{
	return package->epoch == NULL ? g_strdup(package->version)
				      : g_strconcat(package->epoch, ":", package->version, NULL);
}

char *deb_version(const struct package *package)
{
	g_autofree char *upstream = deb_upstream(package);

	return package->release == NULL ? g_steal_pointer(&upstream)
					: g_strconcat(upstream, "-", package->release, NULL);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *deb_folders(const struct package *package)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < package->files->len; i++)
		g_hash_table_add(known, ((struct package_file *)package->files->pdata[i])->path);
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		char *dir = g_path_get_dirname(f->path);
		while (!g_hash_table_contains(known, dir)) {
			g_hash_table_add(known, dir);
			g_ptr_array_add(folders, dir);
			dir = g_path_get_dirname(dir);
		}
		g_free(dir);
	}
	g_ptr_array_sort(folders, by_name);
	return folders;
}

guint64 deb_installed_size(const struct package *package)
{
	g_autoptr(GPtrArray) folders = deb_folders(package);
	guint64 kib = folders->len;

	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		kib += f->type == PACKAGE_DIRECTORY ? 1 : f->size / 1024 + (f->size % 1024 != 0);
	}
	return kib;
}

static void field(GString *out, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		g_string_append_printf(out, "%s: %s\n", name, value);
}

/* One relation of a field, after its name or a comma. */
static void clause(GString *out, const char *name, gboolean first, const char *text)
{
	g_string_append_printf(out, "%s%s%s", first ? name : "", first ? ": " : ", ", text);
}

static gboolean relations(GString *out, const struct package *package, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(relation_fields); i++) {
		const GPtrArray *list = package->relations[relation_fields[i].kind];
		const GPtrArray *found = relation_fields[i].kind == RELATION_DEPENDS ? package->found_depends : NULL;
		for (guint j = 0; j < list->len; j++) {
			g_autofree char *text = relation_deb(list->pdata[j], error);
			if (text == NULL)
				return FALSE;
			clause(out, relation_fields[i].name, j == 0, text);
		}
		for (guint j = 0; found != NULL && j < found->len; j++)
			clause(out, relation_fields[i].name, list->len == 0 && j == 0, found->pdata[j]);
		if (list->len > 0 || (found != NULL && found->len > 0))
			g_string_append_c(out, '\n');
	}
	return TRUE;
}

/* Continuation lines begin with a space, and a dot stands for an empty one (Debian Policy 5.6.13). */
static void description(GString *out, const struct package *package)
{
	g_auto(GStrv) lines = g_strsplit(package->description == NULL ? "" : package->description, "\n", -1);

	field(out, "Description", package->summary);
	for (gsize i = 0; lines[i] != NULL; i++) {
		if (*g_strchomp(lines[i]) != '\0')
			g_string_append_printf(out, " %s\n", lines[i]);
		else if (lines[i + 1] != NULL)
			g_string_append(out, " .\n");
	}
}

/* Those fields that dpkg-gencontrol writes before the maintainer, and those that it puts last. */
static void stated_fields(GString *out, const struct package *package, gboolean before)
{
	static const char *const first[] = {"Build-Essential", "Essential",	     "Protected", "Origin", "Bugs",
					    "Built-Using",     "Static-Built-Using", NULL};
	const GPtrArray *fields = package->deb.fields;

	for (guint i = 0; fields != NULL && i < fields->len; i++) {
		const struct package_field *f = fields->pdata[i];
		if (g_strv_contains(first, f->name) == before)
			field(out, f->name, f->value);
	}
}

/* By which debuggers find the package of a file that they have (find-dbgsym-packages). */
static void build_ids(GString *out, const struct package *package)
{
	for (guint i = 0; package->build_ids != NULL && i < package->build_ids->len; i++)
		g_string_append_printf(out, "%s %s", i == 0 ? "Build-Ids:" : "", (char *)package->build_ids->pdata[i]);
	if (package->build_ids != NULL)
		g_string_append_c(out, '\n');
}

char *deb_control(const struct package *package, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *version = deb_version(package);

	field(out, "Package", package->name);
	if (!g_str_equal(package->name, package->source))
		field(out, "Source", package->source);
	field(out, "Version", version);
	field(out, "Auto-Built-Package", package->build_ids == NULL ? NULL : "debug-symbols");
	field(out, "Architecture", package->arch->deb);
	stated_fields(out, package, TRUE);
	field(out, "Maintainer", package->maintainer);
	g_string_append_printf(out, "Installed-Size: %" G_GUINT64_FORMAT "\n", deb_installed_size(package));
	if (!relations(out, package, error))
		return NULL;
	field(out, "Section", package->section);
	field(out, "Priority", package->priority == NULL ? "optional" : package->priority);
	field(out, "Multi-Arch", package->multiarch ? "same" : NULL);
	field(out, "Homepage", package->homepage);
	description(out, package);
	build_ids(out, package);
	stated_fields(out, package, FALSE);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *deb_md5sums(const struct package *package)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->type == PACKAGE_FILE && (f->flags & PACKAGE_CONFIG) == 0)
			g_string_append_printf(out, "%s  %s\n", f->md5, f->path + 1);
	}
	return g_string_free(out, FALSE);
}

char *deb_conffiles(const struct package *package)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->type == PACKAGE_FILE && (f->flags & PACKAGE_CONFIG) != 0)
			g_string_append_printf(out, "%s\n", f->path);
	}
	return g_string_free(out, FALSE);
}

static gboolean has_node(const struct facts *facts, const char *name)
{
	for (guint i = 0; i < facts->n_nodes; i++)
		if (g_str_equal(facts->nodes[i].name, name))
			return TRUE;
	return FALSE;
}

/*
 * The version of the release before; NULL when it is not known. It is in the name of that release's file; but names of files
 * have versions of their own where libtool makes them, so it counts only if the new file's name has the version being packed.
 */
static const char *older_version(const struct package *package)
{
	const struct facts *newer = package->library->facts, *older = package->library->older;

	if (older == NULL || older->version == NULL || g_strcmp0(newer->version, package->version) != 0)
		return NULL;
	gboolean upstream = older->version[strspn(older->version, "0123456789.")] == '\0';
	return upstream && version_compare_deb(older->version, package->version) <= 0 ? older->version : NULL;
}

/* Of a library whose history nobody recorded: what the release before has is as old as that, if not older. */
static const char *since_older(const struct package *package, const char *name, const char *node)
{
	const char *version = older_version(package);
	const struct facts *older = package->library->older;

	if (version == NULL)
		return NULL;
	return (name == NULL ? has_node(older, node) : facts_has_export(older, name, node)) ? version : NULL;
}

/* name NULL: of the node itself. Caller frees. */
static char *minimum(const struct package *package, const char *name, const char *node, const char *packed)
{
	const struct history *history = package->library->history;
	const char *since = history != NULL ? history_since(history, name, node) : since_older(package, name, node);

	if (since == NULL)
		return g_strdup(packed);
	return package->epoch == NULL ? g_strdup(since) : g_strconcat(package->epoch, ":", since, NULL);
}

/* Keep the later of two versions; takes VERSION over. */
static void raise_to(char **last, char *version)
{
	if (*last != NULL && version_compare_deb(version, *last) <= 0) {
		g_free(version);
		return;
	}
	g_free(*last);
	*last = version;
}

static gboolean symbol_line(GPtrArray *lines, const struct package *package, const char *name, const char *node,
			    const char *packed, GError **error)
{
	g_autofree char *version = minimum(package, name, node, packed);
	const char *shown = name == NULL ? node : name;

	for (const char *p = shown; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) || *p == ' ') {
			g_autofree char *escaped = g_strescape(shown, NULL);
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
				    "%s: a symbols file cannot hold the symbol name \"%s\"",
				    package->library->facts->path, escaped);
			return FALSE;
		}
	g_ptr_array_add(lines, g_strdup_printf(" %s@%s %s\n", shown, node == NULL ? "Base" : node, version));
	return TRUE;
}

char *deb_symbols(const struct package *package, GError **error)
{
	const struct facts *facts = package->library->facts;
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *packed = deb_upstream(package);
	GString *out;

	for (guint i = 0; i < facts->n_nodes; i++)
		if (!symbol_line(lines, package, NULL, facts->nodes[i].name, packed, error))
			return NULL;
	for (guint i = 0; i < facts->n_exports; i++)
		if (!symbol_line(lines, package, facts->exports[i].name, facts->exports[i].node, packed, error))
			return NULL;
	g_ptr_array_sort(lines, by_name);
	out = g_string_new(NULL);
	g_string_append_printf(out, "%s %s #MINVER#\n* Build-Depends-Package: %s-dev\n", facts->soname, package->name,
			       package->library->project);
	for (guint i = 0; i < lines->len; i++)
		g_string_append(out, lines->pdata[i]);
	return g_string_free(out, FALSE);
}

/* The version of the last release that added a symbol or node; PACKED when that is not recorded. Caller frees. */
static char *last_addition(const struct package *package, const char *packed)
{
	const struct facts *facts = package->library->facts;
	char *last = NULL;

	for (guint i = 0; package->library->history != NULL && i < facts->n_nodes; i++)
		raise_to(&last, minimum(package, NULL, facts->nodes[i].name, packed));
	for (guint i = 0; package->library->history != NULL && i < facts->n_exports; i++)
		raise_to(&last, minimum(package, facts->exports[i].name, facts->exports[i].node, packed));
	return last == NULL ? g_strdup(packed) : last;
}

char *deb_shlibs(const struct package *package)
{
	g_autofree char *stem = NULL, *soversion = NULL, *packed = deb_upstream(package);

	if (!names_soname_split(package->library->facts->soname, &stem, &soversion) || soversion == NULL)
		return NULL;
	g_autofree char *version = last_addition(package, packed);
	return g_strdup_printf("%s %s %s (>= %s)\n", stem, soversion, package->name, version);
}
