/* Stretches as gzip members: see stretch.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stretch.h"

#include <string.h>
#include <zlib.h>

#define LEVEL 6
#define GZIP_WINDOW (MAX_WBITS + 16) /* with gzip's header and trailer */

/* The header of a member: ten bytes, the extra field's size, and its one subfield. */
#define FIELD_DATA (4 + STRETCH_DIGEST)
#define FIELD_AT 12
#define SIZE_AT 16
#define DIGEST_AT 20
#define HEADER_SIZE (SIZE_AT + FIELD_DATA)
#define TRAILER_SIZE 8

static const guint8 header[SIZE_AT] = {0x1f, 0x8b, Z_DEFLATED, 4, 0, 0, 0, 0, 0, 3, FIELD_DATA + 4, 0, 'A', 'B', FIELD_DATA, 0};

static gboolean begin(z_stream *z, gz_header *h, guint8 *extra)
{
	*z = (z_stream){0};
	memcpy(extra, header + FIELD_AT, SIZE_AT - FIELD_AT);
	*h = (gz_header){.os = header[9], .extra = extra, .extra_len = FIELD_DATA + 4};
	return deflateInit2(z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) == Z_OK && deflateSetHeader(z, h) == Z_OK;
}

/* sha256: NULL for the member of an empty file, which is no stretch. */
static GBytes *pack(const void *text, gsize size, const guint8 *sha256)
{
	guint8 extra[FIELD_DATA + 4] = {0};
	gz_header h;
	z_stream z;

	if (!begin(&z, &h, extra))
		return NULL;
	if (sha256 != NULL)
		memcpy(extra + DIGEST_AT - FIELD_AT, sha256, STRETCH_DIGEST);
	gsize room = deflateBound(&z, size) + HEADER_SIZE + TRAILER_SIZE;
	guint8 *out = g_malloc(room);
	z.next_in = (Bytef *)text;
	z.avail_in = (uInt)size;
	z.next_out = out;
	z.avail_out = (uInt)room;
	gboolean done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	guint32 used = GUINT32_TO_LE((guint32)z.total_out);
	deflateEnd(&z);
	if (!done) {
		g_free(out);
		return NULL;
	}
	memcpy(out + SIZE_AT, &used, sizeof used);
	return g_bytes_new_take(g_realloc(out, GUINT32_FROM_LE(used)), GUINT32_FROM_LE(used));
}

static void find(GBytes *file, GHashTable *stretches)
{
	gsize left = 0, at = 0;
	const guint8 *data = g_bytes_get_data(file, &left);

	while (left >= HEADER_SIZE + TRAILER_SIZE && memcmp(data + at, header, sizeof header) == 0) {
		guint32 size;
		memcpy(&size, data + at + SIZE_AT, sizeof size);
		size = GUINT32_FROM_LE(size);
		if (size < HEADER_SIZE + TRAILER_SIZE || size > left)
			return;
		g_hash_table_insert(stretches, (gpointer)(data + at + DIGEST_AT), g_bytes_new_from_bytes(file, at, size));
		at += size;
		left -= size;
	}
}

static GBytes *join(const GPtrArray *stretches)
{
	return stretches->len > 0 ? stretch_concatenate(stretches) : pack("", 0, NULL);
}

const struct stretch_codec stretch_gzip = {".gz", pack, find, join};
