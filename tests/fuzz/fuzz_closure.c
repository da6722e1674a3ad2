/* Hostile relations, in debs and in bases of both families: whether a package can be installed is found out, whatever they are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_text.h"
#include "publish/closure.h"
#include "publish/debindex.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is a base, and behind its first NUL a Packages index. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
	gsize head = nul ? (gsize)(nul - data) : size;
	g_autoptr(GBytes) text = g_bytes_new(data, head);
	g_autofree char *index = nul ? g_strndup((const char *)nul + 1, size - head - 1) : g_strdup("");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(base) b = base_parse("fuzz", text, NULL);

	debindex_parse(index, strlen(index), seen, entries, NULL);
	g_autoptr(closure) c = b ? closure_new(b, entries, NULL) : NULL;
	g_autoptr(GPtrArray) findings = c ? closure_check(c) : NULL;
	return 0;
}
