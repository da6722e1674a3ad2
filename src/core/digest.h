/* Message digests of files and memory, by libcrypto. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include <glib.h>

/* The digests that package and repository formats ask for. MD5 only where a format demands it, never as a protection. */
enum digest_kind {
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA256,
	DIGEST_SHA512,
};

/* A digest being computed. */
typedef struct digest digest;

/* digest_new: begin; never NULL. Free with digest_free (NULL is fine). Not thread-safe: one thread at a time. */
digest *digest_new(enum digest_kind kind);
void digest_free(digest *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(digest, digest_free)

/* digest_again: forget everything and begin anew, also after digest_hex: much cheaper than another digest_new. */
void digest_again(digest *d);

/* digest_update: append SIZE bytes. */
void digest_update(digest *d, const void *data, gsize size);

/* digest_hex: finish, and return the lower-case hexadecimal digest (caller frees). d takes no more data. */
char *digest_hex(digest *d);

/* digest_raw: finish, and write the digest itself to TO, which has room for it (32 bytes for SHA-256). */
void digest_raw(digest *d, guint8 *to);

/* digest_of: the digest of a piece of memory, in hexadecimal (caller frees). */
char *digest_of(enum digest_kind kind, const void *data, gsize size);

#endif
