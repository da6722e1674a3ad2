/* Whether a repository is what was signed: every file from InRelease down, and what has no business there. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_VERIFY_H
#define PUBLISH_VERIFY_H

#include "core/progress.h"

#include <glib.h>

/* From how long before the end of Valid-Until on it is a warning, in seconds. */
#define VERIFY_SOON (14 * 24 * 3600)

/* What a finding is about. */
enum verify_kind {
	VERIFY_SIGNATURE, /* missing, bad, weak, or of somebody else */
	VERIFY_DIGEST,	  /* a file is missing, or not as it was signed */
	VERIFY_EXPIRY,	  /* of the Release file or of a key */
	VERIFY_FORMAT,	  /* signed, but wrong: an unsorted index, a package of another architecture */
	VERIFY_STRAY,	  /* a file that nothing names */
	VERIFY_DEPENDS,	  /* a package that cannot be installed on a declared base */
	VERIFY_KINDS,
};

/* verify_kind_name: "signature", "digest"...; static. */
const char *verify_kind_name(enum verify_kind kind);

struct verify_finding {
	enum verify_kind kind;
	gboolean warning; /* nothing is broken yet, or for anybody */
	char *suite;	  /* NULL: of the whole directory */
	char *path;	  /* from the directory's top */
	char *text;	  /* what is wrong, without the path */
};

/* What was looked at, and what came of it. */
struct verify_report {
	GPtrArray *findings; /* struct verify_finding *, in the order of looking */
	guint suites, indexes, packages;
	GPtrArray *base_names; /* char *: "debian-12-amd64", those that were tried, of all suites */
	guint checked; /* packages that were tried on bases, once for each base */
	guint foreign; /* those that were not, because no base has their family and architecture */
	guint unread;  /* packages whose contents were not read, only their size */
	guint64 bytes, unread_bytes;
};
void verify_report_free(struct verify_report *report);
typedef struct verify_report verify_report;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(verify_report, verify_report_free)

struct verify_options {
	const char *suite; /* NULL: all of them */
	const char *const
		*bases;	   /* names or files (declared.h), instead of the declared ones; NULL: the declared ones */
	gboolean packages; /* read every package, and check its digest, and the signature that an .rpm has */
	gint64 now;	   /* seconds since 1970 */
	const struct progress *progress; /* may be NULL */
};

/*
 * verify_repository: look at all of it, and note everything that is wrong.
 *
 * Indexes are read whole, packages only if asked to. Without a lock: if somebody publishes meanwhile, it begins again.
 * Stray files are looked for in what belongs to the suites that are verified; in the pool, which they share, only if
 * they are all of them.
 *
 * NULL with PUBLISH_ERROR_DIRECTORY (no repository, or no such suite), PUBLISH_ERROR_INPUT (a base that was given) or
 * PUBLISH_ERROR_KEY (no gpg): errors of asking, not of the repository.
 */
verify_report *verify_repository(const char *dir, const struct verify_options *options, GError **error);

#endif
