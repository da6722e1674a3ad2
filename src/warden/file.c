/* Reading a whole file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536

static bool fail_system(struct warden_error *error, const char *path)
{
	char reason[128];

	/*
	 * The GNU strerror_r() returns the text, in the buffer given or in a constant of its own.
	 */
	const char *text = strerror_r(errno, reason, sizeof reason);
	size_t length = strlen(path);

	return error_set(error, WARDEN_ERROR_SYSTEM, "%s%s: %s", length > 160 ? "..." : "",
			 length > 160 ? path + length - 160 : path, text);
}

static bool read_all(int fd, const char *path, size_t limit, struct buffer *out,
		     struct warden_error *error)
{
	for (;;) {
		char *grown = memory_grow(out->bytes, &out->capacity, out->length + READ_SIZE, 1);
		ssize_t got;

		if (grown == NULL)
			return error_memory(error);
		out->bytes = grown;
		do
			got = read(fd, out->bytes + out->length, READ_SIZE);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return fail_system(error, path);
		if (got == 0)
			return true;
		out->length += (size_t)got;
		if (out->length > limit)
			return error_set(error, WARDEN_ERROR_LIMIT, "%.160s: larger than %zu bytes",
					 path, limit);
	}
}

bool file_read(const char *path, size_t limit, struct buffer *out, struct warden_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok;

	if (fd < 0)
		return fail_system(error, path);
	ok = read_all(fd, path, limit, out, error);
	close(fd);
	return ok;
}
