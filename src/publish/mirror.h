/* A copy of a signed repository, made and refreshed so that its clients never see it half-done. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_MIRROR_H
#define PUBLISH_MIRROR_H

#include "publish/error.h"
#include "publish/source.h"

#include <glib.h>

/*
 * What is mirrored: the suites of a repository that abide made (both families, with all kept states, what waits in the
 * stage, and the declared bases, so that the mirror is one that verify_repository finds nothing in, and a source of
 * other mirrors); of any apt repository that is signed and has suites (dists/SUITE); and any signed dnf repository
 * (repodata/ at the top). The metadata is taken byte for byte, so clients trust the copy by the publisher's key.
 *
 * Trust goes from the top file down: InRelease (or Release and Release.gpg) and repomd.xml by their signatures, every
 * index by the digest and size that these give, every package by those that an index gives; states and bases by digests
 * that the Release file or a later state gives; of public keys only those whose fingerprints are in its Signed-By. What
 * is not proved stays in the hidden folder MIRROR_PARTS. Digests weaker than SHA-256 prove nothing.
 *
 * Order: packages first, then, in one step for each family, the metadata (generation.h). Whatever stops it leaves the
 * old state or the new one; what was fetched is there for the next run. Files that are no longer named go with the next
 * generation, or a day later, as clients may still be reading the one before (MIRROR_RETIRED).
 *
 * Not mirrored: source packages, installers, apt's index differences (apt takes whole indexes then), repositories
 * without suites, packages below dists/, and what names files on another server (xml:base).
 */

/* In the mirror: parts of files, each named by its digest; nothing a client looks at. */
#define MIRROR_PARTS ".mirror"

/* In it: the files that are kept only for readers in the middle of an earlier state, a line each: since when, and the
 * path. */
#define MIRROR_RETIRED MIRROR_PARTS "/retired"

/* mirror_retired: these paths -> since when (gint64 *, seconds since 1970); empty in what is no mirror. Caller unrefs.
 */
GHashTable *mirror_retired(const char *dir);

struct mirror_options {
	const char *source; /* a directory, or a URL */
	const char *dir;    /* the mirror: a new or empty directory, or one of ours */
	char **suites;	 /* NULL: those that the mirror has; "stable" (or the dnf repository at the top) in a new one */
	const char *key; /* a file of public keys, or a fingerprint in the user's gpg; NULL: all that gpg has */
	struct source_limits limits;
	guint wait;			 /* seconds to wait for whoever is at work in the mirror */
	gboolean allow_rollback;	 /* take an older state than the mirror has */
	gboolean allow_expired;		 /* take one whose Valid-Until is over */
	gint64 now;			 /* seconds since 1970 */
	const struct progress *progress; /* may be NULL */
};

/* What became of one suite, or of the dnf repository at the top. */
struct mirror_suite {
	char *name;	    /* NULL: the dnf repository at the top */
	char **signers;	    /* fingerprints of keys that signed */
	gint64 date;	    /* of the publication; 0: not said */
	gint64 valid_until; /* 0: without end */
	guint64 state;	    /* number of the publication, if abide made it; else 0 */
	guint debs, rpms;
	guint64 size;	  /* of these packages */
	gboolean changed; /* the metadata is not what it was */
};

struct mirror_result {
	GPtrArray *suites; /* struct mirror_suite * */
	guint fetched;	   /* files that came from the source, */
	guint linked;	   /* of them those that are hard links to its files, */
	guint64 bytes;	   /* and the bytes of the others */
	guint removed;	   /* files that were not named any more */
};
typedef struct mirror_result mirror_result;
void mirror_result_free(mirror_result *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mirror_result, mirror_result_free)

/*
 * mirror_run: make or refresh a mirror.
 *
 * Returns what was done. NULL with PUBLISH_ERROR_SIGNATURE, PUBLISH_ERROR_DIGEST (bytes or endless bytes that nobody
 * signed for; other bytes under the name of a package that the mirror has), PUBLISH_ERROR_EXPIRED,
 * PUBLISH_ERROR_ROLLBACK (the source is older than the mirror), PUBLISH_ERROR_ABSENT, PUBLISH_ERROR_SOURCE,
 * PUBLISH_ERROR_KEY, PUBLISH_ERROR_DIRECTORY (no repository there; somebody else's directory here), PUBLISH_ERROR_BUSY,
 * PUBLISH_ERROR_INPUT (malformed or unsupported) or a G_FILE_ERROR: clients of the mirror then see what they saw, or,
 * if a suite before was done, that one new.
 */
mirror_result *mirror_run(const struct mirror_options *options, GError **error);

#endif
