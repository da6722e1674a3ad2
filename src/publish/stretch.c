/* What stretches of all compressions have in common: see stretch.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stretch.h"

#include <string.h>

static guint hash_digest(gconstpointer key)
{
	guint n;

	memcpy(&n, key, sizeof n);
	return n;
}

static gboolean same_digest(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, STRETCH_DIGEST) == 0;
}

GHashTable *stretch_table_new(void)
{
	return g_hash_table_new_full(hash_digest, same_digest, NULL, (GDestroyNotify)g_bytes_unref);
}

GBytes *stretch_concatenate(const GPtrArray *stretches)
{
	GByteArray *file = g_byte_array_new();

	for (guint i = 0; i < stretches->len; i++) {
		gsize size = 0;
		const void *data = g_bytes_get_data(stretches->pdata[i], &size);
		g_byte_array_append(file, data, (guint)size);
	}
	return g_byte_array_free_to_bytes(file);
}
