/* The packages of a shared library: see library.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/library.h"
#include "core/file.h"
#include "inspect/snapshot.h"
#include "pack/contents.h"

#include <stdlib.h>
#include <string.h>

/* Far above any file of these kinds. */
#define TEXT_CEILING (1024 * 1024)

static void paths_clear(struct library_paths *paths)
{
	g_free(paths->prefix);
	g_free(paths->libdir);
	g_free(paths->include);
	g_free(paths->file);
	g_free(paths->ldconfig);
}
typedef struct library_paths library_paths;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(library_paths, paths_clear)

char *library_ldconfig_name(const char *base, const char *soname)
{
	g_autofree char *stem = g_strndup(base, strlen(base) - strlen(".conf"));
	g_autofree char *library = NULL, *version = NULL;

	if (!names_soname_split(soname, &library, &version))
		return g_strdup(base);
	const char *suffix = version == NULL ? library : version;
	if (g_strcmp0(version, "1") == 0 || g_str_has_suffix(stem, suffix))
		return g_strdup(base);
	gboolean digit = *stem != '\0' && g_ascii_isdigit(stem[strlen(stem) - 1]);
	return g_strconcat(stem, version == NULL || digit ? "-" : "", suffix, ".conf", NULL);
}

static char *file_name(const struct manifest *m, const char *soname)
{
	char *real = realpath(m->library->file, NULL);
	g_autofree char *base = g_path_get_basename(real == NULL ? m->library->file : real);
	gsize n = strlen(soname);

	free(real);
	return g_strdup(g_str_has_prefix(base, soname) && base[n] == '.' ? base : soname);
}

static gboolean is_private(const struct manifest *m)
{
	return m->library->is_private || m->library->held;
}

static gboolean vendor_paths(struct library_paths *paths, const struct manifest *m, const char *soname, GError **error)
{
	const struct manifest_library *l = m->library;
	const char *name = g_str_has_prefix(m->name, "lib") && m->name[3] != '\0' ? m->name + 3 : m->name;

	paths->prefix =
		l->prefix == NULL || *l->prefix == '\0' ? g_strconcat("/opt/", name, NULL) : g_strdup(l->prefix);
	gsize n = strlen(paths->prefix);
	while (n > 1 && paths->prefix[n - 1] == '/')
		paths->prefix[--n] = '\0';
	if (*paths->prefix != '/' || n == 1)
		return manifest_refuse(m, error, "library.prefix", "'%s'; expected an absolute path such as /opt/%s",
				       paths->prefix, name);
	paths->libdir = l->held ? g_strconcat(paths->prefix, "/held/", m->version, "/lib", NULL)
				: g_strconcat(paths->prefix, "/lib", NULL);
	paths->include = g_strconcat(paths->prefix, "/include", NULL);
	if (is_private(m))
		return l->ldconfig == NULL ||
		       manifest_refuse(m, error, "library.ldconfig", "not for a private library: the loader must not find it");
	g_autofree char *base =
		l->ldconfig == NULL ? g_strconcat(name, ".conf", NULL) : g_path_get_basename(l->ldconfig);
	if (!g_str_has_suffix(base, ".conf") || g_str_equal(base, ".conf"))
		return manifest_refuse(m, error, "library.ldconfig",
				       "'%s'; expected a file called NAME.conf, for the loader reads no others", base);
	g_autofree char *unique = library_ldconfig_name(base, soname);
	paths->ldconfig = g_strconcat("/etc/ld.so.conf.d/", unique, NULL);
	return TRUE;
}

static gboolean find_paths(struct library_paths *paths, const struct manifest *m, const struct names_arch *arch,
			   const char *soname, const struct package_format *format, GError **error)
{
	paths->file = file_name(m, soname);
	if (m->library->layout == MANIFEST_VENDOR)
		return vendor_paths(paths, m, soname, error);
	if (m->library->prefix != NULL)
		return manifest_refuse(m, error, "library.prefix", "only for layout: vendor");
	if (m->library->ldconfig != NULL)
		return manifest_refuse(m, error, "library.ldconfig", "only for layout: vendor");
	if (m->library->held)
		return manifest_refuse(m, error, "library.held", "only for layout: vendor");
	g_autofree char *libdir = format->libdir(arch);
	paths->prefix = g_strdup("/usr");
	paths->libdir = is_private(m) ? g_build_filename(libdir, m->name, NULL) : g_steal_pointer(&libdir);
	paths->include = g_strdup("/usr/include");
	return TRUE;
}

