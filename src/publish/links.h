/* Which packages of a suite use which libraries, as far as their records tell. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_LINKS_H
#define PUBLISH_LINKS_H

#include "publish/family.h"
#include "publish/relations.h"

#include <glib.h>

/* What a publication does with a package. */
enum member_move {
	MEMBER_STAYS,
	MEMBER_ARRIVES, /* not in the suite yet */
	MEMBER_LEAVES,  /* in the suite still */
};

/* A package of the suite as it is, or as it would be. */
struct member {
	const entry *entry; /* borrowed */
	enum member_move move;
	GPtrArray *names;   /* char *: more names that users of its libraries depend on (templates.h); NULL for none */
	char file[];        /* where its bytes are now */
};

/* members_new: an empty list of struct member *. */
GPtrArray *members_new(void);

/* members_add: FILE is copied, ENTRY must outlive the list. members_add_published: its file is in its place in the repository DIR. */
void members_add(GPtrArray *members, const entry *e, const char *file, enum member_move move);
void members_add_published(GPtrArray *members, const entry *e, const char *dir, enum member_move move);

/* members_sort: into the order of entry_compare, which all functions below count on. */
void members_sort(GPtrArray *members);

/* members_find: the package of that family, name, version and architecture; NULL when there is none. */
const struct member *members_find(const GPtrArray *members, const struct family *family, const char *name,
				  const char *version, const char *arch);

/* members_each_relation: relations_of_deb or relations_of_rpm for a package's record. */
void members_each_relation(const struct member *m, enum relations_side side, relations_fn fn, gpointer user);

/* A package and one that it may take a library from. AFTER or BEFORE may be NULL, not both. */
struct link {
	const struct member *user;
	const struct member *after;  /* the newest that the user's dependency allows: what a client installs; NULL: all of them
				      * leave */
	const struct member *before; /* likewise, in the suite as it is; NULL when there is none, or AFTER is there too; of a user
				      * that is new also when it leaves */
	gboolean is_new;             /* the user is not what clients install yet: it arrives, or newer versions of it leave */
	gboolean disallowed;         /* the dependency allows none: AFTER is only the newest that there is */
	gboolean loose;              /* the dependency allows BEFORE as well */
};

/*
 * links_find: the pairs of packages between which something can have changed, because one of the two arrives or leaves.
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
