/* Compression of indexes in memory, always to the same bytes, by libarchive. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CODEC_H
#define PUBLISH_CODEC_H

#include <glib.h>

enum codec {
	CODEC_GZIP, /* without name and time */
	CODEC_XZ,   /* one block, one thread */
};

/* codec_encode: contents compressed, in a new reference; NULL with a PUBLISH_ERROR_INPUT (no memory). */
GBytes *codec_encode(enum codec codec, GBytes *contents, GError **error);

/*
 * codec_decode: what a gzip, xz or zstd file holds, followed by a NUL that is not counted, so that text may be scanned.
 *
 * ceiling: the most bytes accepted after decompression, at most 2 GiB.
 *
 * Returns a new reference, or NULL with a PUBLISH_ERROR_INPUT: damaged, or larger than the ceiling.
 */
GBytes *codec_decode(GBytes *contents, gsize ceiling, GError **error);

#endif
