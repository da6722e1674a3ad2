/* Hostile files of kept answers, with a digest that is right; the first 32 bytes are the key that is asked for. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "pin/cache_private.h"
#include "pin/pair_private.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GBytes *file_of(const uint8_t *rest, size_t size, const guint8 tool[CACHE_KEY_SIZE])
{
	GByteArray *file = g_byte_array_new();
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	guint8 sum[CACHE_KEY_SIZE];

	digest_update(d, rest, size);
	digest_raw(d, sum);
	g_byte_array_append(file, (const guint8 *)"abide-cache 1\n", 14);
	g_byte_array_append(file, tool, CACHE_KEY_SIZE);
	g_byte_array_append(file, sum, sizeof sum);
	g_byte_array_append(file, rest, (guint)size);
	return g_byte_array_free_to_bytes(file);
}

static void read_pair(cache *c, const uint8_t *key)
{
	g_autoptr(GVariant) kept = cache_find(c, key, PAIR_TYPE);
	g_autoptr(GPtrArray) shelves = g_ptr_array_new();
	struct pair p = {.findings = g_ptr_array_new_with_free_func(pair_finding_free)};

	if (kept != NULL && pair_unpack(shelves, kept, &p)) {
		g_autoptr(GVariant) again = g_variant_ref_sink(pair_pack(&p));
		g_assert(g_variant_is_normal_form(again));
	}
	g_free(p.file);
	g_free(p.soname);
	g_free(p.reason);
	g_free(p.waivers);
	g_ptr_array_unref(p.findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const guint8 tool[CACHE_KEY_SIZE] = {1, 2, 3};

	if (size < CACHE_KEY_SIZE)
		return 0;
	g_autoptr(GBytes) file = file_of(data + CACHE_KEY_SIZE, size - CACHE_KEY_SIZE, tool);
	g_autoptr(cache) c = cache_parse(file, tool);
	g_assert(c != NULL);
	g_autoptr(GVariant) meeting = cache_find(c, data, MEETING_TYPE);
	read_pair(c, data);
	g_autoptr(GByteArray) written = cache_bytes(c);
	g_assert(written->len >= 14 + 2 * CACHE_KEY_SIZE);
	return 0;
}
