/* apt's metadata as any publisher may write it: see aptsource.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/aptsource.h"
#include "publish/deb822.h"
#include "publish/error.h"
#include "publish/release.h"

#include <stdio.h>
#include <string.h>

/* Longer lines of a Packages index are none that name files. */
#define LONGEST_LINE 4096

/* More than Debian's largest suite has, times twenty. */
#define MOST_FILES 100000

static void file_free(gpointer data)
{
	struct aptsource_file *f = data;

	g_free(f->path);
	g_free(f->digest);
	g_free(f);
}

void aptsource_free(aptsource *a)
{
	if (a == NULL)
		return;
	g_free(a->origin);
	g_free(a->suite);
	g_free(a->codename);
	g_strfreev(a->signed_by);
	g_free(a->state_sha256);
	g_free(a->repomd_sha256);
	g_ptr_array_unref(a->files);
	g_free(a);
}

static gboolean malformed(GError **error, const char *field, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "field %s: %s", field, what);
	return FALSE;
}

/* ---- Release ---- */

static gboolean take_date(const struct deb822 *d, const char *field, gint64 *to, GError **error)
{
	g_autofree char *text = deb822_get(d, field);

	return text == NULL || release_parse_date(text, to) ||
	       malformed(error, field, "not a date in UTC from 1970 on");
}

static char **take_keys(const struct deb822 *d)
{
	g_autofree char *text = deb822_get(d, "Signed-By");
	g_autoptr(GPtrArray) keys = g_ptr_array_new();

	if (text == NULL)
		return NULL;
	g_auto(GStrv) words = g_strsplit_set(text, " ,\t\n", -1);
	for (char **w = words; *w != NULL; w++) {
		gsize size = strcspn(*w, "!"); /* "FINGERPRINT!": this very subkey */
		if ((size == 40 || size == 64) && strspn(*w, "0123456789abcdefABCDEF") == size)
			g_ptr_array_add(keys, g_ascii_strup(*w, (gssize)size));
	}
	if (keys->len == 0)
		return NULL;
	g_ptr_array_add(keys, NULL);
	return (char **)g_ptr_array_steal(keys, NULL);
}

static gboolean take_file(aptsource *a, GHashTable *seen, enum digest_kind kind, char *line, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(g_strstrip(line), " \t", -1);
	const char *word[3] = {0};
	guint n = 0;
	guint64 size = 0;

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0' && n++ < 3)
			word[n - 1] = *w;
	if (n != 3 || !download_is_digest(kind, word[0]) ||
	    !g_ascii_string_to_unsigned(word[1], 10, 0, G_MAXINT64, &size, NULL))
		return malformed(error, kind == DIGEST_SHA256 ? "SHA256" : "SHA512",
				 "not lines of digest, size and path");
	if (!download_path_is_safe(word[2])) {
		g_autofree char *shown = g_strescape(word[2], NULL);
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "the path \"%s\" leads elsewhere", shown);
		return FALSE;
	}
	if (a->files->len == MOST_FILES)
		return malformed(error, "SHA256", "too many files");
	struct aptsource_file *f = g_new(struct aptsource_file, 1);
	*f = (struct aptsource_file){
		.path = g_strdup(word[2]), .kind = kind, .digest = g_ascii_strdown(word[0], -1), .size = size};
	if (!g_hash_table_add(seen, f->path)) {
		file_free(f);
		return malformed(error, "SHA256", "a path is there twice");
	}
	g_ptr_array_add(a->files, f);
	return TRUE;
}

static gboolean take_files(aptsource *a, const struct deb822 *d, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	enum digest_kind kind = deb822_find(d, "SHA256") ? DIGEST_SHA256 : DIGEST_SHA512;
	g_autofree char *text = deb822_get(d, kind == DIGEST_SHA256 ? "SHA256" : "SHA512");

	if (text == NULL && (deb822_find(d, "MD5Sum") || deb822_find(d, "SHA1"))) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "it has only digests weaker than SHA-256, which prove nothing");
		return FALSE;
	}
	if (text == NULL)
		return malformed(error, "SHA256", "missing");
	for (char *line = text, *next; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (line[strspn(line, " \t")] != '\0' && !take_file(a, seen, kind, line, error))
			return FALSE;
	}
	return TRUE;
}

