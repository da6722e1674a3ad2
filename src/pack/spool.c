/* Contents in one nameless file: see spool.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define COPY_SIZE (64 * 1024)

struct spool {
	gatomicrefcount references;
	int fd;
	guint64 size;
};

static gboolean failed(int errnum, GError **error)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "%s: cannot write a temporary file: %s", g_get_tmp_dir(),
		    g_strerror(errnum));
	return FALSE;
}

/* Not every file system has files without names; a name that is removed at once does as well. */
static int open_nameless(void)
{
	int fd = open(g_get_tmp_dir(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "abide-spool-XXXXXX", NULL);
	fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		g_unlink(path);
	return fd;
}

spool *spool_new(GError **error)
{
	int fd = open_nameless();

	if (fd < 0) {
		failed(errno, error);
		return NULL;
	}
	spool *s = g_new0(spool, 1);
	g_atomic_ref_count_init(&s->references);
	s->fd = fd;
	return s;
}

spool *spool_ref(spool *s)
{
	g_atomic_ref_count_inc(&s->references);
	return s;
}

void spool_unref(spool *s)
{
	if (s == NULL || !g_atomic_ref_count_dec(&s->references))
		return;
	close(s->fd);
	g_free(s);
}

static gboolean append(spool *s, const char *data, gsize size, GError **error)
{
	while (size > 0) {
		ssize_t n = pwrite(s->fd, data, size, (off_t)s->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(n < 0 ? errno : ENOSPC, error);
		data += n;
		size -= (gsize)n;
		s->size += (guint64)n;
	}
	return TRUE;
}

gboolean spool_add(spool *s, int from, struct spool_part *part, GError **error)
{
	char buffer[COPY_SIZE];
	guint64 begin = s->size;
	ssize_t n;

	*part = (struct spool_part){0};
	while ((n = pread(from, buffer, COPY_SIZE, (off_t)(s->size - begin))) != 0) {
		if (n < 0 && errno != EINTR)
			return failed(errno, error);
		if (n > 0 && !append(s, buffer, (gsize)n, error))
			return FALSE;
	}
	*part = (struct spool_part){spool_ref(s), begin, s->size - begin};
	return TRUE;
}

ssize_t spool_read(const struct spool_part *part, void *buffer, gsize size, guint64 at)
{
	return at >= part->size ? 0
				: pread(part->spool->fd, buffer, MIN(size, part->size - at), (off_t)(part->offset + at));
}

void spool_part_clear(struct spool_part *part)
{
	spool_unref(part->spool);
	*part = (struct spool_part){0};
}
