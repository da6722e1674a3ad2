/* xz streams by liblzma: see compress.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/compress_private.h"

#include <lzma.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define OUT_SIZE (64 * 1024)
#define SMALL (1024 * 1024)
#define TINY (32 * 1024)
#define MAPPED (64 * 1024)
#define BLOCK_DICTIONARIES 3 /* what `xz -T0` has by default */

/* The beginning of a stream is held back until it is known which kind of stream it is. */
struct xz {
	struct compress base;
	lzma_options_lzma options;
	lzma_stream own, *stream; /* the one in use, once there is one: its own or the thread's */
	GByteArray *held; /* NULL once the encoder has begun */
	guint threads;
};

static gboolean failed(lzma_ret why, GError **error)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot compress: %s",
		    why == LZMA_MEM_ERROR ? "out of memory" : "liblzma failed");
	return FALSE;
}

static gboolean xz_begin(compress *c, const char *name, const char *level, guint threads, GError **error)
{
	struct xz *x = (struct xz *)c;

	(void)name;
	x->own = (lzma_stream)LZMA_STREAM_INIT;
	x->threads = MAX(threads, 1);
	if (lzma_lzma_preset(&x->options, (uint32_t)g_ascii_digit_value(*level)))
		return failed(LZMA_OPTIONS_ERROR, error);
	x->held = g_byte_array_new();
	return TRUE;
}

/* Each thread has an encoder and its blocks: no more of them than a quarter of the memory is for. */
static void limit_threads(lzma_mt *mt)
{
	guint64 memory = (guint64)MAX(sysconf(_SC_PHYS_PAGES), 1) * (guint64)sysconf(_SC_PAGESIZE);

	while (mt->threads > 1 && lzma_stream_encoder_mt_memusage(mt) > memory / 4)
		mt->threads--;
}

static lzma_ret begin_long(struct xz *x)
{
	lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &x->options}, {LZMA_VLI_UNKNOWN, NULL}};
	lzma_mt mt = {.threads = x->threads,
		      .block_size = (uint64_t)BLOCK_DICTIONARIES * x->options.dict_size,
		      .filters = filters,
		      .check = LZMA_CHECK_CRC64};

	limit_threads(&mt);
	x->stream = &x->own;
	return lzma_stream_encoder_mt(x->stream, &mt);
}

/*
 * The smallest dictionary of a size that the format can name, 2^n or 2^n + 2^(n-1), that holds all of the stream. Tiny
 * streams have one size: an encoder that is used again keeps its memory while that does not change.
 */
static guint32 dictionary_for(guint size)
{
	guint32 n = TINY;

	while (n < size)
		n = (n & (n - 1)) == 0 ? n + n / 2 : n / 3 * 4;
	return n;
}

/* Where a block is mapped by itself, how long it is; else 0. Stands before the block, and keeps it aligned. */
struct block {
	gsize mapped;
	max_align_t start[];
};

/* The tables of a small stream's encoder are touched all over, but each page a few times only: they come all at once. */
static void *table_alloc(void *user, size_t n, size_t size)
{
	gsize total;
	struct block *b;

	(void)user;
	if (!g_size_checked_mul(&total, n, size) || !g_size_checked_add(&total, total, sizeof *b))
		return NULL;
	if (total < MAPPED) {
		b = g_try_malloc(total);
		if (b != NULL)
			b->mapped = 0;
		return b != NULL ? b->start : NULL;
	}
	b = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	b->mapped = total;
	return b->start;
}

static void table_free(void *user, void *memory)
{
	struct block *b = memory == NULL ? NULL : (struct block *)(void *)((char *)memory - sizeof *b);

	(void)user;
	if (b != NULL && b->mapped > 0)
		munmap(b, b->mapped);
	else
		g_free(b);
}

static void thread_stream_free(gpointer data)
{
	lzma_end(data);
	g_free(data);
}

/* Encoders of small streams are used again: getting and clearing their memory takes as long as a small stream does. */
static lzma_stream *thread_stream(void)
{
	static const lzma_allocator tables = {.alloc = table_alloc, .free = table_free};
	static GPrivate streams = G_PRIVATE_INIT(thread_stream_free);
	lzma_stream *stream = g_private_get(&streams);

	if (stream == NULL) {
		stream = g_new(lzma_stream, 1);
		*stream = (lzma_stream)LZMA_STREAM_INIT;
		stream->allocator = &tables;
		g_private_set(&streams, stream);
	}
	return stream;
}

/*
 * A tiny archive is mostly the zeros that fill its blocks. Binary trees pay for each of them, hash chains do not, and
 * find as much in so few bytes: measured on Debian's smallest packages the result is 0.1 % larger, in a third to two
 * thirds of the time.
 */
static lzma_ret begin_short(struct xz *x)
{
	lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &x->options}, {LZMA_VLI_UNKNOWN, NULL}};

	x->options.dict_size = dictionary_for(x->held->len);
	if (x->held->len <= TINY && x->options.mf == LZMA_MF_BT4)
		x->options.mf = LZMA_MF_HC4;
	x->stream = x->options.dict_size <= SMALL ? thread_stream() : &x->own;
	return lzma_stream_encoder(x->stream, filters, LZMA_CHECK_CRC64);
}

/* Puts bytes through the encoder, and what comes out into the sink. */
static gboolean code(struct xz *x, const void *data, gsize size, lzma_action action, GError **error)
{
	lzma_ret result = LZMA_OK;
	guint8 out[OUT_SIZE];

	x->stream->next_in = data;
	x->stream->avail_in = size;
	while (x->stream->avail_in > 0 || (action == LZMA_FINISH && result != LZMA_STREAM_END)) {
		x->stream->next_out = out;
		x->stream->avail_out = sizeof out;
		result = lzma_code(x->stream, action);
		if (result != LZMA_OK && result != LZMA_STREAM_END)
			return failed(result, error);
		gsize n = sizeof out - x->stream->avail_out;
		if (n > 0 && !x->base.sink(out, n, x->base.user, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean begin_with_held(struct xz *x, lzma_ret (*begin)(struct xz *), lzma_action action, GError **error)
{
	lzma_ret begun = begin(x);
	g_autoptr(GByteArray) held = g_steal_pointer(&x->held);

	return begun == LZMA_OK ? code(x, held->data, held->len, action, error) : failed(begun, error);
}

static gboolean xz_write(compress *c, const void *data, gsize size, GError **error)
{
	struct xz *x = (struct xz *)c;

	if (x->held != NULL && size <= x->options.dict_size - x->held->len) {
		g_byte_array_append(x->held, data, (guint)size);
		return TRUE;
	}
	if (x->held != NULL && !begin_with_held(x, begin_long, LZMA_RUN, error))
		return FALSE;
	return code(x, data, size, LZMA_RUN, error);
}

static gboolean xz_finish(compress *c, GError **error)
{
	struct xz *x = (struct xz *)c;

	return x->held != NULL ? begin_with_held(x, begin_short, LZMA_FINISH, error)
			       : code(x, NULL, 0, LZMA_FINISH, error);
}

static void xz_clear(compress *c)
{
	struct xz *x = (struct xz *)c;

	lzma_end(&x->own);
	g_clear_pointer(&x->held, g_byte_array_unref);
}

const struct compress_kind compress_kind_xz = {
	.size = sizeof(struct xz),
	.begin = xz_begin,
	.write = xz_write,
	.finish = xz_finish,
	.clear = xz_clear,
};