/* What abide's own Release files say besides (release.h). */
static gboolean take_own(aptsource *a, const struct deb822 *d, GError **error)
{
	g_autofree char *state = deb822_get(d, "Abide-State");
	g_autofree char *repomd = deb822_get(d, "Abide-Repomd");
	char *digest = state ? strchr(state, ' ') : NULL;

	if (repomd != NULL && !download_is_digest(DIGEST_SHA256, repomd))
		return malformed(error, "Abide-Repomd", "not a SHA-256");
	a->repomd_sha256 = repomd ? g_ascii_strdown(repomd, -1) : NULL;
	if (state == NULL)
		return TRUE;
	if (digest != NULL)
		*digest++ = '\0';
	if (digest == NULL || !download_is_digest(DIGEST_SHA256, digest) ||
	    !g_ascii_string_to_unsigned(state, 10, 1, G_MAXINT64, &a->state, NULL))
		return malformed(error, "Abide-State", "not a number and a SHA-256");
	a->state_sha256 = g_ascii_strdown(digest, -1);
	return TRUE;
}

aptsource *aptsource_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(aptsource) a = g_new0(aptsource, 1);
	g_auto(deb822) d = {0};
	const char *cursor = text, *end = text + size;

	a->files = g_ptr_array_new_with_free_func(file_free);
	if (!deb822_next(&d, &cursor, end, error))
		return NULL;
	g_autofree char *by_hash = deb822_get(&d, "Acquire-By-Hash");
	a->origin = deb822_get(&d, "Origin");
	a->suite = deb822_get(&d, "Suite");
	a->codename = deb822_get(&d, "Codename");
	a->signed_by = take_keys(&d);
	a->by_hash = by_hash != NULL && g_ascii_strcasecmp(by_hash, "yes") == 0;
	if (!take_date(&d, "Date", &a->date, error) || !take_date(&d, "Valid-Until", &a->valid_until, error) ||
	    !take_own(a, &d, error))
		return NULL;
	if (a->date == 0) {
		malformed(error, "Date", "missing");
		return NULL;
	}
	return take_files(a, &d, error) ? g_steal_pointer(&a) : NULL;
}

char *aptsource_by_hash(const struct aptsource_file *file)
{
	g_autofree char *dir = g_path_get_dirname(file->path);

	return g_strdup_printf("%s%sby-hash/%s/%s", strcmp(dir, ".") == 0 ? "" : dir, strcmp(dir, ".") == 0 ? "" : "/",
			       file->kind == DIGEST_SHA256 ? "SHA256" : "SHA512", file->digest);
}

const struct aptsource_file *aptsource_find(const aptsource *a, const char *path)
{
	for (guint i = 0; i < a->files->len; i++) {
		const struct aptsource_file *f = a->files->pdata[i];
		if (strcmp(f->path, path) == 0)
			return f;
	}
	return NULL;
}

char *aptsource_clear_text(const char *file, gsize size)
{
	static const char begin[] = "-----BEGIN PGP SIGNED MESSAGE-----\n", stop[] = "\n-----BEGIN PGP SIGNATURE-----";
	const char *end = file + size;

	if (size < strlen(begin) || memcmp(file, begin, strlen(begin)) != 0)
		return g_strndup(file, size);
	const char *blank = memmem(file, size, "\n\n", 2);
	const char *at = blank ? blank + 2 : end;
	const char *signature = memmem(at, (gsize)(end - at), stop, strlen(stop));
	GString *text = g_string_new(NULL);
	end = signature ? signature + 1 : end;
	while (at < end) {
		const char *newline = memchr(at, '\n', (gsize)(end - at)), *next = newline ? newline + 1 : end;
		if (next - at > 2 && at[0] == '-' && at[1] == ' ')
			at += 2;
		g_string_append_len(text, at, next - at);
		at = next;
	}
	return g_string_free(text, FALSE);
}

/* ---- Packages ---- */

void aptsource_scan_clear(struct aptsource_scan *scan)
{
	GString *texts[] = {scan->line, scan->path, scan->sha256, scan->sha512, scan->number};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] != NULL)
			g_string_free(texts[i], TRUE);
	scan->line = scan->path = scan->sha256 = scan->sha512 = scan->number = NULL;
}

