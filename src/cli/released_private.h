/* What the two places of releases, folders and repositories, share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RELEASED_PRIVATE_H
#define CLI_RELEASED_PRIVATE_H

#include "cli/released.h"
#include "publish/publication.h"

enum released_kind { RELEASED_LIBRARY, RELEASED_PACKAGE, RELEASED_SNAPSHOT };

/* A file that may be a release. */
struct candidate {
	char *path;
	char *version; /* NULL when nothing says it */
	enum released_kind kind;
	gboolean same_soname; /* or likely so, by a package's name */
	const publication *suite; /* of a repository, else NULL */
	const entry *entry;       /* likewise; borrowed */
};

void candidate_free(gpointer candidate);

/* released_match: is SONAME that of LIBRARY, or the same name with another number? Sets same_soname. */
gboolean released_match(const struct facts *library, const char *soname, gboolean *same_soname);

/*
 * released_match_package: the same for a runtime package by its name, as Debian and Fedora build it from the soname
 * (libfoo1, libfoo2-1, libfoo1t64). TAIL: what may follow the name: "" for nothing, "_-" in a file's name.
 */
gboolean released_match_package(const struct facts *library, const char *name, const char *tail, gboolean *same_soname);

/* released_scan_folder: append to CANDIDATES what lies in DIR and below. FALSE with a FACTS_ERROR. */
gboolean released_scan_folder(const char *dir, const struct facts *library, GPtrArray *candidates, GError **error);

/* released_scan_suite: append to CANDIDATES the packages of an open suite. */
void released_scan_suite(const publication *suite, const struct facts *library, GPtrArray *candidates);

/* released_fetch: the candidate's package, and its debug package if there is one, into the folder INTO. */
char *released_fetch(const struct candidate *candidate, const char *into, GError **error);

#endif
