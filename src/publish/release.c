/* apt's Release file: see release.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/release.h"
#include "publish/deb822.h"
#include "publish/declared.h"
#include "publish/error.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)

static void release_file_free(gpointer data)
{
	struct release_file *f = data;

	g_free(f->path);
	g_free(f->sha256);
	g_free(f);
}

release *release_new(void)
{
	release *r = g_new0(release, 1);

	r->files = g_ptr_array_new_with_free_func(release_file_free);
	r->signed_by = g_new0(char *, 1);
	r->bases = g_new0(char *, 1);
	return r;
}

release *release_successor(const release *old, gint64 date)
{
	release *r = release_new();

	r->origin = g_strdup(old->origin);
	r->label = g_strdup(old->label);
	r->suite = g_strdup(old->suite);
	r->codename = g_strdup(old->codename);
	g_strfreev(r->signed_by);
	r->signed_by = g_strdupv(old->signed_by);
	g_strfreev(r->bases);
	r->bases = g_strdupv(old->bases);
	r->contents = old->contents;
	r->zstd = old->zstd;
	r->valid_days = old->valid_days;
	r->date = date;
	return r;
}

gboolean release_is_signer(const release *r, const char *fingerprint)
{
	for (char **f = r->signed_by; *f != NULL; f++)
		if (g_ascii_strcasecmp(*f, fingerprint) == 0)
			return TRUE;
	return FALSE;
}

void release_free(release *r)
{
	if (r == NULL)
		return;
	g_free(r->origin);
	g_free(r->label);
	g_free(r->suite);
	g_free(r->codename);
	g_strfreev(r->signed_by);
	g_strfreev(r->bases);
	g_free(r->state_sha256);
	g_free(r->repomd_sha256);
	g_strfreev(r->architectures);
	g_ptr_array_unref(r->files);
	g_free(r);
}

static gboolean malformed(GError **error, const char *field, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "Release: field %s: %s", field, what);
	return FALSE;
}

static gboolean take_text(const struct deb822 *d, const char *field, char **to, GError **error)
{
	*to = deb822_get(d, field);
	if (*to == NULL || **to == '\0' || strchr(*to, '\n') != NULL)
		return malformed(error, field, *to ? "not one line of text" : "missing");
	return TRUE;
}

gboolean release_parse_date(const char *text, gint64 *to)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%a, %d %b %Y %H:%M:%S", &tm);

	if (rest == NULL || (strcmp(rest, " UTC") != 0 && strcmp(rest, " GMT") != 0 && strcmp(rest, " +0000") != 0))
		return FALSE;
	*to = (gint64)timegm(&tm);
	return *to >= 0;
}

static gboolean take_date(const struct deb822 *d, const char *field, gint64 *to, GError **error)
{
	g_autofree char *text = NULL;

	return take_text(d, field, &text, error) &&
	       (release_parse_date(text, to) || malformed(error, field, "not a date in UTC from 1970 on"));
}

char *release_date_text(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	g_autofree char *tail = g_date_time_format(when, "%Y %H:%M:%S UTC");

	return g_strdup_printf("%s, %02d %s %s", days[g_date_time_get_day_of_week(when) - 1],
			       g_date_time_get_day_of_month(when), months[g_date_time_get_month(when) - 1], tail);
}

static gboolean is_hex(const char *text, gsize size)
{
	return strlen(text) == size && strspn(text, "0123456789abcdefABCDEF") == size;
}

gboolean release_is_safe_path(const char *path)
{
	return *path != '/' && *path != '\0' && strstr(path, "//") == NULL && strncmp(path, "../", 3) != 0 &&
	       strstr(path, "/../") == NULL && !g_str_has_suffix(path, "/..") && strcmp(path, "..") != 0;
}

static gboolean take_file(release *r, char *line, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(g_strstrip(line), " \t", -1);
	const char *word[3] = {0};
	guint n = 0;
	guint64 size = 0;

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0' && n++ < 3)
			word[n - 1] = *w;
	if (n != 3 || !is_hex(word[0], 64) || !g_ascii_string_to_unsigned(word[1], 10, 0, G_MAXINT64, &size, NULL) ||
	    !release_is_safe_path(word[2]))
		return malformed(error, "SHA256", "not lines of digest, size and path");
	release_add_file(r, word[2], word[0], size);
	return TRUE;
}

static gboolean take_files(release *r, const struct deb822 *d, GError **error)
{
	g_autofree char *text = deb822_get(d, "SHA256");

	if (text == NULL)
		return malformed(error, "SHA256", "missing");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0' && !take_file(r, *line, error))
			return FALSE;
	return TRUE;
}

/* The words of a field that may be missing; DELIMITERS stand between them, empty ones do not count. */
static char **words_of(const struct deb822 *d, const char *field, const char *delimiters)
{
	g_autofree char *text = deb822_get(d, field);
	g_auto(GStrv) parts = g_strsplit_set(text ? text : "", delimiters, -1);
	GPtrArray *words = g_ptr_array_new();

	for (char **part = parts; *part != NULL; part++)
		if (**part != '\0')
			g_ptr_array_add(words, g_strdup(*part));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

static gboolean take_signers(release *r, const struct deb822 *d, GError **error)
{
	g_strfreev(r->signed_by);
	r->signed_by = words_of(d, "Signed-By", ", \t\n");
	if (*r->signed_by == NULL)
		return malformed(error, "Signed-By", "missing");
	for (char **f = r->signed_by; *f != NULL; f++)
		if (!is_hex(*f, 40) && !is_hex(*f, 64))
			return malformed(error, "Signed-By", "not fingerprints with ',' between them");
	return TRUE;
}

/* What abide adds to the fields of apt; each may be missing. */
static gboolean take_own(release *r, const struct deb822 *d, GError **error)
{
	g_auto(GStrv) state = words_of(d, "Abide-State", " \t\n");
	g_autofree char *repomd = deb822_get(d, "Abide-Repomd");
	g_autofree char *contents = deb822_get(d, "Abide-Contents");
	g_autofree char *compression = deb822_get(d, "Abide-Rpm-Compression");

	r->contents = g_strcmp0(contents, "yes") == 0;
	r->zstd = g_strcmp0(compression, "zstd") == 0;
	g_strfreev(r->bases);
	r->bases = words_of(d, "Abide-Bases", " \t\n");
	for (char **base = r->bases; *base != NULL; base++)
		if (!declared_is_word(*base))
			return malformed(error, "Abide-Bases", "not words NAME:SHA256");
	if (repomd != NULL && !is_hex(repomd, 64))
		return malformed(error, "Abide-Repomd", "not a SHA-256");
	r->repomd_sha256 = repomd ? g_ascii_strdown(repomd, -1) : NULL;
	if (*state == NULL)
		return TRUE;
	if (g_strv_length(state) != 2 ||
	    !g_ascii_string_to_unsigned(state[0], 10, 1, RELEASE_MOST_STATES, &r->state, NULL) || !is_hex(state[1], 64))
		return malformed(error, "Abide-State", "not a number and a SHA-256");
	r->state_sha256 = g_ascii_strdown(state[1], -1);
	return TRUE;
}

static gboolean take_fields(release *r, const struct deb822 *d, GError **error)
{
	g_autofree char *architectures = NULL;
	gint64 until = 0;

	if (!take_text(d, "Origin", &r->origin, error) || !take_text(d, "Label", &r->label, error) ||
	    !take_text(d, "Suite", &r->suite, error) || !take_text(d, "Codename", &r->codename, error) ||
	    !take_signers(r, d, error) || !take_own(r, d, error) || !take_date(d, "Date", &r->date, error) ||
	    !take_date(d, "Valid-Until", &until, error) || !take_text(d, "Architectures", &architectures, error) ||
	    !take_files(r, d, error))
		return FALSE;
	if (!release_is_suite(r->suite))
		return malformed(error, "Suite", "not a name");
	if (until < r->date + DAY || until - r->date > (gint64)RELEASE_MOST_DAYS * DAY)
		return malformed(error, "Valid-Until", "not 1 to 3650 days after Date");
	r->valid_days = (guint)((until - r->date) / DAY);
	r->architectures = g_strsplit(architectures, " ", -1);
	return TRUE;
}

release *release_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(release) r = release_new();
	g_auto(deb822) d = {0};
	const char *cursor = text, *end = text + size;

	if (!deb822_next(&d, &cursor, end, error)) {
		g_prefix_error(error, "Release: ");
		return NULL;
	}
	return take_fields(r, &d, error) ? g_steal_pointer(&r) : NULL;
}

