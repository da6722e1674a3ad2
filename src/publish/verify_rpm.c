/* dnf's metadata, from repomd.xml down: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/codec.h"
#include "publish/repomd.h"
#include "publish/verify_private.h"

#include <string.h>

/* A publication that was stopped between its two steps: the signed metadata waits beside the old. */
static gboolean is_waiting(const struct verify_suite *s)
{
	g_autofree char *path = g_strdup_printf("%s/rpm/%s/.repodata.next/repomd.xml", s->v->dir, s->name);
	g_autoptr(GBytes) text = file_read(path, MOST_RELEASE, NULL);
	gsize size = 0;
	const void *data = text ? g_bytes_get_data(text, &size) : NULL;
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data ? data : "", size);

	return text != NULL && g_strcmp0(sha256, s->settings->repomd_sha256) == 0;
}

static void check_digest(struct verify_suite *s, const char *path, GBytes *text)
{
	gsize size = 0;
	const void *data = g_bytes_get_data(text, &size);
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);

	if (s->settings->repomd_sha256 == NULL || strcmp(sha256, s->settings->repomd_sha256) == 0)
		return;
	if (is_waiting(s))
		verify_note(s->v, VERIFY_DIGEST, TRUE, s->name, path,
			    g_strdup("older than the Release file: a publication was interrupted; the next one "
				     "completes it"));
	else
		verify_note(s->v, VERIFY_DIGEST, FALSE, s->name, path,
			    g_strdup_printf("its SHA-256 is %s, the signed Release file says %s; it was changed behind "
					    "abide's back",
					    sha256, s->settings->repomd_sha256));
}

/* repomd.xml, its signature and digest checked; NULL when it cannot be read at all. */
static GBytes *read_repomd(struct verify_suite *s, const char *path)
{
	g_autofree char *full = g_build_filename(s->v->dir, path, NULL), *asc = g_strconcat(path, ".asc", NULL);
	GError *error = NULL;
	GBytes *text = file_read(full, MOST_RELEASE, &error);

	s->v->report->indexes++;
	if (text == NULL) {
		verify_note_error(s->v, s->name, path, error);
		return NULL;
	}
	check_digest(s, path, text);
	verify_signed_by(s, text, asc);
	return text;
}

static GBytes *read_part(struct verify_suite *s, const struct repomd_file *file)
{
	g_autofree char *path = g_strdup_printf("rpm/%s/%s", s->name, file->href);
	g_autoptr(GBytes) bytes = verify_file(s, path, -1, file->sha256);
	GError *error = NULL;
	GBytes *text = bytes ? codec_decode(bytes, MOST_INDEX, &error) : NULL;

	if (bytes != NULL && text == NULL)
		verify_note_error(s->v, s->name, path, error);
	return text;
}

static void read_parts(struct verify_suite *s, const char *path, const repomd *r)
{
	GBytes *parts[RPMINDEX_PARTS] = {NULL};
	guint first = s->entries->len;
	gboolean whole = TRUE;
	GError *error = NULL;

	for (gsize i = 0; i < RPMINDEX_PARTS; i++)
		whole = (parts[i] = read_part(s, &r->files[i])) != NULL && whole;
	if (whole && rpmindex_parse(parts, s->name, s->entries, &error)) {
		verify_order(s, path, s->entries, first, NULL);
	} else {
		if (error != NULL)
			verify_note_error(s->v, s->name, path, error);
		verify_blind(s, g_strdup_printf("rpm/%s/Packages/", s->name));
	}
	for (gsize i = 0; i < RPMINDEX_PARTS; i++)
		g_clear_pointer(&parts[i], g_bytes_unref);
}

void verify_rpm(struct verify_suite *s)
{
	g_autofree char *path = g_strdup_printf("rpm/%s/repodata/repomd.xml", s->name);
	g_autoptr(GBytes) text = read_repomd(s, verify_known(s->v, g_strdup(path)));
	GError *error = NULL;
	g_autoptr(repomd) r = text ? repomd_parse(text, &error) : NULL;

	if (r != NULL) {
		read_parts(s, path, r);
		return;
	}
	if (text != NULL)
		verify_note_error(s->v, s->name, path, error);
	verify_blind(s, g_strdup_printf("rpm/%s/", s->name));
}
