/* Which packages of a suite use which libraries, as far as their records tell. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_LINKS_H
#define PUBLISH_LINKS_H

#include "publish/family.h"
#include "publish/relations.h"

#include <glib.h>

/* A package of the suite as it would be. */
struct member {
	const entry *entry; /* borrowed */
	char *file;         /* where its bytes are now */
	gboolean arriving;  /* not in the suite yet */
	GPtrArray *names;   /* char *: more names that users of its libraries depend on (templates.h); NULL for none */
};

/* members_new: an empty list of struct member *. */
GPtrArray *members_new(void);

/* members_add: FILE is copied, ENTRY must outlive the list. */
void members_add(GPtrArray *members, const entry *e, const char *file, gboolean arriving);

/* members_sort: into the order of entry_compare, which all functions below count on. */
void members_sort(GPtrArray *members);

/* members_find: the package of that family, name, version and architecture; NULL when there is none. */
const struct member *members_find(const GPtrArray *members, const struct family *family, const char *name,
				  const char *version, const char *arch);

/* members_each_relation: relations_of_deb or relations_of_rpm for a package's record. */
void members_each_relation(const struct member *m, enum relations_side side, relations_fn fn, gpointer user);

/* A package and one that it may take a library from. */
struct link {
	const struct member *user;
	const struct member *after;  /* the newest that the user's dependency allows: what a client installs */
	const struct member *before; /* likewise, in the suite as it is; NULL when there is none, or when AFTER is there too */
	gboolean disallowed;         /* the dependency allows none: AFTER is only the newest that there is */
	gboolean loose;              /* the dependency allows BEFORE as well */
};

/*
 * links_find: the pairs of packages between which something can have changed, because one of the two is arriving.
 *
 * members: sorted. A user depends on its library's package by name, by what that provides, or by one of its `names`; an
 * .rpm by soname. Of each
 * package only the newest version is a user: a client that takes the library from the suite takes that too. Packages
 * for all architectures hold no machine code. Nobody is a user of his own package.
 *
 * Returns struct link *, those of one user together, in the order of MEMBERS; the members must outlive it. Thread-safe.
 * Takes one walk over all records.
 */
GPtrArray *links_find(const GPtrArray *members);

/* links_allow: would everything that USER's record says of CANDIDATE's package by its name let it be this version? */
gboolean links_allow(const struct member *user, const struct member *candidate);

#endif
