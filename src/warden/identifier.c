/* Cedar identifiers and entity types. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "identifier.h"

#include <string.h>

static bool starts(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t identifier_length(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length &&
	       (starts(bytes[at]) || (at > 0 && bytes[at] >= '0' && bytes[at] <= '9')))
		at++;
	return at;
}

bool identifier_is_reserved(const char *bytes, size_t length)
{
	static const char *const words[] = {"true", "false", "if",   "then", "else",
					    "in",   "is",    "like", "has",  "__cedar"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i]) == length && memcmp(words[i], bytes, length) == 0)
			return true;
	}
	return false;
}

bool type_is_valid(const char *bytes, size_t length)
{
	for (;;) {
		size_t size = identifier_length(bytes, length);

		if (size == 0 || identifier_is_reserved(bytes, size))
			return false;
		if (size == length)
			return true;
		if (length - size < 2 || memcmp(bytes + size, "::", 2) != 0)
			return false;
		bytes += size + 2;
		length -= size + 2;
	}
}

bool type_is_action(const char *bytes, size_t length)
{
	static const char last[] = "Action";
	size_t size = sizeof last - 1;

	if (length < size || memcmp(bytes + length - size, last, size) != 0)
		return false;
	return length == size || bytes[length - size - 1] == ':';
}
