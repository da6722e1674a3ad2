/* Compressed streams: which compressor it is, and libarchive's. See compress.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/compress_private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

compress *compress_new(const char *name, const char *level, guint threads, compress_sink sink, gpointer user,
		       GError **error)
{
	gboolean xz = level != NULL && g_str_equal(name, "xz");
	const struct compress_kind *kind = xz ? &compress_kind_xz : &compress_kind_archive;
	g_autoptr(compress) c = g_malloc0(kind->size);

	*c = (struct compress){kind, sink, user};
	return kind->begin(c, name, level, threads, error) ? g_steal_pointer(&c) : NULL;
}

gboolean compress_write(compress *compress, const void *data, gsize size, GError **error)
{
	return compress->kind->write(compress, data, size, error);
}

gboolean compress_finish(compress *compress, GError **error)
{
	return compress->kind->finish(compress, error);
}

void compress_free(compress *compress)
{
	if (compress == NULL)
		return;
	compress->kind->clear(compress);
	g_free(compress);
}

/* ---- libarchive: a "raw" archive is what its filter makes of the bytes ---- */

struct filter {
	struct compress base;
	struct archive *raw;
	GError *error; /* the sink's */
};

static gboolean failed(struct filter *f, GError **error)
{
	const char *why = archive_error_string(f->raw);

	if (f->error != NULL)
		g_propagate_error(error, g_steal_pointer(&f->error));
	else
		g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot compress: %s",
			    why == NULL ? "out of memory" : why);
	return FALSE;
}

static la_ssize_t pass_on(struct archive *a, void *user, const void *data, size_t size)
{
	struct filter *f = user;

	if (f->error == NULL && f->base.sink(data, size, f->base.user, &f->error))
		return (la_ssize_t)size;
	archive_set_error(a, EIO, "cannot write");
	return -1;
}

static gboolean set_up(struct archive *a, const char *name, const char *level)
{
	if (level == NULL)
		return archive_write_set_format_raw(a) == ARCHIVE_OK &&
		       archive_write_add_filter_none(a) == ARCHIVE_OK &&
		       archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK;
	return archive_write_set_format_raw(a) == ARCHIVE_OK &&
	       archive_write_add_filter_by_name(a, name) == ARCHIVE_OK &&
	       archive_write_set_filter_option(a, name, "compression-level", level) == ARCHIVE_OK &&
	       (!g_str_equal(name, "gzip") ||
		archive_write_set_filter_option(a, "gzip", "timestamp", NULL) == ARCHIVE_OK) &&
	       archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK;
}

static gboolean raw_entry(struct archive *a)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_filetype(e, AE_IFREG);
	gboolean good = archive_write_header(a, e) == ARCHIVE_OK;
	archive_entry_free(e);
	return good;
}

static gboolean filter_begin(compress *c, const char *name, const char *level, guint threads, GError **error)
{
	struct filter *f = (struct filter *)c;

	(void)threads;
	f->raw = archive_write_new();
	return (set_up(f->raw, name, level) && archive_write_open(f->raw, f, NULL, pass_on, NULL) == ARCHIVE_OK &&
		raw_entry(f->raw)) ||
	       failed(f, error);
}

static gboolean filter_write(compress *c, const void *data, gsize size, GError **error)
{
	struct filter *f = (struct filter *)c;

	return archive_write_data(f->raw, data, size) == (la_ssize_t)size || failed(f, error);
}

static gboolean filter_finish(compress *c, GError **error)
{
	struct filter *f = (struct filter *)c;

	return archive_write_close(f->raw) == ARCHIVE_OK || failed(f, error);
}

static void filter_clear(compress *c)
{
	struct filter *f = (struct filter *)c;

	g_clear_error(&f->error);
	archive_write_fail(f->raw);
	archive_write_free(f->raw);
}

const struct compress_kind compress_kind_archive = {
	.size = sizeof(struct filter),
	.begin = filter_begin,
	.write = filter_write,
	.finish = filter_finish,
	.clear = filter_clear,
};
