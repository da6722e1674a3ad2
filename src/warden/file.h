/* Reading a whole file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_FILE_H
#define WARDEN_FILE_H

#include "error.h"
#include "memory.h"

/*
 * Appends the content of a file to out; stops with WARDEN_ERROR_LIMIT as soon as it is longer than
 * `limit`, so that a file that never ends is no harm. out is freed by the caller also on failure.
 */
bool file_read(const char *path, size_t limit, struct buffer *out, struct warden_error *error);

#endif
