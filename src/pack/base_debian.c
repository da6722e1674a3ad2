/* Symbols and shlibs files: see base_debian.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "core/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define FILE_CEILING (64 * 1024 * 1024)
#define CONTROL_CEILING (64 * 1024 * 1024)

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

/* The bytes of the entry that an archive stands at. */
static GByteArray *read_entry(struct archive *a)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	char buffer[16384];
	la_ssize_t n;

	while ((n = archive_read_data(a, buffer, sizeof buffer)) > 0 && out->len + (gsize)n <= CONTROL_CEILING)
		g_byte_array_append(out, (const guint8 *)buffer, (guint)n);
	return n == 0 ? g_steal_pointer(&out) : NULL;
}

struct control {
	char *symbols, *shlibs, *control;
};

static void control_clear(struct control *c)
{
	g_free(c->symbols);
	g_free(c->shlibs);
	g_free(c->control);
}

/* TRUE when the whole control archive could be read. */
static gboolean read_control_archive(const GByteArray *bytes, struct control *control)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int state = ARCHIVE_FATAL;
	struct {
		const char *name;
		char **text;
	} wanted[] = {{"symbols", &control->symbols}, {"shlibs", &control->shlibs}, {"control", &control->control}};

	archive_read_support_format_tar(a);
	archive_read_support_filter_all(a);
	if (archive_read_open_memory(a, bytes->data, bytes->len) == ARCHIVE_OK)
		while ((state = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
			const char *path = archive_entry_pathname(e);
			g_autofree char *base = g_path_get_basename(path ? path : "");
			for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
				if (strcmp(base, wanted[i].name) != 0 || *wanted[i].text != NULL)
					continue;
				g_autoptr(GByteArray) data = read_entry(a);
				*wanted[i].text = data ? g_strndup((char *)data->data, data->len) : NULL;
			}
		}
	archive_read_free(a);
	return state == ARCHIVE_EOF;
}

static gboolean read_control(const char *path, struct control *control)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	gboolean good = FALSE;

	archive_read_support_format_ar(a);
	if (archive_read_open_filename(a, path, 65536) == ARCHIVE_OK)
		while (!good && archive_read_next_header(a, &e) == ARCHIVE_OK) {
			const char *name = archive_entry_pathname(e);
			if (name == NULL || !g_str_has_prefix(name, "control.tar"))
				continue;
			g_autoptr(GByteArray) bytes = read_entry(a);
			good = bytes != NULL && read_control_archive(bytes, control);
			break;
		}
	archive_read_free(a);
	return good;
}

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

gboolean base_debian_package(struct base *b, const char *path, GError **error)
{
	struct control c = {0};
	gboolean good = read_control(path, &c);
	g_autofree char *arch = control_field(c.control, "Architecture");

	if (!good)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: not a .deb, or a damaged one", path);
	else if (!same_arch(b, arch))
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: of %s, the base is of %s", path, arch, b->arch);
	good = good && same_arch(b, arch) && (c.symbols == NULL || base_debian_symbols(b, path, c.symbols, error)) &&
	       (c.shlibs == NULL || base_debian_shlibs(b, path, c.shlibs, error));
	control_clear(&c);
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
