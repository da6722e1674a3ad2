/* Stretches as the blocks of one xz stream: see stretch.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stretch.h"

#include <lzma.h>
#include <string.h>

/* Level 6 finds a fifth more in text of this kind, at twice the CPU time and more memory. */
#define PRESET 2

/* What liblzma may take to decode the list of blocks of a file that is ours. */
#define MOST_MEMORY (64 * 1024 * 1024)

struct filters {
	lzma_options_lzma options;
	lzma_filter list[LZMA_FILTERS_MAX + 1];
};

/* The smallest dictionary that holds the stretch: a larger one would only have to be cleared, here and by readers. */
static gboolean filters_for(struct filters *f, gsize size)
{
	if (lzma_lzma_preset(&f->options, PRESET))
		return FALSE;
	f->options.dict_size = LZMA_DICT_SIZE_MIN;
	while (f->options.dict_size < size)
		f->options.dict_size *= 2;
	f->list[0] = (lzma_filter){LZMA_FILTER_LZMA2, &f->options};
	f->list[1] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
	return TRUE;
}

/* A whole block, whose header says how large it is. */
static GBytes *pack(const void *text, gsize size, const guint8 *sha256)
{
	struct filters f;
	lzma_block block = {.version = 1, .check = LZMA_CHECK_SHA256};

	(void)sha256; /* liblzma's check is the same digest */
	if (!filters_for(&f, size))
		return NULL;
	block.filters = f.list;
	gsize room = lzma_block_buffer_bound(size), used = 0;
	guint8 *out = g_malloc(room);
	if (room == 0 || lzma_block_buffer_encode(&block, NULL, text, size, out, &used, room) != LZMA_OK) {
		g_free(out);
		return NULL;
	}
	return g_bytes_new_take(g_realloc(out, used), used);
}

/* The list of blocks that ends a file of one stream; NULL when it is damaged or its checks are no SHA-256. */
static lzma_index *read_index(const guint8 *data, gsize size)
{
	lzma_stream_flags flags;
	lzma_index *index = NULL;
	uint64_t memory = MOST_MEMORY;
	size_t at = 0;

	if (size < 2 * LZMA_STREAM_HEADER_SIZE ||
	    lzma_stream_footer_decode(&flags, data + size - LZMA_STREAM_HEADER_SIZE) != LZMA_OK ||
	    flags.check != LZMA_CHECK_SHA256 || flags.backward_size > size - 2 * LZMA_STREAM_HEADER_SIZE)
		return NULL;
	const guint8 *begin = data + size - LZMA_STREAM_HEADER_SIZE - flags.backward_size;
	if (lzma_index_buffer_decode(&index, &memory, NULL, begin, &at, flags.backward_size) != LZMA_OK)
		return NULL;
	if (lzma_index_file_size(index) == size)
		return index;
	lzma_index_end(index, NULL);
	return NULL;
}

static void find(GBytes *file, GHashTable *stretches)
{
	gsize size = 0;
	const guint8 *data = g_bytes_get_data(file, &size);
	lzma_index *index = read_index(data, size);
	lzma_index_iter i;

	if (index == NULL)
		return;
	lzma_index_iter_init(&i, index);
	while (!lzma_index_iter_next(&i, LZMA_INDEX_ITER_BLOCK)) {
		gsize at = i.block.compressed_file_offset, n = i.block.total_size;
		if (n > STRETCH_DIGEST && at + n <= size)
			g_hash_table_insert(stretches, (gpointer)(data + at + n - STRETCH_DIGEST),
					    g_bytes_new_from_bytes(file, at, n));
	}
	lzma_index_end(index, NULL);
}

/* What the index says of a block is in the block's own header, which `pack` has written. */
static gboolean append_block(lzma_index *index, GBytes *packed)
{
	gsize size = 0;
	const guint8 *data = g_bytes_get_data(packed, &size);
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	lzma_block block = {.version = 1, .check = LZMA_CHECK_SHA256, .filters = filters};

	block.header_size = lzma_block_header_size_decode(data[0]);
	if (block.header_size > size || lzma_block_header_decode(&block, NULL, data) != LZMA_OK)
		return FALSE;
	lzma_filters_free(filters, NULL);
	return block.uncompressed_size != LZMA_VLI_UNKNOWN &&
	       lzma_index_append(index, NULL, lzma_block_unpadded_size(&block), block.uncompressed_size) == LZMA_OK;
}

static gboolean append_end(GByteArray *file, const lzma_index *index, lzma_stream_flags *flags)
{
	gsize size = (gsize)lzma_index_size(index), at = file->len;

	flags->backward_size = size;
	g_byte_array_set_size(file, (guint)(at + size + LZMA_STREAM_HEADER_SIZE));
	return lzma_index_buffer_encode(index, file->data, &at, file->len) == LZMA_OK &&
	       lzma_stream_footer_encode(flags, file->data + at) == LZMA_OK;
}

static GBytes *join(const GPtrArray *stretches)
{
	lzma_stream_flags flags = {.version = 0, .check = LZMA_CHECK_SHA256};
	g_autoptr(GByteArray) file = g_byte_array_new();
	lzma_index *index = lzma_index_init(NULL);

	g_byte_array_set_size(file, LZMA_STREAM_HEADER_SIZE);
	gboolean ok = index != NULL && lzma_stream_header_encode(&flags, file->data) == LZMA_OK;
	for (guint i = 0; ok && i < stretches->len; i++) {
		gsize size = 0;
		const void *data = g_bytes_get_data(stretches->pdata[i], &size);
		g_byte_array_append(file, data, (guint)size);
		ok = append_block(index, stretches->pdata[i]);
	}
	ok = ok && append_end(file, index, &flags);
	lzma_index_end(index, NULL);
	return ok ? g_byte_array_free_to_bytes(g_steal_pointer(&file)) : NULL;
}

const struct stretch_codec stretch_xz = {".xz", pack, find, join};
