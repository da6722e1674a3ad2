/* Stretches as zstd frames: see stretch.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stretch.h"

#include <string.h>
#include <zstd.h>

/* Of the levels that take about as long as gzip's default the one that finds most (tried: metadata of 10,000 packages). */
#define LEVEL 9

/* A skippable frame's magic number and its size, little-endian; zstd's own program passes over it, as every reader must. */
#define SKIP_SIZE (8 + STRETCH_DIGEST)
static const guint8 skip_header[8] = {0x5a, 0x2a, 0x4d, 0x18, STRETCH_DIGEST, 0, 0, 0};

static GBytes *pack(const void *text, gsize size, const guint8 *sha256)
{
	gsize room = ZSTD_compressBound(size) + SKIP_SIZE;
	guint8 *out = g_malloc(room);
	gsize n = ZSTD_compress(out, room, text, size, LEVEL);

	if (ZSTD_isError(n)) {
		g_free(out);
		return NULL;
	}
	if (sha256 != NULL) {
		memcpy(out + n, skip_header, sizeof skip_header);
		memcpy(out + n + sizeof skip_header, sha256, STRETCH_DIGEST);
		n += SKIP_SIZE;
	}
	return g_bytes_new_take(g_realloc(out, n), n);
}

static void find(GBytes *file, GHashTable *stretches)
{
	gsize left = 0, at = 0;
	const guint8 *data = g_bytes_get_data(file, &left);

	while (left > 0) {
		gsize n = ZSTD_findFrameCompressedSize(data + at, left);
		if (ZSTD_isError(n) || left - n < SKIP_SIZE ||
		    memcmp(data + at + n, skip_header, sizeof skip_header) != 0)
			return;
		gsize whole = n + SKIP_SIZE;
		g_hash_table_insert(stretches, (gpointer)(data + at + n + sizeof skip_header),
				    g_bytes_new_from_bytes(file, at, whole));
		at += whole;
		left -= whole;
	}
}

static GBytes *join(const GPtrArray *stretches)
{
	return stretches->len > 0 ? stretch_concatenate(stretches) : pack("", 0, NULL);
}

const struct stretch_codec stretch_zstd = {".zst", pack, find, join};
