/* Hostile Packages indexes: what is accepted stays inside the pool and comes back as it was. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/debindex.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *text = g_strndup((const char *)data, size);

	debindex_parse((const char *)data, size, seen, entries, NULL);
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		g_assert(g_str_has_prefix(e->path, "pool/") && strstr(e->path, "/.") == NULL);
	}
	g_ptr_array_sort(entries, entry_compare);
	struct intake_sum sum = {.sha256 = (char *)"0", .size = 1};
	g_autoptr(entry) e = debindex_entry("fuzz", text, &sum, NULL);
	g_assert(e == NULL || (g_str_has_prefix(e->path, "pool/main/") && strstr(e->path, "/../") == NULL));
	return 0;
}