/* The contents of a text file that the manifest names. */
static char *read_text(const struct manifest *m, const char *key, const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, TEXT_CEILING, error);

	if (bytes == NULL) {
		manifest_prefix(m, error, key);
		return NULL;
	}
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	return g_strndup(text == NULL ? "" : text, size);
}

static gboolean add_ldconfig(struct package *p, const struct manifest *m, const struct library_paths *paths,
			     GError **error)
{
	const char *source = m->library->ldconfig;
	g_autofree char *text = NULL;

	if (source == NULL) {
		text = g_strconcat(paths->libdir, "\n", NULL);
	} else {
		text = read_text(m, "library.ldconfig", source, error);
		if (text == NULL)
			return FALSE;
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		if (!g_strv_contains((const char *const *)lines, paths->libdir))
			return manifest_refuse(m, error, "library.ldconfig",
					       "%s has no line '%s', so the loader would not find the library", source,
					       paths->libdir);
	}
	gsize size = strlen(text);
	struct package_file *f = package_add_data(p, paths->ldconfig, g_bytes_new_take(g_steal_pointer(&text), size));
	f->flags = PACKAGE_CONFIG | PACKAGE_NOREPLACE;
	return TRUE;
}

static void add_library(struct package *p, const struct manifest *m, const struct gate *gate,
			const struct library_paths *paths, const struct package_format *format)
{
	const char *soname = gate->library->soname;
	g_autofree char *path = g_build_filename(paths->libdir, paths->file, NULL);
	g_autofree char *link = g_build_filename(paths->libdir, soname, NULL);
	struct package_file *f = package_add_source(p, path, m->library->file);

	f->mode = format->library_mode;
	f->facts = gate->library;
	if (!g_str_equal(paths->file, soname))
		package_add_link(p, link, paths->file);
	contents_own_folders(p, paths->libdir);
}

static gboolean check_arch(struct package *p, const struct manifest *m, const struct gate *gate, GError **error)
{
	const struct names_arch *elf = names_arch_of_elf(gate->library->machine, gate->library->bits);

	if (m->arch == NULL && elf != NULL)
		p->arch = elf;
	if (elf != p->arch)
		return manifest_refuse(m, error, "arch", "'%s', but %s is for %s", p->arch->go, m->library->file,
				       facts_machine_name(gate->library->machine));
	return TRUE;
}

static char *runtime_name(const struct manifest *m, const char *soname)
{
	g_autofree char *name = names_runtime(soname);

	return m->library->held ? g_strconcat(name, "-held-", m->version, NULL) : g_steal_pointer(&name);
}

gboolean library_runtime(struct package *package, const struct manifest *manifest, const struct gate *gate,
			 const struct package_format *format, GError **error)
{
	g_auto(library_paths) paths = {0};
	const char *soname = gate->library->soname;

	if (!check_arch(package, manifest, gate, error) ||
	    !find_paths(&paths, manifest, package->arch, soname, format, error))
		return FALSE;
	g_free(package->name);
	package->name = runtime_name(manifest, soname);
	if (package->section == NULL)
		package->section = g_strdup("libs");
	package->multiarch = manifest->library->layout == MANIFEST_SYSTEM;
	package->is_private = is_private(manifest);
	if (!package->is_private) {
		package->library = g_new(struct package_library, 1);
		*package->library = (struct package_library){gate->library, gate->older, paths.ldconfig != NULL,
							     gate->history, manifest->name};
	}
	add_library(package, manifest, gate, &paths, format);
	return paths.ldconfig == NULL || add_ldconfig(package, manifest, &paths, error);
}

/* ---- the development package ---- */

static gboolean add_headers(struct package *p, const struct manifest *m, const char *include, GError **error)
{
	const struct manifest_list *headers = &m->library->headers;

	for (guint i = 0; i < headers->n; i++) {
		const char *source = headers->items[i];
		g_autofree char *key = g_strdup_printf("library.headers[%u]", i);
		g_autofree char *base = g_path_get_basename(source);
		g_autofree char *path = g_build_filename(include, base, NULL);

		if (!g_file_test(source, G_FILE_TEST_IS_DIR))
			package_add_source(p, path, source)->mode = 0644;
		else if (!contents_add_tree(p, source, include, error))
			return manifest_prefix(m, error, key);
	}
	if (headers->n > 0)
		contents_own_folders(p, include);
	return TRUE;
}

