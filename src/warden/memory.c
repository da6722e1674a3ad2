/* Growing arrays and byte buffers, with every size checked. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY 16

void *memory_grow(void *items, size_t *capacity, size_t need, size_t size)
{
	size_t wanted = *capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : *capacity;
	size_t bytes;
	void *grown;

	if (need <= *capacity && items != NULL)
		return items;
	while (wanted < need) {
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			return NULL;
	}
	if (__builtin_mul_overflow(wanted, size, &bytes))
		return NULL;
	grown = realloc(items, bytes);
	if (grown != NULL)
		*capacity = wanted;
	return grown;
}

void *memory_array(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return malloc(bytes != 0 ? bytes : 1);
}

bool buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	size_t need;
	char *grown;

	if (__builtin_add_overflow(buffer->length, length, &need))
		return false;
	grown = memory_grow(buffer->bytes, &buffer->capacity, need, 1);
	if (grown == NULL)
		return false;
	buffer->bytes = grown;
	if (length != 0)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length = need;
	return true;
}
