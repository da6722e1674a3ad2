/* A mirror's source that is a directory: a disk, a USB stick, NFS. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/error.h"
#include "publish/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (128 * 1024)

struct directory {
	struct source base;
	char *top;
};

static gboolean takes(const char *where)
{
	return g_str_has_prefix(where, "file:") || strstr(where, "://") == NULL;
}

static void directory_free(source *s)
{
	struct directory *d = (struct directory *)s;

	g_free(d->base.where);
	g_free(d->top);
	g_free(d);
}

static source *directory_open(const char *where, const struct source_limits *limits, GError **error)
{
	g_autofree char *top =
		g_str_has_prefix(where, "file:") ? g_filename_from_uri(where, NULL, NULL) : g_strdup(where);

	(void)limits;
	if (top == NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: not a file: URL of this machine", where);
		return NULL;
	}
	if (!g_file_test(top, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, "%s: no such directory", top);
		return NULL;
	}
	struct directory *d = g_new0(struct directory, 1);
	d->base.kind = &source_directory;
	d->base.where = g_strdup(where);
	d->top = g_steal_pointer(&top);
	return &d->base;
}

/* A regular file, open for reading, or -1. */
static int open_file(struct directory *s, const char *path, struct stat *st, GError **error)
{
	g_autofree char *full = g_build_filename(s->top, path, NULL);
	int fd = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		source_absent(&s->base, path, error);
		return -1;
	}
	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode)) {
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		return fd;
	}
	file_error(error, fd < 0 ? errno : EINVAL, full, "read");
	if (fd >= 0)
		close(fd);
	return -1;
}

static GBytes *directory_read(source *base, const char *path, gsize ceiling, GError **error)
{
	struct directory *s = (struct directory *)base;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct stat st;
	int fd = open_file(s, path, &st, error);
	ssize_t n = 1;

	if (fd < 0)
		return NULL;
	while (n > 0 && bytes->len <= ceiling) {
		guint used = bytes->len;
		g_byte_array_set_size(bytes, used + BLOCK);
		do
			n = read(fd, bytes->data + used, BLOCK);
		while (n < 0 && errno == EINTR);
		g_byte_array_set_size(bytes, used + (n > 0 ? (guint)n : 0));
	}
	int errnum = errno;
	close(fd);
	if (n < 0)
		file_error(error, errnum, path, "read");
	else if (bytes->len > ceiling)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST, "%s: more than %" G_GSIZE_FORMAT " bytes", path,
			    ceiling);
	else
		return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	return NULL;
}

static gboolean copy(struct directory *s, int fd, struct sink *to, struct tally *t, GError **error)
{
	g_autofree char *block = g_malloc(BLOCK);
	ssize_t n = 0;

	if (lseek(fd, (off_t)to->have, SEEK_SET) < 0)
		return file_error(error, errno, to->d->path, "read");
	while ((n = read(fd, block, BLOCK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(error, errno, to->d->path, "read");
		if (!sink_write(to, block, (gsize)n, error))
			return FALSE;
		t->done += (guint64)n;
		progress_report(t->progress, PROGRESS_BYTES, t->done, t->total, to->d->path);
		source_pace(&s->base, (gsize)n);
	}
	return TRUE;
}

/*
 * A second name for the source's file, or a copy that shares its blocks, where the file system has that. A link only to
 * what nobody but us could change in place. What is there then is proved like any other part.
 */
static gboolean share(int fd, const struct stat *st, struct download *d, const char *parts)
{
	g_autofree char *part = g_strdup_printf("%s/%s.part", parts, d->digest);
	g_autofree char *self = g_strdup_printf("/proc/self/fd/%d", fd);

	if (!d->shareable || (guint64)st->st_size != d->size || access(part, F_OK) == 0)
		return FALSE;
	int to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	gboolean cloned = to >= 0 && fchmod(to, 0644) == 0 && ioctl(to, FICLONE, fd) == 0;
	if (to >= 0)
		close(to);
	if (cloned)
		return TRUE;
	unlink(part);
	d->linked = st->st_uid == geteuid() && (st->st_mode & 07777) == 0644 &&
		    linkat(AT_FDCWD, self, AT_FDCWD, part, AT_SYMLINK_FOLLOW) == 0;
	return d->linked;
}

/* What share() left at the part's name, proved and named; FALSE: it is not what was signed for, and gone. */
static gboolean take_shared(struct download *d, const char *parts, GError **error)
{
	g_autofree char *whole = g_build_filename(parts, d->digest, NULL);
	g_autofree char *part = g_strconcat(whole, ".part", NULL);
	g_autofree char *found = download_digest_file(part, d->kind, error);

	if (found == NULL)
		return FALSE;
	if (strcmp(found, d->digest) != 0) {
		unlink(part);
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its digest is %s, the signed metadata says %s", d->path, found, d->digest);
		return FALSE;
	}
	if (rename(part, whole) < 0)
		return file_error(error, errno, whole, "write");
	d->staged = g_steal_pointer(&whole);
	return TRUE;
}

static gboolean take_copy(struct directory *s, int fd, struct download *d, const char *parts, struct tally *t,
			  GError **error)
{
	g_auto(sink) to = {0};

	if (!sink_open(&to, d, parts, error))
		return FALSE;
	d->resumed = to.have;
	t->done += to.have;
	return copy(s, fd, &to, t, error) && sink_finish(&to, &d->staged, error);
}

/* error: not NULL. */
static gboolean fetch_one(struct directory *s, struct download *d, const char *parts, struct tally *t, GError **error)
{
	struct stat st;
	int fd = open_file(s, d->path, &st, error);

	if (fd < 0 && d->optional && g_error_matches(*error, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT)) {
		g_clear_error(error);
		d->absent = TRUE;
		return TRUE;
	}
	if (fd < 0)
		return FALSE;
	gboolean shared = share(fd, &st, d, parts);
	gboolean ok = shared ? take_shared(d, parts, error) : take_copy(s, fd, d, parts, t, error);
	close(fd);
	if (!ok && d->resumed > 0 && g_error_matches(*error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST)) {
		g_clear_error(error); /* what an earlier run left was bad; it is gone now */
		d->resumed = 0;
		return fetch_one(s, d, parts, t, error);
	}
	if (!ok)
		return FALSE;
	t->done += shared ? d->size : 0;
	tally_took(t, d, shared ? 0 : d->size - d->resumed);
	return TRUE;
}

static gboolean directory_fetch(source *base, GPtrArray *downloads, const char *parts, struct tally *t, GError **error)
{
	g_autoptr(GError) cause = NULL;

	for (guint i = 0; i < downloads->len; i++)
		if (!fetch_one((struct directory *)base, downloads->pdata[i], parts, t, &cause)) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return FALSE;
		}
	return TRUE;
}

const struct source_kind source_directory = {
	.takes = takes,
	.open = directory_open,
	.read = directory_read,
	.fetch = directory_fetch,
	.free = directory_free,
};
