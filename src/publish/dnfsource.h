/* dnf's metadata as any publisher may write it: repomd.xml, and what the primary file names. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DNFSOURCE_H
#define PUBLISH_DNFSOURCE_H

#include "publish/aptsource.h"
#include "publish/download.h"

#include <glib.h>

/* One metadata file. */
struct dnfsource_file {
	char *type; /* "primary" */
	char *href; /* "repodata/..."; safe */
	enum digest_kind kind;
	char *digest;		 /* lower case */
	guint64 size, open_size; /* open_size 0: not said */
};

/* What a mirror must know of a repomd.xml (repomd.h reads those that we write). */
struct dnfsource {
	gint64 date;	  /* the latest timestamp, else the revision: seconds since 1970; 0: not said */
	char *revision;	  /* NULL: not said */
	GPtrArray *files; /* struct dnfsource_file *, each href once */
};
typedef struct dnfsource dnfsource;
void dnfsource_free(dnfsource *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dnfsource, dnfsource_free)

/*
 * dnfsource_parse: NULL with PUBLISH_ERROR_INPUT (malformed; a file outside of repodata/; no primary file) or
 * PUBLISH_ERROR_DIGEST (a digest weaker than SHA-256).
 */
dnfsource *dnfsource_parse(const char *text, gsize size, GError **error);

/* dnfsource_primary: the file that names the packages; never NULL for what dnfsource_parse returned. */
const struct dnfsource_file *dnfsource_primary(const dnfsource *d);

/* Scanning a primary file as a stream: memory does not depend on its size. Used as struct aptsource_scan. */
typedef struct dnfsource_scan dnfsource_scan;
dnfsource_scan *dnfsource_scan_new(aptsource_named_fn named, gpointer user);
void dnfsource_scan_free(dnfsource_scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dnfsource_scan, dnfsource_scan_free)
/*
 * dnfsource_scan_data: FALSE with the error of `named`, PUBLISH_ERROR_INPUT (malformed, or packages on another server,
 * by xml:base) or PUBLISH_ERROR_DIGEST (weak).
 */
gboolean dnfsource_scan_data(const char *data, gsize size, gpointer scan, GError **error);
gboolean dnfsource_scan_end(dnfsource_scan *scan, GError **error);

#endif
