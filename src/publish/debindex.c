/* apt's Packages index: see debindex.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/debindex.h"
#include "publish/deb822.h"
#include "publish/error.h"

#include <string.h>

#define MOST_VALUE 200

/* apt-ftparchive 2.6's order; other fields follow as they come. NULL is where the repository's own fields stand. */
static const char *const field_order[] = {
	"Package", "Package-Type", "Architecture", "Subarchitecture", "Version", "Kernel-Version", "Built-Using",
	"Static-Built-Using", "Built-For-Profiles", "Auto-Built-Package", "Multi-Arch", "Status", "Priority", "Class",
	"Important", "Protected", "Essential", "Installer-Menu-Item", "Section", "Source", "Origin", "Maintainer",
	"Original-Maintainer", "Bugs", "Config-Version", "Conffiles", "Triggers-Awaited", "Triggers-Pending",
	"Installed-Size", "Provides", "Pre-Depends", "Depends", "Recommends", "Suggests", "Conflicts", "Breaks",
	"Replaces", "Enhances", NULL, "Homepage", "Description", "Tag", "Task",
};

/* Fields that say where a package is and what its bytes are: the repository's word, never the package's. */
static const char *const own_fields[] = {"Filename", "Size", "MD5sum", "SHA1", "SHA256", "SHA512"};

static gboolean bad(GError **error, const char *name, const char *field, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: field %s: %s", name, field, what);
	return FALSE;
}

/* Lower-case letters, digits and, if wanted, upper-case letters and some more characters; not too many of them. */
static gboolean made_of(const char *text, gboolean upper, const char *more)
{
	gsize n = 0;

	for (; text[n] != '\0'; n++)
		if (n == MOST_VALUE || !(g_ascii_islower(text[n]) || g_ascii_isdigit(text[n]) ||
					 (upper && g_ascii_isupper(text[n])) || strchr(more, text[n]) != NULL))
			return FALSE;
	return n > 0;
}

static gboolean is_package(const char *text)
{
	return made_of(text, FALSE, "+-.") && g_ascii_isalnum(*text);
}

static gboolean is_version(const char *text)
{
	return made_of(text, TRUE, ".+~:-") && g_ascii_isalnum(*text);
}

/* What dpkg installs (deb-version(7)), and without a colon but the epoch's, as the rest is part of the file's name. */
static gboolean is_good_version(const char *text)
{
	const char *colon = strchr(text, ':'), *upstream = colon ? colon + 1 : text, *dash = strrchr(upstream, '-');
	g_autofree char *epoch = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup("0");

	return g_ascii_string_to_unsigned(epoch, 10, 0, G_MAXINT32, NULL, NULL) && g_ascii_isdigit(*upstream) &&
	       made_of(upstream, TRUE, ".+~-") && (dash == NULL || dash[1] != '\0');
}

static gboolean is_architecture(const char *text)
{
	return made_of(text, FALSE, "-") && *text != '-';
}

/* One that a package can be built for: no wildcard (dpkg-architecture(1)). */
static gboolean is_real_architecture(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", -1);

	return is_architecture(text) && !g_strv_contains((const char *const *)parts, "any") && strcmp(text, "source") != 0;
}

static char *take(const struct deb822 *d, const char *name, const char *field, gboolean (*valid)(const char *),
		  GError **error)
{
	g_autofree char *value = deb822_get(d, field);

	if (value != NULL && valid(value))
		return g_steal_pointer(&value);
	bad(error, name, field, value ? "malformed, or not one that a package can have" : "missing");
	return NULL;
}

/* "Source: foo (1.0)" names foo; without the field the package is its own source. */
static char *source_name(const struct deb822 *d, const char *package)
{
	char *source = deb822_get(d, "Source");

	if (source == NULL)
		return g_strdup(package);
	source[strcspn(source, " (")] = '\0';
	return source;
}

static char *pool_path(const entry *e, const char *source)
{
	const char *colon = strchr(e->version, ':');
	int letters = g_str_has_prefix(source, "lib") && source[3] != '\0' ? 4 : 1;

	return g_strdup_printf("pool/" RELEASE_COMPONENT "/%.*s/%s/%s_%s_%s.deb", letters, source, source, e->name,
			       colon ? colon + 1 : e->version, e->arch);
}

/* An empty field says nothing, and apt and dpkg drop it too. */
static void append_field(GString *stanza, const struct deb822_field *f)
{
	if (f->value_size == 0)
		return;
	g_string_append_len(stanza, f->name, (gssize)f->name_size);
	g_string_append(stanza, *f->value != '\n' ? ": " : ":");
	g_string_append_len(stanza, f->value, (gssize)f->value_size);
	g_string_append_c(stanza, '\n');
}

