/* apt's metadata as any publisher may write it: Release files, and what Packages indexes name. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_APTSOURCE_H
#define PUBLISH_APTSOURCE_H

#include "publish/download.h"

#include <glib.h>

/* One file that a Release file lists. */
struct aptsource_file {
	char *path; /* from the folder of the Release file; safe */
	enum digest_kind kind;
	char *digest; /* lower case */
	guint64 size;
};

/* What a mirror must know of a Release file. Other fields may be anything (release.h reads those that we write). */
struct aptsource {
	char *origin, *suite, *codename; /* NULL: not said */
	char **signed_by;		 /* fingerprints, in upper case; NULL: not said */
	gint64 date;			 /* seconds since 1970 */
	gint64 valid_until;		 /* 0: without end */
	gboolean by_hash;		 /* Acquire-By-Hash */
	guint64 state; /* Abide-State: number and SHA-256 of the file in history/; 0 and NULL: not said */
	char *state_sha256;
	char *repomd_sha256; /* Abide-Repomd: of dnf's repomd.xml of the same publication; NULL: not said */
	GPtrArray *files;    /* struct aptsource_file *, in file order, each path once */
};
typedef struct aptsource aptsource;
void aptsource_free(aptsource *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aptsource, aptsource_free)

/*
 * aptsource_parse: read the text of a Release file (https://wiki.debian.org/DebianRepository/Format).
 *
 * NULL with PUBLISH_ERROR_INPUT (malformed, or a path that leads elsewhere) or PUBLISH_ERROR_DIGEST (it has digests
 * weaker than SHA-256 only).
 */
aptsource *aptsource_parse(const char *text, gsize size, GError **error);

/* aptsource_by_hash: "main/binary-amd64/by-hash/SHA256/DIGEST". Caller frees. */
char *aptsource_by_hash(const struct aptsource_file *file);

/* aptsource_find: the file of that path, or NULL. */
const struct aptsource_file *aptsource_find(const aptsource *a, const char *path);

/*
 * aptsource_clear_text: what a clear-signed file says, without a look at its signature; for our own copy only. The text
 * itself if it is not signed. Caller frees.
 */
char *aptsource_clear_text(const char *file, gsize size);

/* aptsource_named_fn: a package that an index names. FALSE with an error to stop. */
typedef gboolean (*aptsource_named_fn)(const char *path, enum digest_kind kind, const char *digest, guint64 size,
				       gpointer user, GError **error);

/*
 * Scanning a Packages index as a stream: memory does not depend on its size.
 *
 * Zero-initialise it, set named and user, hand all bytes to aptsource_scan, then call aptsource_scan_end, and
 * aptsource_scan_clear in any case.
 */
struct aptsource_scan {
	aptsource_named_fn named;
	gpointer user;
	GString *line, *path, *sha256, *sha512, *number; /* of the paragraph at hand */
	gboolean cut;					 /* the line at hand is longer than any that matters */
	gboolean any;					 /* the paragraph has a line */
};
/* aptsource_scan: FALSE with the error of `named`, PUBLISH_ERROR_INPUT, or PUBLISH_ERROR_DIGEST (weak digests only). */
gboolean aptsource_scan(const char *data, gsize size, gpointer scan, GError **error);
gboolean aptsource_scan_end(struct aptsource_scan *scan, GError **error);
void aptsource_scan_clear(struct aptsource_scan *scan);
typedef struct aptsource_scan aptsource_scan_state;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aptsource_scan_state, aptsource_scan_clear)

#endif
