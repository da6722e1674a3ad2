/* Growing arrays and byte buffers, with every size checked. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_MEMORY_H
#define WARDEN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. Zeroed is empty; bytes is freed by the owner. */
struct buffer {
	char *bytes;
	size_t length;
	size_t capacity;
};

/*
 * Makes room for `need` elements of `size` bytes in an array that has room for *capacity, at least
 * doubling it so that appending stays linear. Returns the array, moved or not, or NULL with
 * everything as it was.
 */
void *memory_grow(void *items, size_t *capacity, size_t need, size_t size);

/* malloc(count * size) without overflow; never NULL for want of elements. */
void *memory_array(size_t count, size_t size);

/* false if memory cannot be had: then the buffer is as it was. */
bool buffer_append(struct buffer *buffer, const void *bytes, size_t length);

#endif