static gboolean is_ordered(const struct deb822_field *f)
{
	for (gsize i = 0; i < G_N_ELEMENTS(field_order); i++)
		if (field_order[i] != NULL && deb822_name_is(f, field_order[i]))
			return TRUE;
	return FALSE;
}

static char *stanza(const struct deb822 *d, const entry *e)
{
	g_autoptr(GString) text = g_string_sized_new(d->size + 256);

	for (gsize i = 0; i < G_N_ELEMENTS(field_order); i++) {
		const struct deb822_field *f = field_order[i] ? deb822_find(d, field_order[i]) : NULL;
		if (f != NULL)
			append_field(text, f);
		if (field_order[i] == NULL)
			g_string_append_printf(text, "Filename: %s\nSize: %" G_GUINT64_FORMAT "\nSHA256: %s\n", e->path,
					       e->size, e->sha256);
	}
	for (guint i = 0; i < d->fields->len; i++) {
		const struct deb822_field *f = &g_array_index(d->fields, struct deb822_field, i);
		if (!is_ordered(f))
			append_field(text, f);
	}
	return g_strndup(text->str, text->len - 1);
}

static gboolean take_identity(entry *e, const struct deb822 *d, const char *name, GError **error)
{
	return (e->name = take(d, name, "Package", is_package, error)) != NULL &&
	       (e->version = take(d, name, "Version", is_good_version, error)) != NULL &&
	       (e->arch = take(d, name, "Architecture", is_real_architecture, error)) != NULL;
}

static gboolean check_fields(const struct deb822 *d, const char *name, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(own_fields); i++)
		if (deb822_find(d, own_fields[i]) != NULL)
			return bad(error, name, own_fields[i], "belongs to a repository, not to a package");
	return TRUE;
}

static entry *entry_from(const struct deb822 *d, const char *name, const struct intake_sum *sum, GError **error)
{
	g_autoptr(entry) e = g_new0(entry, 1);

	e->family = &family_deb;
	e->sha256 = g_strdup(sum->sha256);
	e->size = sum->size;
	if (!check_fields(d, name, error) || !take_identity(e, d, name, error))
		return NULL;
	g_autofree char *source = source_name(d, e->name);
	if (!is_package(source)) {
		bad(error, name, "Source", "malformed");
		return NULL;
	}
	e->path = pool_path(e, source);
	e->record[0] = stanza(d, e);
	return g_steal_pointer(&e);
}

entry *debindex_entry(const char *name, const char *control, const struct intake_sum *sum, GError **error)
{
	const char *cursor = control, *end = control + strlen(control);
	g_auto(deb822) d = {0}, more = {0};

	if (!deb822_next(&d, &cursor, end, error) || !deb822_next(&more, &cursor, end, error)) {
		g_prefix_error(error, "%s: control file: ", name);
		return NULL;
	}
	if (more.fields->len > 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: control file: more than one paragraph",
			    name);
		return NULL;
	}
	return entry_from(&d, name, sum, error);
}

/* ---- reading back ---- */

/* Published paths stay inside the pool; anything else was not written by us. */
static gboolean is_pool_path(const char *path)
{
	return g_str_has_prefix(path, "pool/") && g_str_has_suffix(path, ".deb") && strstr(path, "/.") == NULL &&
	       made_of(path, TRUE, "/_.+~-");
}

static gboolean is_sha256(const char *text)
{
	return made_of(text, FALSE, "") && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* The fields of a published stanza that say which package it is. */
enum known {
	PACKAGE,
	VERSION,
	ARCHITECTURE,
	FILENAME,
	SHA256,
	SIZE,
	KNOWN,
};

static const struct {
	const char *name;
	gsize size;
	gboolean (*valid)(const char *); /* of the entry's string; those that have one are its strings, in order */
} known_rows[KNOWN] = {
	[PACKAGE] = {"Package: ", 9, is_package},
	[VERSION] = {"Version: ", 9, is_version},
	[ARCHITECTURE] = {"Architecture: ", 14, is_architecture},
	[FILENAME] = {"Filename: ", 10, is_pool_path},
	[SHA256] = {"SHA256: ", 8, is_sha256},
	[SIZE] = {"Size: ", 6, NULL},
};

static gboolean take_line(struct slice values[KNOWN], const char *line, gsize size, GError **error)
{
	for (guint i = 0; i < KNOWN; i++) {
		gsize n = known_rows[i].size;
		if (size <= n || *line != *known_rows[i].name || memcmp(line, known_rows[i].name, n) != 0)
			continue;
		if (values[i].text != NULL)
			return bad(error, "Packages", known_rows[i].name, "there twice");
		values[i] = (struct slice){line + n, size - n};
	}
	return TRUE;
}

static gboolean take_size(struct slice value, guint64 *size, GError **error)
{
	g_autofree char *text = g_strndup(value.text, value.size);

	return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, size, NULL) ||
	       bad(error, "Packages", "Size", "malformed");
}

