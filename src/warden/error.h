/* Filling the caller's struct warden_error: the place that fails writes the whole message. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_ERROR_H
#define WARDEN_ERROR_H

#include "warden.h"

#include <stdbool.h>

/* A text from outside and the name that errors give it: a path, "policies" or "entities". */
struct source {
	const char *name;
	const char *bytes;
	size_t length;
};

/*
 * For "%.*s": outside text in a message, at most 64 bytes of it. What is cut or not printable is
 * mended by error_*().
 */
#define SHOWN(bytes, length) (int)((length) < 64 ? (length) : 64), (bytes)

/*
 * Inside the library a function that can fail returns bool and gets a struct warden_error that is
 * never NULL (the public functions see to that). These return false, so that it can end with
 * `return error_at(...)`.
 */
bool error_set(struct warden_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool error_memory(struct warden_error *error);

/*
 * As error_set(), with the line and column of the byte at offset, which is at most source->length.
 */
bool error_at(struct warden_error *error, int code, const struct source *source, size_t offset,
	      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* No error: WARDEN_OK, no place, no text. */
void error_clear(struct warden_error *error);

#endif
