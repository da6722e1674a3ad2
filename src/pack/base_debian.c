/* Symbols and shlibs files: see base_debian.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "core/file.h"
#include "core/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* The largest symbols files are a few MiB. */
#define FILE_CEILING (16 * 1024 * 1024)
#define STATUS_CEILING (256 * 1024 * 1024)

static gboolean bad(GError **error, const char *name, guint line, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s:%u: %s", name, line, what);
	return FALSE;
}

/* Cuts the next line off; NULL at the end. */
static char *next_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	if (*line == '\0')
		return NULL;
	*rest = end ? end + 1 : line + strlen(line);
	if (end != NULL)
		*end = '\0';
	return line;
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

/* What is left of a line, each white space a single space: what goes into a control field. NULL: not fit for one. */
static char *rest_of(const char *line)
{
	GString *out = g_string_new(NULL);

	for (const char *p = g_strstrip((char *)line); *p != '\0'; p++) {
		gboolean space = *p == ' ' || *p == '\t';
		if (g_ascii_iscntrl(*p) && !space)
			return g_string_free(out, TRUE);
		if (!space || (p[1] != ' ' && p[1] != '\t'))
			g_string_append_c(out, space ? ' ' : *p);
	}
	return g_string_free(out, FALSE);
}

/* ---- symbols ---- */

/* " NAME@NODE VERSION [TEMPLATE]" */
static gboolean add_symbol(struct base_library *l, char *line)
{
	const char *symbol = next_word(&line), *version = next_word(&line), *number = next_word(&line);
	const char *at = strrchr(symbol, '@');
	guint64 template = 0;

	if (at == NULL || at == symbol || at[1] == '\0' || *version == '\0' || *next_word(&line) != '\0' ||
	    (*number != '\0' && !g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT, &template, NULL)) ||
	    template >= l->templates->len || !text_is_plain(symbol) || !text_is_plain(version))
		return FALSE;
	base_add_since(l->symbols, symbol, version, (guint)template);
	return TRUE;
}

static gboolean add_template(struct base_library *l, const char *text)
{
	g_autofree char *template = rest_of(text);

	if (template == NULL || *template == '\0')
		return FALSE;
	g_ptr_array_add(l->templates, g_steal_pointer(&template));
	return TRUE;
}

/* "SONAME DEPENDENCY": the first line of a library. */
static struct base_library *begin_library(struct base *b, char *line)
{
	const char *soname = next_word(&line);

	if (!text_is_plain(soname))
		return NULL;
	g_hash_table_remove(b->libraries, soname);
	struct base_library *l = base_add_library(b, soname);
	l->complete = TRUE;
	return add_template(l, line) ? l : NULL;
}

gboolean base_debian_symbols(struct base *b, const char *name, const char *text, GError **error)
{
	g_autofree char *copy = g_strdup(text);
	struct base_library *l = NULL;
	char *rest = copy, *line;

	for (guint i = 1; (line = next_line(&rest)) != NULL; i++) {
		switch (*line) {
		case '\0':
		case '#': /* also a symbol that is gone: #MISSING: VERSION# */
		case '*': /* a field, such as Build-Depends-Package, of use where -dev packages are installed */
			break;
		case ' ':
		case '\t':
			if (l == NULL || !add_symbol(l, line))
				return bad(error, name, i, "not a symbol of a symbols file");
			break;
		case '|':
			if (l == NULL || !add_template(l, line + 1))
				return bad(error, name, i, "not a dependency, or before any library");
			break;
		default:
			l = begin_library(b, line);
			if (l == NULL)
				return bad(error, name, i, "not a line of a symbols file");
		}
	}
	return TRUE;
}

/* ---- shlibs ---- */

