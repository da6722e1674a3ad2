/* pkgconfig() relations of an .rpm, from the .pc files in it: see rpm.h. The format is pc(5). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <rpm/rpmds.h>
#include <string.h>

/* Far above any .pc file; what is more is not read. */
#define TEXT_CEILING (1024 * 1024)

/* How deep variables may refer to variables, and how many references are followed: they can refer to each other. */
#define DEPTH_CEILING 16
#define REFERENCES_CEILING 1000

/* A .pc file: `NAME=VALUE` lines are variables, `Key: value` lines its fields, keys in lower case. */
struct pc {
	GHashTable *variables, *fields; /* char * -> char * */
};

static void expand(GString *out, const struct pc *pc, const char *text, guint depth, guint *references)
{
	for (const char *p = text; *p != '\0' && *references < REFERENCES_CEILING;) {
		const char *end = g_str_has_prefix(p, "${") ? strchr(p, '}') : NULL;
		if (end == NULL) {
			g_string_append_c(out, *p++);
			continue;
		}
		g_autofree char *name = g_strndup(p + 2, (gsize)(end - p - 2));
		const char *value = g_hash_table_lookup(pc->variables, name);
		++*references;
		if (value != NULL && depth < DEPTH_CEILING)
			expand(out, pc, value, depth + 1, references);
		p = end + 1;
	}
}

/* A field's value, expanded; NULL when there is none. Caller frees. */
static char *field(const struct pc *pc, const char *key)
{
	const char *value = g_hash_table_lookup(pc->fields, key);
	guint references = 0;
	GString *out;

	if (value == NULL)
		return NULL;
	out = g_string_new(NULL);
	expand(out, pc, value, 0, &references);
	return g_strstrip(g_string_free(out, FALSE));
}

static void parse_line(struct pc *pc, char *line)
{
	char *comment = strchr(line, '#');

	if (comment != NULL)
		*comment = '\0';
	g_strstrip(line);
	gsize n = strspn(line, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.");
	const char *mark = line + n + strspn(line + n, " \t");
	char *name = g_strndup(line, n);
	if (*mark == '=') {
		g_hash_table_replace(pc->variables, name, g_strstrip(g_strdup(mark + 1)));
	} else if (*mark == ':') {
		g_hash_table_replace(pc->fields, g_ascii_strdown(name, -1), g_strstrip(g_strdup(mark + 1)));
		g_free(name);
	} else {
		g_free(name);
	}
}

/* A backslash at the end of a line joins it with the next. */
static void parse(struct pc *pc, const char *text)
{
	g_auto(GStrv) pieces = g_strsplit(text, "\\\n", -1);
	g_autofree char *whole = g_strjoinv(" ", pieces);
	g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++)
		parse_line(pc, lines[i]);
}

static guint32 sense_of(const char *op)
{
	return (strchr(op, '<') != NULL ? RPMSENSE_LESS : 0) | (strchr(op, '>') != NULL ? RPMSENSE_GREATER : 0) |
	       (strchr(op, '=') != NULL ? RPMSENSE_EQUAL : 0);
}

static void add_module(GPtrArray *deps, const char *module, const char *op, const char *version, guint32 flags)
{
	g_autofree char *name = g_strdup_printf("pkgconfig(%s)", module);
	gboolean versioned = version != NULL && *version != '\0' && *op != '!' &&
			     names_check_rpm_version(version, TRUE, NULL);

	if (*module != '\0' && names_check_rpm_capability(name, NULL))
		rpmpkg_dep_add(deps, name, flags | (versioned ? sense_of(op) : 0), versioned ? version : NULL);
}

/* "zlib >= 1.2, libfoo": modules with blanks or commas between them, each with a version or without. */
static void add_modules(GPtrArray *deps, const char *list, guint32 flags)
{
	static const char operators[] = "<>=!", blanks[] = " \t,";
	const char *p = list == NULL ? NULL : list + strspn(list, blanks);

	while (p != NULL && *p != '\0') {
		g_autofree char *module = g_strndup(p, strcspn(p, blanks));
		p += strlen(module);
		const char *mark = p + strspn(p, " \t");
		g_autofree char *op = g_strndup(mark, strspn(mark, operators));
		g_autofree char *version = NULL;
		if (*op != '\0') {
			p = mark + strlen(op);
			p += strspn(p, " \t");
			version = g_strndup(p, strcspn(p, blanks));
			p += strlen(version);
		}
		add_module(deps, module, op, version, flags);
		p += strspn(p, blanks);
	}
}

void rpmpkg_pkgconfig_parse(const char *module, const char *text, GPtrArray *provides, GPtrArray *requires)
{
	struct pc pc = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};

	parse(&pc, text);
	g_autofree char *version = field(&pc, "version"), *also = field(&pc, "provides");
	g_autofree char *required = field(&pc, "requires"), *privately = field(&pc, "requires.private");
	if (provides != NULL) {
		add_module(provides, module, "=", version, RPMSENSE_FIND_PROVIDES);
		add_modules(provides, also, RPMSENSE_FIND_PROVIDES);
	}
	if (requires != NULL) {
		rpmpkg_dep_add(requires, "/usr/bin/pkg-config", RPMSENSE_FIND_REQUIRES, NULL);
		add_modules(requires, required, RPMSENSE_FIND_REQUIRES);
		add_modules(requires, privately, RPMSENSE_FIND_REQUIRES);
	}
	g_hash_table_unref(pc.variables);
	g_hash_table_unref(pc.fields);
}

static gboolean take(const void *data, gsize size, gpointer user, GError **error)
{
	GString *text = user;

	(void)error;
	g_string_append_len(text, data, (gssize)MIN(size, TEXT_CEILING - text->len));
	return TRUE;
}

static gboolean is_found(const char *path, const struct names_arch *arch)
{
	g_autofree char *libdir = rpmpkg_format.libdir(arch);
	g_autofree char *own = g_build_filename(libdir, "pkgconfig", NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	return g_str_has_suffix(path, ".pc") &&
	       (g_str_equal(folder, own) || g_str_equal(folder, "/usr/share/pkgconfig"));
}

/* A file that can no longer be read is an error when the payload is written. */
static void visit(const struct package *package, GPtrArray *provides, GPtrArray *requires)
{
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->type != PACKAGE_FILE || !is_found(f->path, package->arch))
			continue;
		g_autoptr(GString) text = g_string_new(NULL);
		g_autofree char *module = g_path_get_basename(f->path);
		module[strlen(module) - strlen(".pc")] = '\0';
		if (package_read(f, take, text, NULL))
			rpmpkg_pkgconfig_parse(module, text->str, provides, requires);
	}
}

void rpmpkg_pkgconfig_provides(GPtrArray *deps, const struct package *package)
{
	visit(package, deps, NULL);
}

void rpmpkg_pkgconfig_requires(GPtrArray *deps, const struct package *package)
{
	visit(package, NULL, deps);
}
