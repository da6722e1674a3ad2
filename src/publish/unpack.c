/* Compressed files as streams, by libarchive: see unpack.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/unpack.h"
#include "core/file.h"
#include "publish/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK (256 * 1024)

static gboolean damaged(GError **error, struct archive *a)
{
	const char *why = archive_error_string(a);

	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "cannot decompress: %s", why ? why : "damaged");
	return FALSE;
}

static gboolean hand_on(struct archive *a, guint64 ceiling, unpack_fn fn, gpointer user, GError **error)
{
	g_autofree char *block = g_malloc(BLOCK);
	guint64 total = 0;
	la_ssize_t n;

	while ((n = archive_read_data(a, block, BLOCK)) > 0) {
		total += (guint64)n;
		if (total > ceiling) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
				    "more than %" G_GUINT64_FORMAT " bytes decompressed", ceiling);
			return FALSE;
		}
		if (!fn(block, (gsize)n, user, error))
			return FALSE;
	}
	return n == 0 || damaged(error, a);
}

static gboolean unpack_fd(int fd, guint64 ceiling, unpack_fn fn, gpointer user, GError **error)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	gboolean ok = TRUE;

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_raw(a);
	archive_read_support_format_empty(a);
	int r = archive_read_open_fd(a, fd, BLOCK);
	if (r == ARCHIVE_OK)
		r = archive_read_next_header(a, &entry);
	if (r == ARCHIVE_OK)
		ok = hand_on(a, ceiling, fn, user, error);
	else if (r != ARCHIVE_EOF) /* a file that holds nothing has no entry at all */
		ok = damaged(error, a);
	archive_read_free(a);
	return ok;
}

gboolean unpack_file(const char *path, guint64 ceiling, unpack_fn fn, gpointer user, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return file_error(error, errno, path, "open");
	gboolean ok = unpack_fd(fd, ceiling, fn, user, error);
	close(fd);
	if (!ok)
		g_prefix_error(error, "%s: ", path);
	return ok;
}