static void begin(struct aptsource_scan *scan)
{
	scan->line = g_string_sized_new(256);
	scan->path = g_string_new(NULL);
	scan->sha256 = g_string_new(NULL);
	scan->sha512 = g_string_new(NULL);
	scan->number = g_string_new(NULL);
}

static gboolean bad(GError **error, const struct aptsource_scan *scan, enum publish_error code, const char *what)
{
	g_autofree char *shown = g_strescape(scan->path->str, NULL);

	g_set_error(error, PUBLISH_ERROR, (gint)code, "package \"%s\": %s", shown, what);
	return FALSE;
}

static gboolean end_paragraph(struct aptsource_scan *scan, GError **error)
{
	enum digest_kind kind = scan->sha256->len ? DIGEST_SHA256 : DIGEST_SHA512;
	GString *digest = kind == DIGEST_SHA256 ? scan->sha256 : scan->sha512;
	const char *path = download_plain_path(scan->path->str);
	guint64 size = 0;

	if (!scan->any)
		return TRUE;
	if (scan->path->len == 0)
		return bad(error, scan, PUBLISH_ERROR_INPUT, "a paragraph without Filename");
	if (!download_path_is_safe(path))
		return bad(error, scan, PUBLISH_ERROR_INPUT, "its path leads elsewhere");
	if (digest->len == 0)
		return bad(error, scan, PUBLISH_ERROR_DIGEST, "it has no digest of at least SHA-256");
	if (!download_is_digest(kind, digest->str) ||
	    !g_ascii_string_to_unsigned(scan->number->str, 10, 0, G_MAXINT64, &size, NULL))
		return bad(error, scan, PUBLISH_ERROR_INPUT, "Size or SHA256 is malformed");
	if (!scan->named(path, kind, digest->str, size, scan->user, error))
		return FALSE;
	scan->any = FALSE;
	g_string_truncate(scan->path, 0);
	g_string_truncate(scan->sha256, 0);
	g_string_truncate(scan->sha512, 0);
	g_string_truncate(scan->number, 0);
	return TRUE;
}

static gboolean end_line(struct aptsource_scan *scan, GError **error)
{
	const struct {
		const char *name;
		GString *to;
	} fields[] = {{"Filename:", scan->path},
		      {"Size:", scan->number},
		      {"SHA256:", scan->sha256},
		      {"SHA512:", scan->sha512}};
	const char *line = scan->line->str;

	if (scan->line->len == 0)
		return end_paragraph(scan, error);
	scan->any = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		gsize n = strlen(fields[i].name);
		if (g_ascii_strncasecmp(line, fields[i].name, n) != 0)
			continue;
		if (fields[i].to->len != 0 || scan->cut || strlen(line) != scan->line->len)
			return bad(error, scan, PUBLISH_ERROR_INPUT, "a field is there twice, or malformed");
		g_autofree char *value = g_strstrip(g_strdup(line + n));
		g_string_assign(fields[i].to, value);
	}
	return TRUE;
}

gboolean aptsource_scan(const char *data, gsize size, gpointer user, GError **error)
{
	struct aptsource_scan *scan = user;
	const char *end = data + size;

	if (scan->line == NULL)
		begin(scan);
	while (data < end) {
		const char *newline = memchr(data, '\n', (gsize)(end - data));
		gsize n = (gsize)((newline ? newline : end) - data);
		gsize room = LONGEST_LINE - MIN(scan->line->len, LONGEST_LINE);
		scan->cut = scan->cut || n > room;
		g_string_append_len(scan->line, data, (gssize)MIN(n, room));
		if (newline == NULL)
			return TRUE;
		if (!end_line(scan, error))
			return FALSE;
		g_string_truncate(scan->line, 0);
		scan->cut = FALSE;
		data = newline + 1;
	}
	return TRUE;
}

gboolean aptsource_scan_end(struct aptsource_scan *scan, GError **error)
{
	if (scan->line == NULL)
		return TRUE;
	return (scan->line->len == 0 || end_line(scan, error)) && end_paragraph(scan, error);
}
