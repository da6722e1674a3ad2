/* Hostile compressed indexes: stretches are found inside of them or not at all, and decompressing has a ceiling. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/codec.h"
#include "publish/stretch.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stretch_codec *const codecs[] = {&stretch_gzip, &stretch_xz, &stretch_zstd};
	g_autoptr(GBytes) file = g_bytes_new(data, size);

	for (gsize i = 0; i < G_N_ELEMENTS(codecs); i++) {
		g_autoptr(GHashTable) found = stretch_table_new();
		GHashTableIter iter;
		gpointer sha256, packed;
		codecs[i]->find(file, found);
		g_hash_table_iter_init(&iter, found);
		while (g_hash_table_iter_next(&iter, &sha256, &packed)) {
			gsize n = 0;
			const guint8 *at = g_bytes_get_data(packed, &n);
			const guint8 *begin = g_bytes_get_data(file, NULL);
			g_assert(n > STRETCH_DIGEST && at >= begin && at + n <= begin + size);
			g_assert((const guint8 *)sha256 >= at && (const guint8 *)sha256 + STRETCH_DIGEST <= at + n);
		}
	}
	g_autoptr(GBytes) text = codec_decode(file, 1024 * 1024, NULL);
	g_assert(text == NULL || g_bytes_get_size(text) <= 1024 * 1024);
	return 0;
}