/* What a symbols file says goes before. */
static gboolean add_shlibs(struct base *b, const char *library, const char *version, const char *text)
{
	g_autofree char *dotted = g_strdup_printf("%s.so.%s", library, version);
	g_autofree char *dashed = g_strdup_printf("%s-%s.so", library, version);
	g_autofree char *depends = rest_of(text);

	if (depends == NULL || !text_is_plain(dotted))
		return FALSE;
	if (g_hash_table_contains(b->libraries, dotted) || g_hash_table_contains(b->libraries, dashed))
		return TRUE;
	base_add_library(b, dotted)->shlibs = g_steal_pointer(&depends);
	return TRUE;
}

gboolean base_debian_shlibs(struct base *b, const char *name, const char *text, GError **error)
{
	g_autofree char *copy = g_strdup(text);
	char *rest = copy, *line;

	for (guint i = 1; (line = next_line(&rest)) != NULL; i++) {
		const char *library = next_word(&line);
		if (*library == '\0' || *library == '#' || g_str_has_suffix(library, ":"))
			continue; /* a type, such as `udeb:`, is for other packages than these */
		const char *version = next_word(&line);
		if (*version == '\0' || !add_shlibs(b, library, version, line))
			return bad(error, name, i, "not a line of a shlibs file");
	}
	return TRUE;
}

/* ---- a .deb ---- */

/* The bytes of the entry that an archive stands at, with a NUL after them; NULL when damaged, or over the ceiling. */
static GByteArray *read_entry(struct archive *a)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	guint8 buffer[16384];
	la_ssize_t n;

	while ((n = archive_read_data(a, buffer, sizeof buffer)) > 0 && out->len + (gsize)n <= FILE_CEILING)
		g_byte_array_append(out, buffer, (guint)n);
	if (n != 0)
		return NULL;
	g_byte_array_append(out, (const guint8 *)"", 1);
	return g_steal_pointer(&out);
}

struct control {
	GByteArray *symbols, *shlibs, *control; /* as text; NULL where the package has none */
};

static void control_clear(struct control *c)
{
	g_clear_pointer(&c->symbols, g_byte_array_unref);
	g_clear_pointer(&c->shlibs, g_byte_array_unref);
	g_clear_pointer(&c->control, g_byte_array_unref);
}
typedef struct control control;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(control, control_clear)

static GByteArray **place_of(struct control *c, const char *path)
{
	const char *name = path != NULL && g_str_has_prefix(path, "./") ? path + 2 : path;

	return g_strcmp0(name, "symbols") == 0	 ? &c->symbols
	       : g_strcmp0(name, "shlibs") == 0	 ? &c->shlibs
	       : g_strcmp0(name, "control") == 0 ? &c->control
						 : NULL;
}

/* FALSE when the archive is damaged, or unpacks to more than the ceiling. */
static gboolean read_members(struct archive *a, struct control *c)
{
	struct archive_entry *e;
	gint64 total = 0;
	int state;

	while ((state = archive_read_next_header(a, &e)) == ARCHIVE_OK || state == ARCHIVE_WARN) {
		GByteArray **text = place_of(c, archive_entry_pathname(e));
		gint64 size = archive_entry_size(e);
		total += CLAMP(size, 0, FILE_CEILING);
		if (size > FILE_CEILING || total > FILE_CEILING || archive_filter_bytes(a, 0) > 2 * FILE_CEILING)
			return FALSE;
		if (text == NULL || archive_entry_filetype(e) != AE_IFREG)
			continue;
		if (*text != NULL || (*text = read_entry(a)) == NULL || strlen((char *)(*text)->data) + 1 != (*text)->len)
			return FALSE;
	}
	return state == ARCHIVE_EOF && c->control != NULL;
}

/* By name: libarchive would run programs for the filters that it knows beside these. */
static gboolean read_control_archive(const GByteArray *bytes, struct control *c)
{
	struct archive *a = archive_read_new();

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_tar(a);
	gboolean good = archive_read_open_memory(a, bytes->data, bytes->len - 1) == ARCHIVE_OK && read_members(a, c);
	archive_read_free(a);
	return good;
}

