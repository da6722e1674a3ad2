/* Hostile .rpm files, up to the signature check; and the same bytes as repomd.xml and as metadata. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/codec.h"
#include "publish/createrepo.h"
#include "publish/repomd.h"
#include "publish/rpmread.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(intake) in = intake_open_memory("fuzz", data, size);
	g_autoptr(GBytes) none = g_bytes_new_static("", 0);
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	struct rpmread proof = {0};

	g_assert(createrepo_load(NULL) != NULL); /* sets librpm up, too */
	g_assert(!rpmread_check(in, none, &proof, NULL));
	g_autoptr(repomd) r = repomd_parse(bytes, NULL);
	GBytes *parts[RPMINDEX_PARTS];
	for (guint i = 0; i < RPMINDEX_PARTS; i++)
		parts[i] = g_bytes_new(data, size);
	rpmindex_parse(parts, "stable", entries, NULL);
	for (guint i = 0; i < RPMINDEX_PARTS; i++)
		g_bytes_unref(parts[i]);
	g_autoptr(GBytes) decoded = codec_decode(bytes, 1024 * 1024, NULL);
	return 0;
}
