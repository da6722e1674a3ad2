/* Fuzzes the reading of preprocessed headers; what is found must be sorted, without repetition. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/inlined.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean is_api(const char *path, gboolean is_system, gpointer data)
{
	(void)data;
	return !is_system && *path == 'a';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GStringChunk *strings = g_string_chunk_new(64);
	g_autoptr(GArray) all = inlined_parse((const char *)data, size, FALSE, strings, is_api, NULL);

	for (guint i = 1; i < all->len; i++) {
		const struct facts_inlined *a = &g_array_index(all, struct facts_inlined, i - 1), *b = a + 1;
		int order = strcmp(a->name, b->name);
		if (order > 0 || (order == 0 && a->kind >= b->kind))
			abort();
	}
	g_string_chunk_free(strings);
	return 0;
}