/* The second member of a .deb, deb(5). */
static gboolean read_control(struct archive *a, struct control *c)
{
	struct archive_entry *e;

	if (archive_read_next_header(a, &e) != ARCHIVE_OK || g_strcmp0(archive_entry_pathname(e), "debian-binary") != 0 ||
	    archive_read_next_header(a, &e) != ARCHIVE_OK || archive_entry_pathname(e) == NULL ||
	    !g_str_has_prefix(archive_entry_pathname(e), "control.tar"))
		return FALSE;
	g_autoptr(GByteArray) bytes = read_entry(a);
	return bytes != NULL && read_control_archive(bytes, c);
}

/* Where the value of a field of a stanza begins; NULL when there is none. */
static const char *find_field(const char *stanza, const char *field)
{
	gsize length = strlen(field);

	for (const char *line = stanza; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (g_ascii_strncasecmp(line, field, length) == 0 && line[length] == ':')
			return line + length + 1;
	}
	return NULL;
}

/* Its first line; NULL when there is none. Caller frees. */
static char *control_field(const char *stanza, const char *field)
{
	const char *value = find_field(stanza, field);

	return value ? g_strstrip(g_strndup(value, strcspn(value, "\n"))) : NULL;
}

static gboolean add_control(struct base *b, const char *name, const struct control *c, GError **error)
{
	g_autofree char *arch = control_field((char *)c->control->data, "Architecture");

	if (g_strcmp0(arch, "all") != 0)
		b->arch = g_steal_pointer(&arch);
	return (c->symbols == NULL || base_debian_symbols(b, name, (char *)c->symbols->data, error)) &&
	       (c->shlibs == NULL || base_debian_shlibs(b, name, (char *)c->shlibs->data, error));
}

struct base *base_debian_package(const char *path, GError **error)
{
	struct archive *a = archive_read_new();
	g_autoptr(base) b = base_new(PACKAGE_DEB);
	g_auto(control) c = {0};

	archive_read_support_format_ar(a);
	gboolean good = archive_read_open_filename(a, path, 65536) == ARCHIVE_OK && read_control(a, &c);
	archive_read_free(a);
	if (!good) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: not a .deb, a damaged one, or one whose control archive is larger than %d MiB", path,
			    FILE_CEILING / 1024 / 1024);
		return NULL;
	}
	return add_control(b, path, &c, error) ? g_steal_pointer(&b) : NULL;
}

/* ---- packages ---- */

/* A field that may go on in further lines, as one line; NULL when there is none, or nothing in it. Caller frees. */
static char *folded_field(const char *stanza, const char *field)
{
	const char *value = find_field(stanza, field), *end = value;

	if (value == NULL)
		return NULL;
	do
		end += strcspn(end, "\n");
	while (*end == '\n' && (end[1] == ' ' || end[1] == '\t') && end++ != NULL);
	g_autofree char *text = g_strdelimit(g_strndup(value, (gsize)(end - value)), "\n", ' ');
	char *line = rest_of(text);
	if (line != NULL && *line == '\0')
		g_clear_pointer(&line, g_free);
	return line;
}

/* Pre-Depends and Depends, or Conflicts and Breaks, together. */
static char *two_fields(const char *stanza, const char *one, const char *other)
{
	char *a = folded_field(stanza, one);
	g_autofree char *b = folded_field(stanza, other), *first = a && b ? a : NULL;

	return first ? g_strconcat(a, ", ", b, NULL) : a ? a : g_steal_pointer(&b);
}

/* Half-installed packages, and those of which only the configuration is left, provide nothing. */
static gboolean is_installed(const char *stanza)
{
	g_autofree char *status = control_field(stanza, "Status");

	return status != NULL && g_str_has_suffix(status, " ok installed");
}

/* What tells one package of a system from another. */
static char *identity(const struct base_package *p)
{
	return g_strconcat(p->name, "_", p->version, "_", p->arch, NULL);
}

