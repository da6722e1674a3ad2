/* Compressed streams, whose bytes depend on the input, the compressor's version and nothing else. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_COMPRESS_H
#define PACK_COMPRESS_H

#include "pack/error.h"

/* compress_sink: takes the next compressed bytes; FALSE, with the error set, ends it all. */
typedef gboolean (*compress_sink)(const void *data, gsize size, gpointer user, GError **error);

/* A stream being compressed. Not thread-safe: one thread at a time. */
typedef struct compress compress;

/*
 * compress_new: begin with libarchive's filter of this name ("gzip", "zstd"), or with liblzma for "xz".
 *
 * level: as the compressor's own program has it, "6"; NULL: nothing is compressed, whatever the name is.
 * threads: how many it may use at most; no byte depends on it.
 *
 * xz is `xz -LEVEL -T0` but for short streams. As there, and in dpkg-deb, streams longer than the level's dictionary (8 MiB
 * at 6) are cut into blocks of three dictionaries that are compressed on their own, at the same time where cores allow.
 * Shorter ones are one block, whose dictionary is not larger than the stream: a larger one is of no use to it, but would
 * have to be cleared here and set aside by whoever unpacks. Those of at most 32 KiB are searched by hash chains (HC4) where
 * the level has binary trees (BT4).
 *
 * NULL with PACK_ERROR_WRITE.
 */
compress *compress_new(const char *name, const char *level, guint threads, compress_sink sink, gpointer user,
		       GError **error);

/* compress_write: the next SIZE bytes. FALSE with PACK_ERROR_WRITE or the sink's error. */
gboolean compress_write(compress *compress, const void *data, gsize size, GError **error);

/* compress_finish: end the stream; everything has gone to the sink. Only compress_free may follow. */
gboolean compress_finish(compress *compress, GError **error);

/* compress_free: also an unfinished one. NULL is fine. */
void compress_free(compress *compress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(compress, compress_free)

#endif
