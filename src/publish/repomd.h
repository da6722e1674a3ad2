/* dnf's repomd.xml: the digests of the metadata files, and the file that is signed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_REPOMD_H
#define PUBLISH_REPOMD_H

#include "publish/rpmindex.h"

#include <glib.h>

/* One metadata file. */
struct repomd_file {
	char *href;   /* "repodata/DIGEST-primary.xml.gz", or .zst */
	char *sha256; /* as published, compressed */
	char *open_sha256;
	gsize size, open_size;
};

struct repomd {
	struct repomd_file files[RPMINDEX_PARTS];
};
typedef struct repomd repomd;

repomd *repomd_new(void);
void repomd_free(repomd *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(repomd, repomd_free)

/* repomd_parse: NULL with a PUBLISH_ERROR_INPUT: malformed, or without the three files under the names they have. */
repomd *repomd_parse(GBytes *text, GError **error);

/*
 * repomd_set: describe a metadata file, whose name becomes its digest's. open_sha256, open_size: of what it holds.
 *
 * suffix: ".gz", which EL7's and EL8's dnf and libsolv read as Fedora's and zypper do; ".zst" only the newer of them do.
 */
void repomd_set(repomd *r, enum rpmindex_part part, const char *suffix, const char *open_sha256,
		gsize open_size, GBytes *packed);

/*
 * repomd_text: repomd.xml by libcreaterepo_c, with WHEN (seconds since 1970) as revision and timestamps. NULL with the
 * error of createrepo_load.
 */
GBytes *repomd_text(const repomd *r, gint64 when, GError **error);

#endif
