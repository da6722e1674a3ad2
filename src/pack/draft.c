/* A first manifest: see draft.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/draft.h"
#include "core/yaml.h"
#include "inspect/facts.h"
#include "pack/error.h"
#include "pack/names.h"
#include "pack/sources.h"

#include <stdlib.h>
#include <string.h>

#define NO_VERSION "0.1.0"

void draft_free(struct draft *draft)
{
	if (draft == NULL)
		return;
	g_free(draft->name);
	g_free(draft->version);
	g_free(draft->text);
	g_free(draft);
}

/* A name that dpkg and rpm take, as near to this one as it can be. */
static char *package_name(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	g_strcanon(lower, "abcdefghijklmnopqrstuvwxyz0123456789+-.", '-');
	const char *begin = lower;
	while (*begin != '\0' && !g_ascii_isalnum(*begin))
		begin++;
	return strlen(begin) < 2 ? g_strconcat("program-", begin, NULL) : g_strdup(begin);
}

/* A version that begins with a digit and that both families take, or NULL. */
static char *good_version(const char *text)
{
	return text != NULL && names_check_deb_version(text, NULL) && names_check_rpm_version(text, FALSE, NULL)
		       ? g_strdup(text)
		       : NULL;
}

/* "1.2.3" of build/libfoo.so -> libfoo.so.1.2.3, else of the soname. */
static char *library_version(const char *file, const char *soname)
{
	char *real = realpath(file, NULL);
	g_autofree char *base = g_path_get_basename(real == NULL ? file : real);
	g_autofree char *stem = NULL, *version = NULL, *soname_stem = NULL, *soname_version = NULL;

	free(real);
	names_soname_split(base, &stem, &version);
	names_soname_split(soname, &soname_stem, &soname_version);
	char *good = good_version(version);
	return good != NULL ? good : good_version(soname_version);
}

/* A text as a manifest has it: a dollar sign is two. */
static char *quote(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "$", -1);
	g_autofree char *escaped = g_strjoinv("$$", parts);

	return yamlfile_quote(escaped);
}

/* The first of these names that is there, in the file's folder or the one above it; NULL when none is. */
static char *find_beside(const char *file, const char *const *names, GFileTest test)
{
	g_autofree char *folder = g_path_get_dirname(file);
	g_autofree char *above = g_str_equal(folder, ".") ? g_strdup("..") : g_path_get_dirname(folder);
	const char *const places[] = {folder, above};

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
		for (gsize j = 0; names[j] != NULL; j++) {
			g_autofree char *path = g_str_equal(places[i], ".")
							? g_strdup(names[j])
							: g_build_filename(places[i], names[j], NULL);
			if (g_file_test(path, test))
				return g_steal_pointer(&path);
		}
	return NULL;
}

static gboolean has_headers(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".h"))
			return TRUE;
	return FALSE;
}

static char *find_headers(const char *file, const char *stem)
{
	const char *bare = g_str_has_prefix(stem, "lib") ? stem + 3 : stem;
	g_autofree char *own = g_strconcat(bare, ".h", NULL), *full = g_strconcat(stem, ".h", NULL);
	g_autofree char *folder = find_beside(file, (const char *const[]){"include", NULL}, G_FILE_TEST_IS_DIR);

	if (folder != NULL && has_headers(folder))
		return g_steal_pointer(&folder);
	return find_beside(file, (const char *const[]){own, full, NULL}, G_FILE_TEST_IS_REGULAR);
}

static char *find_pkgconfig(const char *file, const char *stem)
{
	const char *bare = g_str_has_prefix(stem, "lib") ? stem + 3 : stem;
	g_autofree char *a = g_strconcat(stem, ".pc", NULL), *b = g_strconcat(bare, ".pc", NULL);
	g_autofree char *c = g_strconcat(a, ".in", NULL), *d = g_strconcat(b, ".in", NULL);

	return find_beside(file, (const char *const[]){a, b, c, d, NULL}, G_FILE_TEST_IS_REGULAR);
}

static void put_line(GString *out, const char *key, const char *value, const char *comment)
{
	g_autofree char *quoted = quote(value);

	g_string_append_printf(out, "%s: %s%s%s\n", key, quoted, comment == NULL ? "" : " # ",
			       comment == NULL ? "" : comment);
}

static void put_maintainer(GString *out)
{
	const char *name = g_getenv("DEBFULLNAME"), *mail = g_getenv("DEBEMAIL");
	gboolean known = name != NULL && mail != NULL && *name != '\0' && *mail != '\0' &&
			 g_utf8_validate(name, -1, NULL) && g_utf8_validate(mail, -1, NULL);
	g_autofree char *who = known ? g_strdup_printf("%s <%s>", name, mail) : g_strdup("Your Name <you@example.org>");

	put_line(out, "maintainer", who, known ? NULL : "to be filled in");
}

static void put_head(GString *out, const struct draft *d, gboolean guessed, const char *what)
{
	g_autofree char *description = g_strdup_printf("%s %s", d->name, what);

	g_string_append(out, "# What abide pack packs: see abide.yaml(5). Paths are relative to the current folder.\n");
	put_line(out, "name", d->name, NULL);
	put_line(out, "version", d->version, guessed ? "nothing says one: to be filled in" : NULL);
	g_string_append(out, "release: 1 # of the package, for this version\n");
	put_line(out, "arch", d->arch, NULL);
	put_maintainer(out);
	put_line(out, "description", description, "one line; more lines may follow: description: |-");
	g_string_append(out, "# license: Apache-2.0\n# homepage: https://example.org/\n");
}

