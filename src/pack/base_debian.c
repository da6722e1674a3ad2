/* Symbols and shlibs files: see base_debian.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "core/file.h"
#include "pack/control_read.h"

#include <string.h>

#define FILE_CEILING (64 * 1024 * 1024)

static gboolean bad(GError **error, const char *name, guint line, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s:%u: %s", name, line, what);
	return FALSE;
}

/* " NAME@NODE VERSION [TEMPLATE]" */
static gboolean add_symbol(struct base_library *l, char *line)
{
	g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", -1);
	guint n = g_strv_length(words);
	guint64 template = 0;

	if (n < 2 || n > 3 || strrchr(words[0], '@') == NULL ||
	    (n == 3 && !g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXUINT, &template, NULL)) ||
	    template >= l->templates->len)
		return FALSE;
	base_add_since(l->symbols, words[0], words[1], (guint)template);
	return TRUE;
}

/* "SONAME DEPENDENCY": the first line of a library. */
static struct base_library *begin_library(struct base *b, const char *line)
{
	const char *space = strchr(line, ' ');
	g_autofree char *soname = space ? g_strndup(line, (gsize)(space - line)) : NULL;

	if (soname == NULL || *soname == '\0')
		return NULL;
	g_hash_table_remove(b->libraries, soname);
	struct base_library *l = base_add_library(b, soname);
	l->complete = TRUE;
	g_ptr_array_add(l->templates, g_strstrip(g_strdup(space + 1)));
	return l;
}

gboolean base_debian_symbols(struct base *b, const char *name, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct base_library *l = NULL;

	for (guint i = 0; lines[i] != NULL; i++) {
		switch (*lines[i]) {
		case '\0':
		case '*': /* a field, such as Build-Depends-Package, of use where -dev packages are installed */
			break;
		case ' ':
			if (l == NULL || !add_symbol(l, lines[i]))
				return bad(error, name, i + 1, "not a symbol of a symbols file");
			break;
		case '|':
			if (l == NULL)
				return bad(error, name, i + 1, "a dependency before any library");
			g_ptr_array_add(l->templates, g_strstrip(g_strdup(lines[i] + 1)));
			break;
		default:
			l = begin_library(b, lines[i]);
			if (l == NULL)
				return bad(error, name, i + 1, "not a line of a symbols file");
		}
	}
	return TRUE;
}

static void add_shlibs(struct base *b, const char *library, const char *version, const char *depends)
{
	g_autofree char *dotted = g_strdup_printf("%s.so.%s", library, version);
	g_autofree char *dashed = g_strdup_printf("%s-%s.so", library, version);

	if (base_find(b, dotted) != NULL || base_find(b, dashed) != NULL)
		return;
	base_add_library(b, dotted)->shlibs = g_strdup(depends);
	base_add_library(b, dashed)->shlibs = g_strdup(depends);
}

/* Cuts the next word off a line; "" at its end. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t");
	char *end = word + strcspn(word, " \t");

	*line = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

gboolean base_debian_shlibs(struct base *b, const char *name, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		char *rest = lines[i], *library = next_word(&rest);
		if (*library == '\0' || *library == '#' || g_str_has_suffix(library, ":"))
			continue; /* a type, such as `udeb:`, is for other packages than these */
		const char *version = next_word(&rest);
		if (*version == '\0')
			return bad(error, name, i + 1, "not a line of a shlibs file");
		add_shlibs(b, library, version, g_strstrip(rest));
	}
	return TRUE;
}

/* ---- a .deb ---- */

/* The value of a field at the beginning of a line; NULL when there is none. Caller frees. */
static char *control_field(const char *text, const char *field)
{
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	gsize length = strlen(field);

	for (char **line = lines; *line != NULL; line++)
		if (g_ascii_strncasecmp(*line, field, length) == 0 && (*line)[length] == ':')
			return g_strstrip(g_strdup(*line + length + 1));
	return NULL;
}

