/* Decompression in memory, by zlib and libarchive: see codec.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/codec.h"
#include "publish/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <zlib.h>

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

static GBytes *too_large(GError **error, gsize ceiling)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "more than %" G_GSIZE_FORMAT " bytes decompressed", ceiling);
	return NULL;
}

/* ---- gzip: what repositories have most of, and libarchive takes twice as long for ---- */

static gboolean is_gzip(GBytes *contents)
{
	gsize size = 0;
	const guint8 *data = g_bytes_get_data(contents, &size);

	return size >= 3 && memcmp(data, "\x1f\x8b\x08", 3) == 0;
}

/* One member after the other; FALSE when one is damaged. `out` has room for a byte more than it holds. */
static gboolean inflate_members(z_stream *z, guint8 **out, gsize *used, gsize ceiling)
{
	gsize room = MIN((gsize)z->avail_in * 8, ceiling) + BLOCK;
	int r = Z_OK;

	*out = g_malloc(room);
	while (*used <= ceiling) {
		if (room - *used - 1 < BLOCK / 2)
			*out = g_realloc(*out, room *= 2);
		gsize step = MIN(room - *used - 1, G_MAXUINT);
		z->next_out = *out + *used;
		z->avail_out = (uInt)step;
		r = inflate(z, Z_NO_FLUSH);
		*used += step - z->avail_out;
		if (r == Z_STREAM_END && z->avail_in == 0)
			return TRUE;
		if (r == Z_STREAM_END)
			r = inflateReset(z);
		if (r != Z_OK)
			return FALSE;
	}
	return TRUE;
}

static GBytes *decode_gzip(GBytes *contents, gsize ceiling, GError **error)
{
	gsize size = 0, used = 0;
	z_stream z = {.next_in = (Bytef *)g_bytes_get_data(contents, &size), .avail_in = (uInt)size};
	guint8 *out = NULL;
	gboolean whole = size <= G_MAXUINT && inflateInit2(&z, MAX_WBITS + 16) == Z_OK &&
			 inflate_members(&z, &out, &used, ceiling);

	inflateEnd(&z);
	if (whole && used <= ceiling) {
		out[used] = '\0';
		g_autoptr(GBytes) bytes = g_bytes_new_take(g_realloc(out, used + 1), used + 1);
		return g_bytes_new_from_bytes(bytes, 0, used);
	}
	g_free(out);
	if (whole)
		return too_large(error, ceiling);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "cannot decompress: not whole, or damaged");
	return NULL;
}

/* ---- */

GBytes *codec_decode(GBytes *contents, gsize ceiling, GError **error)
{
	if (is_gzip(contents))
		return decode_gzip(contents, ceiling, error);
	g_autoptr(GByteArray) out = g_byte_array_new();
	struct archive *a = archive_read_new();
	gboolean whole = unpack(a, contents, ceiling, out);

	if (!whole)
		fail(error, a);
	else if (out->len > ceiling)
		too_large(error, ceiling);
	archive_read_free(a);
	if (!whole || out->len > ceiling)
		return NULL;
	gsize size = out->len;
	g_byte_array_append(out, (const guint8 *)"", 1);
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&out));
	return g_bytes_new_from_bytes(bytes, 0, size);
}
