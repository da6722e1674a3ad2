/* The archive inside a package: entries of a package as a compressed tar or cpio stream, with the digests of both
 * sides. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_PAYLOAD_H
#define PACK_PAYLOAD_H

#include "pack/package.h"

/* A compressor as the formats use it: see compress.h. */
struct payload_compressor {
	const char *name;   /* compress_new's and rpm's PAYLOADCOMPRESSOR: "xz" */
	const char *suffix; /* ".xz" */
	const char *level;
};

extern const struct payload_compressor payload_xz, payload_gzip;

/*
 * payload_choose: a compressor as manifests name it, `xz`, `zstd:19`, `gzip`, `none`; its level is a part of text,
 * which must live as long. PACK_ERROR_MANIFEST for a name or level that there is not.
 */
gboolean payload_choose(const char *text, struct payload_compressor *compressor, GError **error);

enum payload_kind {
	PAYLOAD_TAR,  /* GNU tar, as dpkg-deb writes */
	PAYLOAD_CPIO, /* "newc" cpio, as rpm writes */
};

/* What was written. */
struct payload_sums {
	guint64 size, raw_size;	   /* bytes, compressed and not */
	char *sha256, *raw_sha256; /* of the compressed and the plain stream; NULL for a tar */
};
void payload_sums_clear(struct payload_sums *sums);
typedef struct payload_sums payload_sums;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(payload_sums, payload_sums_clear)

/* A payload being written. Not thread-safe: one thread at a time. */
typedef struct payload payload;

/*
 * payload_new: begin at the current offset of fd, which stays the caller's. threads: how many may compress, at most.
 *
 * NULL with PACK_ERROR_WRITE.
 */
payload *payload_new(enum payload_kind kind, const struct payload_compressor *compressor, guint threads, int fd,
		     GError **error);

/* payload_free: also of an unfinished one. NULL is fine. */
void payload_free(payload *payload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(payload, payload_free)

/*
 * payload_add: append an entry and its contents.
 *
 * The name in the archive is "." and the path; a directory in a tar ends in a slash. mtime: for an entry that has none
 * of its own. FALSE with PACK_ERROR_WRITE or PACK_ERROR_INPUT.
 */
gboolean payload_add(payload *payload, const struct package_file *file, gint64 mtime, GError **error);

/* payload_finish: end the archive. Call payload_free afterwards. */
gboolean payload_finish(payload *payload, struct payload_sums *sums, GError **error);

/* payload_compress: data as one compressed piece (gzip as `gzip -9n` has it). NULL with PACK_ERROR_WRITE. */
GBytes *payload_compress(const struct payload_compressor *compressor, const void *data, gsize size, GError **error);

#endif
