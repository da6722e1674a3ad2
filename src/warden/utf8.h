/* UTF-8 (RFC 3629): decode, encode, validate, and where in a text a byte is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_UTF8_H
#define WARDEN_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the code point at bytes. Returns its size, 1 to 4, or 0 if it is not UTF-8 (cut,
 * overlong, surrogate) or length is 0.
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *point);

/* Encodes a Unicode scalar value. Returns its size, 1 to 4. */
size_t utf8_encode(uint32_t point, char out[4]);

/* How many bytes from the start are UTF-8: length if all are. */
size_t utf8_valid(const char *bytes, size_t length);

/*
 * The line and the column in code points, both from 1, of the byte at offset; stops counting at
 * UINT32_MAX.
 */
void utf8_position(const char *bytes, size_t offset, uint32_t *line, uint32_t *column);

#endif