static char *replace_all(char *text, const char *name, const char *value)
{
	g_autofree char *upper = g_strconcat("@", name, "@", NULL);
	g_autofree char *lower = g_ascii_strdown(upper, -1);
	g_autofree char *old = text;
	g_auto(GStrv) parts = g_strsplit(old, upper, -1);
	g_autofree char *half = g_strjoinv(value, parts);
	g_auto(GStrv) rest = g_strsplit(half, lower, -1);

	return g_strjoinv(value, rest);
}

static gboolean add_pkgconfig(struct package *p, const struct manifest *m, const struct library_paths *paths,
			      GError **error)
{
	const char *source = m->library->pkgconfig;
	g_autofree char *base = NULL, *folder = g_build_filename(paths->libdir, "pkgconfig", NULL);
	char *text;

	if (source == NULL || *source == '\0')
		return TRUE;
	text = read_text(m, "library.pkgconfig", source, error);
	if (text == NULL)
		return FALSE;
	text = replace_all(text, "PREFIX", paths->prefix);
	text = replace_all(text, "LIBDIR", paths->libdir);
	text = replace_all(text, "INCLUDEDIR", paths->include);
	text = replace_all(text, "VERSION", m->version);
	base = g_path_get_basename(source);
	if (g_str_has_suffix(base, ".in"))
		base[strlen(base) - 3] = '\0';
	if (!g_str_has_suffix(base, ".pc")) {
		g_free(text);
		return manifest_refuse(m, error, "library.pkgconfig", "'%s'; expected a file called NAME.pc", base);
	}
	g_autofree char *path = g_build_filename(folder, base, NULL);
	package_add_data(p, path, g_bytes_new_take(text, strlen(text)));
	contents_own_folders(p, folder);
	return TRUE;
}

/* The name that the linker looks for: libwarden.so. A soname without a version is that name already. */
static void add_link(struct package *p, const struct library_paths *paths, const char *soname)
{
	g_autofree char *stem = NULL, *version = NULL;

	if (!names_soname_split(soname, &stem, &version) || version == NULL)
		return;
	g_autofree char *path = g_strconcat(paths->libdir, "/", stem, ".so", NULL);
	package_add_link(p, path, soname);
	contents_own_folders(p, paths->libdir);
}

/* The types are those of this machine, so the snapshot stands beside the library and not in /usr/share. */
static void add_snapshot(struct package *p, const struct library_paths *paths, const struct facts *library)
{
	g_autofree char *folder = g_build_filename(paths->libdir, "abide", NULL);
	g_autofree char *path = g_strconcat(folder, "/", library->soname, ".abi", NULL);

	if (library->evidence != FACTS_TYPES)
		return;
	char *text = snapshot_text(library);
	package_add_data(p, path, g_bytes_new_take(text, strlen(text)));
	contents_own_folders(p, folder);
}

/* What the manifest says of it, or else of the library. */
static void describe_development(struct package *p, const struct package *runtime, const struct manifest *m)
{
	if (m->library->dev != NULL && m->library->dev->description != NULL) {
		package_describe(p, m->library->dev->description);
		return;
	}
	p->summary = g_strconcat(runtime->summary, " (development files)", NULL);
	p->description = g_strconcat(*runtime->description == '\0' ? "" : runtime->description,
				     *runtime->description == '\0' ? "" : "\n\n",
				     "Headers and links for building programs against it.", NULL);
}

static struct package *development_of(const struct package *runtime, const struct manifest *m,
				      const struct package_format *format)
{
	struct package *p = package_beside(runtime, g_strconcat(m->name, format->devel_suffix, NULL));

	p->section = g_strdup("libdevel");
	describe_development(p, runtime, m);
	g_ptr_array_add(p->relations[RELATION_DEPENDS], format->exactly(runtime));
	return p;
}

struct package *library_development(const struct package *runtime, const struct manifest *manifest,
				    const struct gate *gate, const struct package_format *format, GError **error)
{
	g_auto(library_paths) paths = {0};
	g_autoptr(package) p = development_of(runtime, manifest, format);
	const struct stated stated = stated_development(manifest, format->family);
	const char *soname = gate->library->soname;

	/* What is above optional is for what a system cannot be without (Debian Policy 2.5): no development package is. */
	g_clear_pointer(&p->priority, g_free);
	if (!find_paths(&paths, manifest, runtime->arch, soname, format, error) ||
	    !stated_relations(p, &stated, error) || !contents_add(p, &stated, NULL, error) ||
	    !add_headers(p, manifest, paths.include, error) || !add_pkgconfig(p, manifest, &paths, error))
		return NULL;
	add_link(p, &paths, soname);
	add_snapshot(p, &paths, gate->library);
	return g_steal_pointer(&p);
}