static gboolean add_stanza(struct base *b, GHashTable *known, const char *stanza, gboolean available)
{
	g_autoptr(base_package) p = g_new0(struct base_package, 1);

	if (!available && !is_installed(stanza))
		return TRUE;
	p->available = available;
	p->name = control_field(stanza, "Package");
	p->version = control_field(stanza, "Version");
	p->arch = control_field(stanza, "Architecture");
	p->multi_arch = control_field(stanza, "Multi-Arch");
	p->relations[BASE_PROVIDES] = folded_field(stanza, "Provides");
	p->relations[BASE_DEPENDS] = two_fields(stanza, "Pre-Depends", "Depends");
	p->relations[BASE_CONFLICTS] = two_fields(stanza, "Conflicts", "Breaks");
	if (g_strcmp0(p->multi_arch, "no") == 0 || g_strcmp0(p->multi_arch, "") == 0)
		g_clear_pointer(&p->multi_arch, g_free);
	const char *const words[] = {p->name, p->version, p->arch};
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i] == NULL || *words[i] == '\0' || !text_is_plain(words[i]))
			return FALSE;
	if (p->multi_arch != NULL && !text_is_plain(p->multi_arch))
		return FALSE;
	if (g_hash_table_add(known, identity(p)))
		g_ptr_array_add(b->packages, g_steal_pointer(&p));
	return TRUE;
}

gboolean base_debian_packages(struct base *b, const char *name, const char *text, gboolean available, GError **error)
{
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < b->packages->len; i++)
		g_hash_table_add(known, identity(b->packages->pdata[i]));
	for (const char *begin = text; *begin != '\0';) {
		const char *end = strstr(begin, "\n\n");
		gsize size = end ? (gsize)(end - begin) : strlen(begin);
		g_autofree char *stanza = g_strndup(begin, size);
		begin += size;
		begin += strspn(begin, "\n");
		if (*g_strchug(stanza) != '\0' && !add_stanza(b, known, stanza, available)) {
			g_autofree char *line = g_strndup(stanza, MIN(strcspn(stanza, "\n"), 80)), *shown = text_one_line(line);
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s: no package, version or architecture", name, shown);
			return FALSE;
		}
	}
	return TRUE;
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

/* A file as text; NULL, with the error set, when it is none. */
static char *read_text(const char *path, gsize ceiling, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, ceiling, error);
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

	if (bytes == NULL)
		return NULL;
	if (data == NULL || memchr(data, '\0', size) == NULL)
		return g_strndup(data ? data : "", size);
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: not a text file", path);
	return NULL;
}

static gboolean add_files(struct base *b, const char *folder, const char *suffix,
			  gboolean (*add)(struct base *, const char *, const char *, GError **), GError **error)
{
	g_autoptr(GPtrArray) files = files_of(folder, suffix, b->arch);

	for (guint i = 0; i < files->len; i++) {
		g_autofree char *text = read_text(files->pdata[i], FILE_CEILING, error);
		if (text == NULL || !add(b, files->pdata[i], text, error))
			return FALSE;
	}
	return TRUE;
}

/* dpkg itself has the architecture that `dpkg --print-architecture` would say there. */
static char *root_arch(const struct base *b, const char *status, GError **error)
{
	for (guint i = 0; i < b->packages->len; i++) {
		const struct base_package *p = b->packages->pdata[i];
		if (strcmp(p->name, "dpkg") == 0)
			return g_strdup(p->arch);
	}
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: dpkg is not installed there, so its architecture is not known",
		    status);
	return NULL;
}

struct base *base_debian_root(const char *root, GError **error)
{
	g_autofree char *folder = g_build_filename(root, "var/lib/dpkg/info", NULL);
	g_autofree char *status = g_build_filename(root, "var/lib/dpkg/status", NULL);
	g_autofree char *text = read_text(status, STATUS_CEILING, error);
	g_autoptr(base) b = base_new(PACKAGE_DEB);

	if (text == NULL || !base_debian_packages(b, status, text, FALSE, error) ||
	    (b->arch = root_arch(b, status, error)) == NULL ||
	    !add_files(b, folder, ".symbols", base_debian_symbols, error) ||
	    !add_files(b, folder, ".shlibs", base_debian_shlibs, error))
		return NULL;
	return g_steal_pointer(&b);
}