/* stanza: which ends with a NUL. */
static entry *entry_from_stanza(char *stanza, const struct slice values[KNOWN], GPtrArray *texts, GError **error)
{
	for (guint i = 0; i < KNOWN; i++)
		if (values[i].text == NULL) {
			bad(error, "Packages", known_rows[i].name, "missing");
			return NULL;
		}
	g_autoptr(entry) e = entry_published(&family_deb, texts, values[PACKAGE], values[VERSION],
					     values[ARCHITECTURE], values[FILENAME], values[SHA256]);
	const char *const strings[] = {e->name, e->version, e->arch, e->path, e->sha256};
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
		if (!known_rows[i].valid(strings[i])) {
			bad(error, "Packages", known_rows[i].name, "malformed");
			return NULL;
		}
	if (!take_size(values[SIZE], &e->size, error))
		return NULL;
	e->record[0] = stanza;
	return g_steal_pointer(&e);
}

/* The stanza at *cursor, whose last newline becomes a NUL; NULL at the end, or with the error set. */
static entry *next_entry(char **cursor, char *end, GPtrArray *texts, GError **error)
{
	struct slice values[KNOWN] = {0};
	char *line, *stanza;

	while (*cursor < end && **cursor == '\n')
		(*cursor)++;
	stanza = line = *cursor;
	while (line < end && *line != '\n') {
		char *newline = memchr(line, '\n', (gsize)(end - line));
		if (newline == NULL || memchr(line, '\0', (gsize)(newline - line)) != NULL) {
			bad(error, "Packages", "unknown", "not a line of text");
			return NULL;
		}
		if (!take_line(values, line, (gsize)(newline - line), error))
			return NULL;
		line = newline + 1;
	}
	*cursor = line;
	if (line == stanza)
		return NULL;
	line[-1] = '\0';
	return entry_from_stanza(stanza, values, texts, error);
}

gboolean debindex_parse(const char *text, gsize size, GHashTable *seen, GPtrArray *entries, GError **error)
{
	char *copy = g_memdup2(text, size), *cursor = copy;
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	GError *cause = NULL;
	entry *e;

	g_ptr_array_add(texts, g_bytes_new_take(copy, size));
	while ((e = next_entry(&cursor, copy + size, texts, &cause)) != NULL) {
		if (g_hash_table_contains(seen, e->path)) {
			entry_free(e);
			continue;
		}
		g_hash_table_add(seen, e->path);
		g_ptr_array_add(entries, e);
	}
	if (cause != NULL)
		g_propagate_error(error, cause);
	return cause == NULL;
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **debindex_architectures(GPtrArray *entries)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *words = g_ptr_array_new();

	g_hash_table_add(seen, (gpointer) "all");
	g_ptr_array_add(words, g_strdup("all"));
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		if (g_hash_table_add(seen, e->arch))
			g_ptr_array_add(words, g_strdup(e->arch));
	}
	g_ptr_array_sort(words, compare_words);
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

guint debindex_count(const char *text, gsize size)
{
	static const char line[] = "\nFilename: ";
	const char *end = text + size;
	guint n = 0;

	while ((text = memmem(text, (gsize)(end - text), line, strlen(line))) != NULL) {
		text += strlen(line);
		n++;
	}
	return n;
}

gboolean debindex_has(const char *architecture, const entry *e)
{
	return strcmp(e->arch, architecture) == 0 || strcmp(e->arch, "all") == 0;
}

void debindex_write(const GPtrArray *entries, const char *architecture, segments *to)
{
	g_autoptr(GString) stanza = g_string_new(NULL);

	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		if (!debindex_has(architecture, e))
			continue;
		g_string_assign(stanza, e->record[0]);
		g_string_append(stanza, "\n\n");
		segments_add(to, stanza->str, stanza->len, segments_boundary(e->sha256));
	}
}