static gboolean same_arch(struct base *b, const char *arch)
{
	if (arch == NULL || strcmp(arch, "all") == 0)
		return TRUE;
	if (b->arch == NULL)
		b->arch = g_strdup(arch);
	return strcmp(b->arch, arch) == 0;
}

static gboolean add_control(struct base *b, const char *path, const struct control_file files[3], GError **error)
{
	const char *symbols = files[0].text, *shlibs = files[1].text;
	g_autofree char *arch = control_field(files[2].text, "Architecture");

	if (!same_arch(b, arch)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: of %s, the base is of %s", path, arch, b->arch);
		return FALSE;
	}
	return (symbols == NULL || base_debian_symbols(b, path, symbols, error)) &&
	       (shlibs == NULL || base_debian_shlibs(b, path, shlibs, error));
}

gboolean base_debian_package(struct base *b, const char *path, GError **error)
{
	struct control_file files[] = {{"symbols", NULL}, {"shlibs", NULL}, {"control", NULL}};
	gboolean good = control_read(path, files, G_N_ELEMENTS(files), error) && add_control(b, path, files, error);

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		g_free(files[i].text);
	return good;
}

/* ---- an installed system ---- */

/* dpkg's files are NAME.symbols, or NAME:ARCH.symbols of packages that may be there for several architectures. */
static gboolean is_of_arch(const char *file, const char *suffix, const char *arch)
{
	const char *colon = strchr(file, ':');
	g_autofree char *end = g_strconcat(":", arch, suffix, NULL);

	return g_str_has_suffix(file, suffix) && (colon == NULL || strcmp(colon, end) == 0);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *files_of(const char *folder, const char *suffix, const char *arch)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
		if (is_of_arch(name, suffix, arch))
			g_ptr_array_add(files, g_build_filename(folder, name, NULL));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(files, compare_names);
	return files;
}

static gboolean add_files(struct base *b, const char *folder, const char *suffix,
			  gboolean (*add)(struct base *, const char *, const char *, GError **), GError **error)
{
	g_autoptr(GPtrArray) files = files_of(folder, suffix, b->arch);

	for (guint i = 0; i < files->len; i++) {
		g_autoptr(GBytes) bytes = file_read(files->pdata[i], FILE_CEILING, error);
		gsize size = 0;
		const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		g_autofree char *text = g_strndup(data ? data : "", size);
		if (bytes == NULL || !add(b, files->pdata[i], text, error))
			return FALSE;
	}
	return TRUE;
}

/* The architecture of dpkg itself: what `dpkg --print-architecture` would say there. */
static char *root_arch(const char *root, GError **error)
{
	g_autofree char *path = g_build_filename(root, "var/lib/dpkg/status", NULL);
	g_autoptr(GBytes) bytes = file_read(path, 4 * (gsize)FILE_CEILING, error);
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", size);
	const char *begin = g_str_has_prefix(text, "Package: dpkg\n") ? text : strstr(text, "\nPackage: dpkg\n");
	const char *end = begin ? strstr(begin, "\n\n") : NULL;
	g_autofree char *stanza = begin ? g_strndup(begin, end ? (gsize)(end - begin) : strlen(begin)) : NULL;
	char *arch = control_field(stanza, "Architecture");

	if (arch == NULL && bytes != NULL)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: dpkg is not installed there, so its architecture is not known", path);
	return arch;
}

gboolean base_debian_root(struct base *b, const char *root, GError **error)
{
	g_autofree char *folder = g_build_filename(root, "var/lib/dpkg/info", NULL);
	g_autofree char *arch = root_arch(root, error);

	if (arch == NULL)
		return FALSE;
	if (!same_arch(b, arch)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: a system of %s, the base is of %s", root, arch,
			    b->arch);
		return FALSE;
	}
	return add_files(b, folder, ".symbols", base_debian_symbols, error) &&
	       add_files(b, folder, ".shlibs", base_debian_shlibs, error);
}