static gint compare_files(gconstpointer a, gconstpointer b)
{
	const struct release_file *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

static void append_own(GString *text, const release *r)
{
	g_autofree char *bases = g_strjoinv(" ", r->bases);

	if (*bases != '\0')
		g_string_append_printf(text, "Abide-Bases: %s\n", bases);
	if (r->contents)
		g_string_append(text, "Abide-Contents: yes\n");
	if (r->zstd)
		g_string_append(text, "Abide-Rpm-Compression: zstd\n");
	if (r->repomd_sha256 != NULL)
		g_string_append_printf(text, "Abide-Repomd: %s\n", r->repomd_sha256);
	if (r->state_sha256 != NULL)
		g_string_append_printf(text, "Abide-State: %" G_GUINT64_FORMAT " %s\n", r->state, r->state_sha256);
}

char *release_text(const release *r)
{
	g_autofree char *date = release_date_text(r->date);
	g_autofree char *until = release_date_text(r->date + (gint64)r->valid_days * DAY);
	g_autofree char *architectures = g_strjoinv(" ", r->architectures);
	g_autofree char *signers = g_strjoinv(", ", r->signed_by);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text,
			       "Origin: %s\nLabel: %s\nSuite: %s\nCodename: %s\nDate: %s\nValid-Until: %s\n"
			       "Acquire-By-Hash: yes\nArchitectures: %s\nComponents: " RELEASE_COMPONENT "\n"
			       "Signed-By: %s\n",
			       r->origin, r->label, r->suite, r->codename, date, until, architectures, signers);
	append_own(text, r);
	g_string_append(text, "SHA256:\n");
	g_ptr_array_sort(r->files, compare_files);
	for (guint i = 0; i < r->files->len; i++) {
		const struct release_file *f = r->files->pdata[i];
		g_string_append_printf(text, " %s %" G_GUINT64_FORMAT " %s\n", f->sha256, f->size, f->path);
	}
	return g_string_free(text, FALSE);
}

const struct release_file *release_find(const release *r, const char *path)
{
	for (guint i = 0; i < r->files->len; i++) {
		const struct release_file *f = r->files->pdata[i];
		if (strcmp(f->path, path) == 0)
			return f;
	}
	return NULL;
}

void release_add_file(release *r, const char *path, const char *sha256, guint64 size)
{
	struct release_file *f = g_new(struct release_file, 1);

	*f = (struct release_file){.path = g_strdup(path), .sha256 = g_ascii_strdown(sha256, -1), .size = size};
	g_ptr_array_add(r->files, f);
}

char *release_by_hash(const struct release_file *file)
{
	g_autofree char *dir = g_path_get_dirname(file->path);

	return g_strdup_printf("%s/by-hash/SHA256/%s", dir, file->sha256);
}

gboolean release_is_suite(const char *name)
{
	gsize size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

	return size > 0 && name[size] == '\0' && *name != '.' && *name != '-' && size <= 64;
}
