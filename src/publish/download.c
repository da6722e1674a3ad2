/* Files on their way into a mirror: see download.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/download.h"
#include "core/file.h"
#include "publish/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (128 * 1024)
#define LONGEST_PATH 1024

struct download *download_new(const char *path, enum digest_kind kind, const char *digest, guint64 size)
{
	struct download *d = g_new0(struct download, 1);

	d->path = g_strdup(path);
	d->kind = kind;
	d->digest = g_ascii_strdown(digest, -1);
	d->size = size;
	return d;
}

void download_free(gpointer download)
{
	struct download *d = download;

	if (d == NULL)
		return;
	g_free(d->path);
	g_free(d->by_hash);
	g_free(d->digest);
	g_free(d->staged);
	g_free(d);
}

gboolean download_path_is_safe(const char *path)
{
	gboolean begins = TRUE;
	const char *p = path;

	for (; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p) || *p == '\\' || (begins && (*p == '/' || *p == '.')))
			return FALSE;
		begins = *p == '/';
	}
	return !begins && p - path <= LONGEST_PATH && g_utf8_validate(path, -1, NULL);
}

const char *download_plain_path(const char *path)
{
	while (g_str_has_prefix(path, "./"))
		path += 2;
	return path;
}

gboolean download_digest_kind(const char *name, enum digest_kind *kind)
{
	if (g_ascii_strcasecmp(name, "sha256") == 0)
		*kind = DIGEST_SHA256;
	else if (g_ascii_strcasecmp(name, "sha512") == 0)
		*kind = DIGEST_SHA512;
	else
		return FALSE;
	return TRUE;
}

gboolean download_is_digest(enum digest_kind kind, const char *text)
{
	gsize size = kind == DIGEST_SHA512 ? 128 : 64;

	return strlen(text) == size && strspn(text, "0123456789abcdefABCDEF") == size;
}

/* ---- digests of files ---- */

/* Hands at most MOST bytes from the file's position to SUM; returns how many, or -1. */
static gint64 digest_fd(int fd, guint64 most, digest *sum)
{
	g_autofree char *block = g_malloc(BLOCK);
	guint64 total = 0;

	while (total < most) {
		ssize_t n = read(fd, block, (gsize)MIN(most - total, BLOCK));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		digest_update(sum, block, (gsize)n);
		total += (guint64)n;
	}
	return (gint64)total;
}

char *download_digest_file(const char *path, enum digest_kind kind, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	g_autoptr(digest) sum = digest_new(kind);
	struct stat st;

	if (fd < 0) {
		file_error(error, errno, path, "open");
		return NULL;
	}
	errno = EINVAL;
	gboolean ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && digest_fd(fd, G_MAXINT64, sum) >= 0;
	int errnum = errno;
	close(fd);
	if (ok)
		return digest_hex(sum);
	file_error(error, errnum, path, "read");
	return NULL;
}

/* ---- sinks ---- */

void sink_clear(struct sink *s)
{
	if (!s->open)
		return;
	if (s->fd >= 0)
		close(s->fd);
	digest_free(s->sum);
	g_free(s->part);
	g_free(s->whole);
	*s = (struct sink){0};
}

static gboolean fail(struct sink *s, const char *what, GError **error)
{
	return file_error(error, errno, s->part, what);
}

gboolean sink_restart(struct sink *s, GError **error)
{
	digest_again(s->sum);
	s->have = s->resumed = 0;
	if (ftruncate(s->fd, 0) < 0 || lseek(s->fd, 0, SEEK_SET) < 0)
		return fail(s, "write", error);
	return TRUE;
}

/* What an earlier run left is digested; the rest of the file is written behind it. */
static gboolean take_over(struct sink *s, GError **error)
{
	struct stat st;

	if (fstat(s->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(s, "write", error);
	if ((guint64)st.st_size > s->d->size)
		return sink_restart(s, error);
	gint64 have = digest_fd(s->fd, s->d->size, s->sum);
	if (have < 0)
		return fail(s, "read", error);
	s->have = s->resumed = (guint64)have;
	return TRUE;
}

gboolean sink_open(struct sink *s, const struct download *d, const char *parts, GError **error)
{
	*s = (struct sink){.d = d, .open = TRUE, .fd = -1};
	s->sum = digest_new(d->kind);
	s->whole = g_build_filename(parts, d->digest, NULL);
	s->part = g_strconcat(s->whole, ".part", NULL);
	/* A hard link to somebody's file must never be written to: see source_dir.c. */
	struct stat st;
	if (lstat(s->part, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_nlink != 1))
		unlink(s->part);
	s->fd = open(s->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (s->fd >= 0 && fchmod(s->fd, 0644) == 0 && take_over(s, error))
		return TRUE;
	if (error != NULL && *error == NULL)
		fail(s, "write", error);
	sink_clear(s);
	return FALSE;
}

gboolean sink_write(struct sink *s, const void *data, gsize size, GError **error)
{
	if (size > s->d->size - s->have) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: more than the %" G_GUINT64_FORMAT
			    " bytes that are signed for; nothing beyond them was read",
			    s->d->path, s->d->size);
		return FALSE;
	}
	const char *at = data;
	for (gsize left = size; left > 0;) {
		ssize_t n = write(s->fd, at, left);
		if (n < 0 && errno != EINTR)
			return fail(s, "write", error);
		if (n > 0) {
			at += n;
			left -= (gsize)n;
		}
	}
	digest_update(s->sum, data, size);
	s->have += size;
	return TRUE;
}

static gboolean refuse(struct sink *s, const char *found, GError **error)
{
	if (s->have < s->d->size)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: %" G_GUINT64_FORMAT " bytes, the signed metadata says %" G_GUINT64_FORMAT, s->d->path,
			    s->have, s->d->size);
	else
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its digest is %s, the signed metadata says %s", s->d->path, found, s->d->digest);
	unlink(s->part);
	return FALSE;
}

gboolean sink_finish(struct sink *s, char **staged, GError **error)
{
	g_autofree char *found = digest_hex(s->sum);
	gboolean ok = TRUE;

	if (s->have != s->d->size || strcmp(found, s->d->digest) != 0)
		ok = refuse(s, found, error);
	else if (rename(s->part, s->whole) < 0)
		ok = fail(s, "rename", error);
	else
		*staged = g_strdup(s->whole);
	sink_clear(s);
	return ok;
}
