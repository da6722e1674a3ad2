/* Reading a package once: see intake.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/intake.h"
#include "core/file.h"
#include "publish/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is read at once: no more than the file has, as most packages are small and there are many. */
#define MOST_BUFFER (128 * 1024)
#define LEAST_BUFFER 4096
#define MOST_TAPS 2

struct intake {
	char *name;
	char *copy_name;
	int source, copy; /* -1: none */
	const guint8 *memory;
	gsize memory_left;
	guint64 size; /* read so far */
	digest *sha256;
	digest *taps[MOST_TAPS]; /* not owned */
	guint n_taps;
	guint8 *buffer;
	gsize room;       /* of the buffer */
	gsize begin, end; /* of what is read but not handed out */
};

static intake *intake_new(const char *name)
{
	intake *in = g_new0(intake, 1);

	in->name = g_strdup(name);
	in->source = in->copy = -1;
	in->sha256 = digest_new(DIGEST_SHA256);
	return in;
}

static void make_room(intake *in, guint64 size)
{
	in->room = (gsize)CLAMP(size, LEAST_BUFFER, MOST_BUFFER);
	in->buffer = g_malloc(in->room);
}

intake *intake_open(const char *source, const char *copy, GError **error)
{
	g_autoptr(intake) in = intake_new(source);
	struct stat st;

	in->copy_name = g_strdup(copy);
	in->source = open(source, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (in->source < 0 || fstat(in->source, &st) < 0) {
		file_error(error, errno, source, "open");
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not a regular file", source);
		return NULL;
	}
	if (copy != NULL)
		in->copy = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (copy != NULL && (in->copy < 0 || fchmod(in->copy, 0644) < 0)) {
		file_error(error, errno, copy, "write");
		return NULL;
	}
	make_room(in, (guint64)st.st_size);
	if ((guint64)st.st_size > in->room)
		posix_fadvise(in->source, 0, 0, POSIX_FADV_SEQUENTIAL);
	return g_steal_pointer(&in);
}

intake *intake_open_memory(const char *name, const void *data, gsize size)
{
	intake *in = intake_new(name);

	make_room(in, size);
	in->memory = data;
	in->memory_left = size;
	return in;
}

void intake_free(intake *in)
{
	if (in == NULL)
		return;
	if (in->source >= 0)
		close(in->source);
	if (in->copy >= 0)
		close(in->copy);
	digest_free(in->sha256);
	g_free(in->buffer);
	g_free(in->copy_name);
	g_free(in->name);
	g_free(in);
}

const char *intake_name(const intake *in)
{
	return in->name;
}

static gboolean write_copy(intake *in, const guint8 *at, gsize size, GError **error)
{
	while (in->copy >= 0 && size > 0) {
		ssize_t n = write(in->copy, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_error(error, n < 0 ? errno : ENOSPC, in->copy_name, "write");
		at += n;
		size -= (gsize)n;
	}
	return TRUE;
}

static ssize_t read_some(intake *in, guint8 *to, gsize size)
{
	ssize_t n;

	if (in->source < 0) {
		n = (ssize_t)MIN(size, in->memory_left);
		if (n > 0)
			memcpy(to, in->memory, (gsize)n);
		in->memory += n;
		in->memory_left -= (gsize)n;
		return n;
	}
	do
		n = read(in->source, to, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* More bytes behind those in the buffer; FALSE only on errors. */
static gboolean fill(intake *in, GError **error)
{
	if (in->begin > 0) {
		memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
		in->end -= in->begin;
		in->begin = 0;
	}
	ssize_t n = read_some(in, in->buffer + in->end, in->room - in->end);
	if (n < 0)
		return file_error(error, errno, in->name, "read");
	digest_update(in->sha256, in->buffer + in->end, (gsize)n);
	for (guint i = 0; i < in->n_taps; i++)
		digest_update(in->taps[i], in->buffer + in->end, (gsize)n);
	if (!write_copy(in, in->buffer + in->end, (gsize)n, error))
		return FALSE;
	in->end += (gsize)n;
	in->size += (guint64)n;
	return TRUE;
}

gssize intake_peek(intake *in, const guint8 **bytes, gsize size, GError **error)
{
	gsize before;

	do {
		before = in->end - in->begin;
		if (before < size && !fill(in, error))
			return -1;
	} while (in->end - in->begin < size && in->end - in->begin > before);
	*bytes = in->buffer + in->begin;
	return (gssize)MIN(size, in->end - in->begin);
}

gssize intake_next(intake *in, const guint8 **block, GError **error)
{
	if (in->begin == in->end && !fill(in, error))
		return -1;
	gsize size = in->end - in->begin;
	*block = in->buffer + in->begin;
	in->begin = in->end;
	return (gssize)size;
}

/* to: NULL to skip. */
static gboolean consume(intake *in, guint8 *to, guint64 size, GError **error)
{
	while (size > 0) {
		if (in->begin == in->end && !fill(in, error))
			return FALSE;
		gsize n = (gsize)MIN(size, in->end - in->begin);
		if (n == 0) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: the file ends too early", in->name);
			return FALSE;
		}
		if (to != NULL) {
			memcpy(to, in->buffer + in->begin, n);
			to += n;
		}
		in->begin += n;
		size -= n;
	}
	return TRUE;
}

gboolean intake_read(intake *in, void *to, gsize size, GError **error)
{
	return consume(in, to, size, error);
}

gboolean intake_skip(intake *in, guint64 size, GError **error)
{
	return consume(in, NULL, size, error);
}

void intake_tap(intake *in, digest *d)
{
	g_assert(in->n_taps < MOST_TAPS);
	in->taps[in->n_taps++] = d;
	digest_update(d, in->buffer + in->begin, in->end - in->begin);
}

gboolean intake_finish(intake *in, struct intake_sum *sum, GError **error)
{
	const guint8 *block;
	gssize n;

	while ((n = intake_next(in, &block, error)) > 0)
		;
	if (n < 0)
		return FALSE;
	if (in->copy >= 0 && close(g_steal_fd(&in->copy)) < 0)
		return file_error(error, errno, in->copy_name, "write");
	sum->sha256 = digest_hex(in->sha256);
	sum->size = in->size;
	return TRUE;
}
