/* What can be said of many packages at once without a solver, and proofs step by step: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CLOSURE_SCAN_H
#define PUBLISH_CLOSURE_SCAN_H

#include "publish/closure_private.h"

/* A package that satisfies a dependency of another one in a set. */
struct support {
	Id user, dep;
	int next; /* of the same provider; -1: none */
};

/* Packages that can be installed together beside the base's. */
struct set {
	Queue members;
	Id *taken; /* by a name's id: the member of that name, or 0 */
};

/* That a dependency of something is satisfied by a package, and has to be looked at again when that breaks. */
struct watch {
	Id user, dep;
	int next; /* of the same package; -1: none */
};

/*
 * One closure_check. Arrays and maps are by solvable where nothing else is said.
 *
 * `all` is one large set of newest packages that can be installed together: whatever is in it is proved, and what is
 * beside it is mostly proved by taking its place, which costs no more than looking at its own dependencies.
 */
struct scan {
	closure *c;
	guint *round;	/* in which round it was found that it cannot be installed; 0: not */
	guint rounds;	/* how many there were */
	Id *lacks;	/* which dependency it lacks; 0: none, the solver found that it cannot be installed */
	Id *root;	/* for whose sake; 0: not followed yet (scan_root) */
	GArray *watches; /* struct watch */
	int *watched;	/* the first of a package's; -1: none */
	gint64 waste;	/* so many members may still be tried in vain */
	Queue refuted;	/* what the solver found cannot be installed, while that is not spread */
	Map candidates; /* the newest of their name: what apt installs when no version is named */
	Map hostile;	/* kept away by a package that is installed */
	Map present;	/* names of installed packages, by the name's id */
	struct set all;
	GArray *supports; /* struct support, of the members of `all` */
	int *supported;	  /* the first of what a member supports; -1: none */
	Map hated;	  /* kept away by a member of `all` */
	struct set set;	  /* of the last proof */
	Map proved[2];	  /* in the set of some proof; [1]: in one of candidates only */
};
typedef struct scan scan;

/* scan_begin: look at all packages of the suite. scan_clear: free what that took. */
void scan_begin(struct scan *s, closure *c);
void scan_clear(struct scan *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(scan, scan_clear)

/*
 * scan_refute: nothing can be installed with this package, as the solver says. Once there are many of these, what needs
 * them gets a round and needs no solver: else a circle of packages that cannot be installed would take a solver for each.
 */
void scan_refute(struct scan *s, Id id);

/*
 * scan_next: of a package with a round, the broken one that it counts on, the newest of the first name; 0: there is none.
 * scan_root: where that leads in the end.
 */
Id scan_next(const struct scan *s, Id id);
Id scan_root(struct scan *s, Id id);

/* scan_is_installed: whether it is on the base already. */
gboolean scan_is_installed(const closure *c, Id id);

/* scan_is_newer: whether both have one name, and `id` the higher version. */
gboolean scan_is_newer(const struct scan *s, Id id, Id other);

/* scan_is_complex: whether it is a rich dependency that is not met by one package. */
gboolean scan_is_complex(const closure *c, Id dep);

/* scan_grow: fill s->all. */
void scan_grow(struct scan *s);

/*
 * scan_beside: whether it is proved by s->all: it is in it, or can take its place there. FALSE only means that it
 * cannot simply.
 */
gboolean scan_beside(const struct scan *s, Id id);

/*
 * scan_prove: find a set with this package in it, s->set. newest: of candidates only. FALSE only means that it takes
 * more than this to find one.
 */
gboolean scan_prove(struct scan *s, Id id, gboolean newest);

/* scan_let_go: empty s->set. */
void scan_let_go(struct scan *s);

#endif
