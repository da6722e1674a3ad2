/* Decompression in memory: see codec.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/codec.h"
#include "publish/error.h"

#include <archive.h>
#include <archive_entry.h>

#define BLOCK (64 * 1024)

static void fail(GError **error, struct archive *a)
{
	const char *why = archive_error_string(a);

	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "cannot decompress: %s", why ? why : "no memory");
}

/* Block by block until the end; FALSE when the file is damaged. A file that holds nothing has no entry at all. */
static gboolean unpack(struct archive *a, GBytes *contents, gsize ceiling, GByteArray *out)
{
	struct archive_entry *entry;
	gsize size = 0;
	const void *data = g_bytes_get_data(contents, &size);
	la_ssize_t n = 0;

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_raw(a);
	archive_read_support_format_empty(a);
	int r = archive_read_open_memory(a, data, size);
	if (r == ARCHIVE_OK)
		r = archive_read_next_header(a, &entry);
	if (r != ARCHIVE_OK)
		return r == ARCHIVE_EOF;
	do {
		guint used = out->len;
		g_byte_array_set_size(out, used + BLOCK);
		n = archive_read_data(a, out->data + used, BLOCK);
		g_byte_array_set_size(out, used + (n > 0 ? (guint)n : 0));
	} while (n > 0 && out->len <= ceiling);
	return n >= 0;
}

GBytes *codec_decode(GBytes *contents, gsize ceiling, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	struct archive *a = archive_read_new();
	gboolean whole = unpack(a, contents, ceiling, out);

	if (!whole)
		fail(error, a);
	else if (out->len > ceiling)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "more than %" G_GSIZE_FORMAT " bytes decompressed", ceiling);
	archive_read_free(a);
	if (!whole || out->len > ceiling)
		return NULL;
	gsize size = out->len;
	g_byte_array_append(out, (const guint8 *)"", 1);
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&out));
	return g_bytes_new_from_bytes(bytes, 0, size);
}
