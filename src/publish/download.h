/* One file on its way into a mirror: digested as it comes, kept when the connection is lost, named only once it is
 * proved. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DOWNLOAD_H
#define PUBLISH_DOWNLOAD_H

#include "core/digest.h"

#include <glib.h>

/* A file that signed metadata names. */
struct download {
	char *path;    /* below the source's top, safe (download_path_is_safe) */
	char *by_hash; /* where the same bytes stay when the file is replaced, asked for first; or NULL */
	enum digest_kind kind;
	char *digest;	    /* lower-case hexadecimal */
	guint64 size;	    /* exact; no byte more is taken */
	gboolean optional;  /* that the source does not have it is no error */
	gboolean shareable; /* never changed by anybody: may be a hard link to the source's file */
	gboolean absent;    /* result: optional, and not there */
	gboolean linked;    /* result: a hard link, no bytes were copied */
	guint64 resumed;    /* result: so many bytes were there from an earlier run */
	char *staged;	    /* result: the proved file, in the folder of parts */
};

/* download_new: PATH and DIGEST are copied, DIGEST in lower case. */
struct download *download_new(const char *path, enum digest_kind kind, const char *digest, guint64 size);
void download_free(gpointer download);

/*
 * download_path_is_safe: whether a path that metadata gives stays below the folder that it is relative to, and away
 * from hidden files: relative, printable, without empty components and such as begin with a dot.
 */
gboolean download_path_is_safe(const char *path);

/* download_plain_path: the same path without "./" before it, which dpkg-scanpackages and apt-ftparchive may write. */
const char *download_plain_path(const char *path);

/* download_digest_kind: the kind of a digest by the name that metadata has for it ("sha256", "SHA512"); FALSE: weak or
 * unknown. */
gboolean download_digest_kind(const char *name, enum digest_kind *kind);

/* download_is_digest: whether TEXT is a hexadecimal digest of that kind. */
gboolean download_is_digest(enum digest_kind kind, const char *text);

/*
 * Where the bytes of a download go: the file "DIGEST.part" in the folder of parts, which outlives a crash and is gone
 * on with in the next run. Zero-initialised it is closed. Not thread-safe.
 */
struct sink {
	const struct download *d;
	char *part, *whole;
	int fd;
	digest *sum;
	guint64 have;	 /* bytes so far */
	guint64 resumed; /* of them, those that were there before */
	gboolean open;
};
typedef struct sink sink;

/*
 * sink_open: begin or go on with the file of D, which must outlive the sink. PARTS: the folder, which must exist.
 *
 * FALSE with a G_FILE_ERROR.
 */
gboolean sink_open(struct sink *s, const struct download *d, const char *parts, GError **error);

/* sink_restart: forget the bytes so far. FALSE with a G_FILE_ERROR. */
gboolean sink_restart(struct sink *s, GError **error);

/* sink_write: the next bytes. FALSE with PUBLISH_ERROR_DIGEST (more than was signed) or a G_FILE_ERROR. */
gboolean sink_write(struct sink *s, const void *data, gsize size, GError **error);

/*
 * sink_finish: all bytes are there; prove them, and give the file the name DIGEST.
 *
 * staged: set to its path; caller frees. Closes the sink. FALSE with PUBLISH_ERROR_DIGEST (the part is then gone) or a
 * G_FILE_ERROR.
 */
gboolean sink_finish(struct sink *s, char **staged, GError **error);

/* sink_clear: close; what came stays for the next run. No-op on a closed one. */
void sink_clear(struct sink *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sink, sink_clear)

/* download_digest_file: the digest of a regular file, read in blocks; NULL with a G_FILE_ERROR. */
char *download_digest_file(const char *path, enum digest_kind kind, GError **error);

#endif
