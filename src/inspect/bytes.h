/* Integers of either byte order out of, and into, sections of debug information. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_BYTES_H
#define INSPECT_BYTES_H

#include <glib.h>

/* Some bytes of somebody else's memory; data is NULL when there are none. */
struct bytes {
	const guchar *data;
	gsize size;
};

/* bytes_has: are there N bytes from AT on? */
static inline gboolean bytes_has(const struct bytes *b, gsize at, gsize n)
{
	return at <= b->size && n <= b->size - at;
}

/* bytes_slice: SIZE bytes from AT on, or none when they are not all there. */
static inline struct bytes bytes_slice(const struct bytes *b, gsize at, gsize size)
{
	return bytes_has(b, at, size) && size > 0 ? (struct bytes){b->data + at, size} : (struct bytes){0};
}

/* bytes_get: an unsigned integer of SIZE bytes (at most 8), which the caller knows to be there. */
static inline guint64 bytes_get(const guchar *at, guint size, gboolean big_endian)
{
	guint64 value = 0;

	for (guint i = 0; i < size; i++)
		value = value << 8 | at[big_endian ? i : size - 1 - i];
	return value;
}

/* bytes_put: write one. */
static inline void bytes_put(guchar *at, guint size, gboolean big_endian, guint64 value)
{
	for (guint i = 0; i < size; i++)
		at[big_endian ? size - 1 - i : i] = (guchar)(value >> 8 * i);
}

#endif
