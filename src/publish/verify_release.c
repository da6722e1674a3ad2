/* InRelease, Release and Release.gpg: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/verify_private.h"

#include <string.h>

/* What apt takes for a clock that is wrong, in seconds (Acquire::Max-FutureTime). */
#define FUTURE 10

gboolean verify_signed_by(struct verify_suite *s, GBytes *data, const char *path)
{
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	GError *error = NULL;
	g_autoptr(GBytes) signature = file_read(full, MOST_RELEASE, &error);

	if (signature != NULL && keyring_verify_detached(s->v->keys, data, signature,
							 (const char *const *)s->settings->signed_by, &error))
		return TRUE;
	verify_note_error(s->v, s->name, path, error);
	return FALSE;
}

/* The signed text, with the fingerprints in *signers; NULL, noted, when there is none. */
static GBytes *read_signed(struct verify_suite *s, const char *path, char ***signers)
{
	g_autofree char *full = g_build_filename(s->v->dir, path, NULL);
	GError *error = NULL;
	g_autoptr(GBytes) file = file_read(full, MOST_RELEASE, &error);
	GBytes *text = file ? keyring_verify_clear(s->v->keys, file, signers, &error) : NULL;

	if (text == NULL)
		verify_note_error(s->v, s->name, path, error);
	return text;
}

static gboolean same_text(GBytes *a, GBytes *b)
{
	gsize x = 0, y = 0;
	const char *p = g_bytes_get_data(a, &x), *q = g_bytes_get_data(b, &y);

	while (x > 0 && g_ascii_isspace(p[x - 1]))
		x--;
	while (y > 0 && g_ascii_isspace(q[y - 1]))
		y--;
	return x == y && (x == 0 || memcmp(p, q, x) == 0);
}

/* Release, for clients that do not read InRelease. text: what InRelease says; NULL: nothing that counts. */
static GBytes *read_plain(struct verify_suite *s, GBytes *text)
{
	g_autofree char *path = g_strdup_printf("dists/%s/Release", s->name);
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	GError *error = NULL;
	GBytes *plain = file_read(full, MOST_RELEASE, &error);

	if (plain == NULL)
		verify_note_error(s->v, s->name, path, error);
	else if (text != NULL && !same_text(text, plain))
		verify_note(s->v, VERIFY_DIGEST, FALSE, s->name, path, g_strdup("not the text that InRelease has"));
	return plain;
}

static char *date_text(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

	return when ? g_date_time_format_iso8601(when) : g_strdup("?");
}

static void check_dates(struct verify_suite *s, const char *path)
{
	gint64 until = s->settings->date + (gint64)s->settings->valid_days * 24 * 3600, now = s->v->options->now;
	g_autofree char *shown = date_text(until), *date = date_text(s->settings->date);

	if (until <= now)
		verify_note(s->v, VERIFY_EXPIRY, FALSE, s->name, path,
			    g_strdup_printf("expired at %s: apt refuses it; publish again", shown));
	else if (until - now <= VERIFY_SOON)
		verify_note(s->v, VERIFY_EXPIRY, TRUE, s->name, path,
			    g_strdup_printf("expires at %s, in %d days; publish again before", shown,
					    (int)((until - now) / (24 * 3600))));
	if (s->settings->date > now + FUTURE)
		verify_note(
			s->v, VERIFY_EXPIRY, TRUE, s->name, path,
			g_strdup_printf("published at %s, which is in the future: apt refuses it until then", date));
}

/* signers: NULL when the signature is of no use. */
static void check_settings(struct verify_suite *s, const char *path, char **signers)
{
	const release *r = s->settings;

	if (strcmp(r->suite, s->name) != 0)
		verify_note(s->v, VERIFY_SIGNATURE, FALSE, s->name, path,
			    g_strdup_printf("signed for the suite '%s', not '%s'", r->suite, s->name));
	gboolean named = signers == NULL;
	for (char **signer = signers; !named && *signer != NULL; signer++)
		named = release_is_signer(r, *signer);
	if (!named)
		verify_note(s->v, VERIFY_SIGNATURE, FALSE, s->name, path,
			    g_strdup_printf("signed by %s, which its Signed-By does not name", *signers));
	check_dates(s, path);
}

/* What InRelease says; if its signature is of no use, what Release says, so that more can be found. */
void verify_release(struct verify_suite *s)
{
	g_autofree char *path = g_strdup_printf("dists/%s/InRelease", s->name);
	g_auto(GStrv) signers = NULL;
	const char *gpg = verify_known(s->v, g_strdup_printf("dists/%s/Release.gpg", s->name));
	g_autoptr(GBytes) text = read_signed(s, verify_known(s->v, g_strdup(path)), &signers),
			  plain = read_plain(s, text);
	GBytes *read = text ? text : plain;
	GError *error = NULL;
	gsize size = 0;

	if (read == NULL)
		return;
	const char *data = g_bytes_get_data(read, &size);
	s->settings = release_parse(data, size, &error);
	if (s->settings == NULL) {
		verify_note_error(s->v, s->name, path, error);
		return;
	}
	check_settings(s, path, signers);
	if (plain != NULL)
		verify_signed_by(s, plain, gpg);
}
