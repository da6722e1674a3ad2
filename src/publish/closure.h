/* Whether packages can be installed on a base, by the rules of apt or dnf; and if not, why. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CLOSURE_H
#define PUBLISH_CLOSURE_H

#include "pack/base.h"
#include "publish/family.h"

#include <glib.h>

/*
 * The packages of a suite beside those of a base, in one pool of libsolv (which no other room uses).
 *
 * What "can be installed" means: there is a set of packages, of the suite and of what the base's repositories have,
 * that holds the package and whose dependencies are met; nothing in it conflicts with anything else; and every package
 * that is installed on the base stays, be it in another version. So apt would accept these packages and versions by
 * name, with --no-remove and --allow-downgrades, and dnf without --allowerasing. Recommended packages do not count.
 *
 * The rules are those of the family: for debs Multi-Arch as apt reads it, and that only a versioned Provides satisfies
 * a versioned dependency; for rpms Obsoletes, files as dependencies and rich dependencies.
 *
 * That a Pre-Depends is part of a circle of dependencies, so that dpkg cannot begin anywhere, is not noticed.
 *
 * Of the base only its installed packages have dependencies and conflicts; that its available ones can be installed is
 * taken for granted. Not thread-safe.
 */
typedef struct closure closure;

/*
 * closure_new: for a base (borrowed) that names its packages, and the entries among these (borrowed) that are of its
 * family and of an architecture that it has.
 *
 * NULL with a PUBLISH_ERROR_INPUT: a base without packages, which an older abide has captured, or packages that cannot
 * be read.
 */
closure *closure_new(const struct base *base, const GPtrArray *entries, GError **error);
void closure_free(closure *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(closure, closure_free)

/* closure_entries: those that are looked at (const entry *), in their order; owned by c. */
const GPtrArray *closure_entries(const closure *c);

/* What is wrong with one package. */
struct closure_finding {
	const entry *entry;
	/* It can be installed, but only by somebody who names other packages' versions as well: apt takes the newest of
	 * each. */
	gboolean unpinned;
	char *text; /* "svc-a 1.2-1 (amd64) on debian-12-amd64: needs lib1 (>= 1.1.0); the newest there is 1.0.2-1" */
};

/*
 * closure_check: look at every package of the suite by itself, in every version that the suite has.
 *
 * That a package is `unpinned` is said only of the newest version of each name: who asks for an old one has to name
 * versions anyway. Most packages are proved by finding such a set step by step; the solver is asked about the others
 * only.
 *
 * Returns struct closure_finding, in the order of the entries.
 */
GPtrArray *closure_check(closure *c);

/*
 * closure_request: whether a client that sees only some packages of the suite installs all of these by their names alone.
 *
 * seen: a byte for each of closure_entries, in their order; 0: the client does not see it.
 * names: N names of packages of the suite or of the base.
 * installed: NULL, or what would be installed from the suite (const entry *) is appended.
 * why: set to the reason, one line; caller frees.
 *
 * A deb client takes of each name the candidate: the newest that it sees, of the suite, of the base's repositories and of what is
 * installed; nothing goes back to an older version. An rpm client may take any version that it sees (dnf --nobest), and what
 * obsoletes a package in its place: then that package is not there, and the answer is FALSE. It is FALSE, too, where a package
 * would stay installed in a version that the client does not see, older than one that it does.
 */
gboolean closure_request(closure *c, const guint8 *seen, const char *const *names, guint n, GPtrArray *installed,
			 char **why);

#endif
