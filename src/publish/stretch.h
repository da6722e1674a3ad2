/* Stretches of an index, each compressed on its own, so that one which stays the same is copied and not compressed again. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_STRETCH_H
#define PUBLISH_STRETCH_H

#include <glib.h>

/*
 * One compression. What it makes is an ordinary file of its kind, read whole by every client (tried: apt 2.6, dnf 4.14):
 *
 *   gzip  one member for each stretch (RFC 1952, 2.2), whose extra field "AB" holds its size and the stretch's SHA-256
 *   xz    one stream with one block for each (the .xz format 1.1.0); its check is SHA-256. Not several streams: of these
 *         apt reads the first alone
 *   zstd  one frame for each (RFC 8878), and behind it a skippable frame with the SHA-256
 *
 * So a published file says by itself which stretches it has. A stretch of nothing is never made; no stretch at all is an
 * empty file, compressed.
 *
 * pack: SIZE bytes (at least 1, at most STRETCH_MOST), compressed; SHA256 is their digest, STRETCH_DIGEST bytes. NULL: no
 *   memory. Thread-safe; the same bytes from the same bytes, as long as the compressor's version is the same.
 * find: the stretches of a published file, whose bytes are proved: add SHA-256 (const guint8 *, in the file) -> GBytes (as
 *   pack makes them, part of the file) to STRETCHES (stretch_table_new). Nothing is added of a file that we did not write.
 * join: the file of these stretches (GBytes *). NULL: no memory.
 */
struct stretch_codec {
	const char *suffix; /* of the file's name: ".gz" */
	GBytes *(*pack)(const void *text, gsize size, const guint8 *sha256);
	void (*find)(GBytes *file, GHashTable *stretches);
	GBytes *(*join)(const GPtrArray *stretches);
};

#define STRETCH_DIGEST 32
#define STRETCH_MOST (256 * 1024 * 1024)

extern const struct stretch_codec stretch_gzip;
extern const struct stretch_codec stretch_xz;
extern const struct stretch_codec stretch_zstd;

/* stretch_table_new: an empty table for `find`; it keeps the files alive that its values are parts of. */
GHashTable *stretch_table_new(void);

/* stretch_concatenate: a `join` for formats that are a sequence of independent pieces. */
GBytes *stretch_concatenate(const GPtrArray *stretches);

#endif
