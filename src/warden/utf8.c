/* UTF-8 (RFC 3629): decode, encode, validate, and where in a text a byte is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

size_t utf8_decode(const char *bytes, size_t length, uint32_t *point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *in = (const unsigned char *)bytes;
	size_t size;

	if (length == 0)
		return 0;
	if (in[0] < 0x80) {
		*point = in[0];
		return 1;
	}
	if (in[0] < 0xc2 || in[0] > 0xf4)
		return 0;
	size = in[0] < 0xe0 ? 2 : in[0] < 0xf0 ? 3 : 4;
	if (size > length)
		return 0;
	*point = in[0] & (0xffu >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (in[i] & 0x3f);
	}
	if (*point < smallest[size] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return size;
}

size_t utf8_encode(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

size_t utf8_valid(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint32_t point;
		size_t size = utf8_decode(bytes + at, length - at, &point);

		if (size == 0)
			break;
		at += size;
	}
	return at;
}

static void count(uint32_t *number)
{
	if (*number < UINT32_MAX)
		(*number)++;
}

void utf8_position(const char *bytes, size_t offset, uint32_t *line, uint32_t *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < offset; i++) {
		if (bytes[i] == '\n') {
			count(line);
			*column = 1;
		} else if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
			count(column);
		}
	}
}