static void put_library(GString *out, const char *file, const struct facts *facts)
{
	g_autofree char *stem = NULL, *version = NULL, *path = quote(file);

	names_soname_split(facts->soname, &stem, &version);
	g_autofree char *headers = find_headers(file, stem), *pkgconfig = find_pkgconfig(file, stem);
	g_string_append_printf(out, "library: # its soname is %s\n  file: %s\n", facts->soname, path);
	if (headers != NULL) {
		g_autofree char *quoted = quote(headers);
		g_string_append_printf(
			out, "  headers: # public headers, files or folders; found beside the library\n    - %s\n",
			quoted);
	} else {
		g_string_append(out, "  # headers: [include] # public headers, files or folders\n");
	}
	if (pkgconfig != NULL)
		put_line(out, "  pkgconfig", pkgconfig, "found beside the library");
	else
		g_string_append_printf(out, "  # pkgconfig: %s.pc.in\n", stem);
	g_string_append(out,
			"  # the release before, which this one must be able to replace: a snapshot or the library\n"
			"  # abi: released.abi\n"
			"  layout: vendor # /opt/NAME, the same on every distribution; or system: /usr/lib\n"
			"  # dev: # what else the development package has\n"
			"  #   depends: [libother-dev]\n"
			"  #   contents: []\n");
}

static void put_contents(GString *out, const char *file, const char *name, gboolean program)
{
	g_autofree char *source = quote(file), *base = g_path_get_basename(file);
	g_autofree char *path =
		program ? g_build_filename("/usr/bin", base, NULL) : g_build_filename("/usr/lib", name, base, NULL);
	g_autofree char *target = quote(path);

	if (sources_is_pattern(file))
		g_string_append(out, "disable_globbing: true # the file's name has * ? [ or {\n");
	if (!program)
		g_string_append(out,
				"# The file has no soname: nothing links to it, and it is packed like any other.\n");
	g_string_append_printf(out,
			       "contents:\n  - src: %s\n    dst: %s\n"
			       "  # - src: etc/*.conf # patterns: * ? [abc] {a,b} **\n  #   dst: /etc/%s/\n"
			       "  #   type: config|noreplace\n",
			       source, target, name);
	g_string_append(
		out, "# What its libraries make necessary is found in the file itself; more:\n# depends: [adduser]\n");
}

static char *template_text(void)
{
	GString *out = g_string_new(NULL);

	g_string_append(out, "# What abide pack packs: see abide.yaml(5). Paths are relative to the current folder.\n"
			     "# abide init FILE writes one from a built library or program.\n"
			     "name: my-package\n"
			     "version: 0.1.0\n"
			     "release: 1 # of the package, for this version\n"
			     "arch: all # without machine code; or amd64, arm64, ...\n");
	put_maintainer(out);
	g_string_append(out, "description: one line that says what it is\n"
			     "# license: Apache-2.0\n"
			     "# homepage: https://example.org/\n"
			     "# depends: [\"adduser (>= 3)\", default-mta | mail-transport-agent]\n"
			     "# contents:\n"
			     "#   - src: build/program\n"
			     "#     dst: /usr/bin/program\n"
			     "#   - src: etc/*.conf # patterns: * ? [abc] {a,b} **\n"
			     "#     dst: /etc/my-package/\n"
			     "#     type: config|noreplace\n"
			     "# library: # instead of contents, or beside them: a shared library\n"
			     "#   file: build/libmine.so.1.0.0\n"
			     "#   headers: [include]\n"
			     "#   dev: {depends: [libother-dev]} # of the development package\n");
	return g_string_free(out, FALSE);
}

static struct draft *template(void)
{
	struct draft *d = g_new0(struct draft, 1);

	*d = (struct draft){g_strdup("my-package"), g_strdup(NO_VERSION), "all", FALSE, template_text()};
	return d;
}

static gboolean check_line(const char *what, const char *text, const char *file, GError **error)
{
	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) || !g_utf8_validate(text, -1, NULL)) {
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: its %s is not text on one line", file,
				    what);
			return FALSE;
		}
	return TRUE;
}

struct draft *draft_of(const char *file, GError **error)
{
	g_autoptr(facts) facts = NULL;
	g_autoptr(draft) d = NULL;
	g_autofree char *stem = NULL, *ignored = NULL, *base = NULL, *shown = NULL;

	if (file == NULL)
		return template();
	facts = facts_read_surface(file, error);
	shown = g_filename_display_name(file);
	if (facts == NULL || !check_line("name", file, shown, error) ||
	    (facts->soname != NULL && !check_line("soname", facts->soname, shown, error)))
		return NULL;
	const struct names_arch *arch = names_arch_of_elf(facts->machine, facts->bits);
	if (arch == NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: is for %s, which no package can be made for",
			    shown, facts_machine_name(facts->machine));
		return NULL;
	}
	d = g_new0(struct draft, 1);
	d->library = facts->soname != NULL && names_soname_split(facts->soname, &stem, &ignored);
	base = g_path_get_basename(file);
	d->name = package_name(d->library ? stem : base);
	d->arch = arch->go;
	d->version = d->library ? library_version(file, facts->soname) : NULL;
	gboolean guessed = d->version == NULL;
	if (guessed)
		d->version = g_strdup(NO_VERSION);
	GString *out = g_string_new(NULL);
	put_head(out, d, guessed, d->library ? "library" : facts->kind == FACTS_PROGRAM ? "program" : "module");
	if (d->library)
		put_library(out, file, facts);
	else
		put_contents(out, file, d->name, facts->kind == FACTS_PROGRAM);
	d->text = g_string_free(out, FALSE);
	return g_steal_pointer(&d);
}
