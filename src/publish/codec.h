/* Decompression of indexes in memory, by libarchive. What compresses them is segments.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CODEC_H
#define PUBLISH_CODEC_H

#include <glib.h>

/*
 * codec_decode: what a gzip, xz or zstd file of any number of members, blocks or frames holds, followed by a NUL that
 * is not counted, so that text may be scanned.
 *
 * ceiling: the most bytes accepted after decompression, at most 2 GiB.
 *
 * Returns a new reference, or NULL with a PUBLISH_ERROR_INPUT: damaged, or larger than the ceiling.
 */
GBytes *codec_decode(GBytes *contents, gsize ceiling, GError **error);

#endif
