/* What the parts of closure share: filling the pool, and saying in words what the solver found. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CLOSURE_PRIVATE_H
#define PUBLISH_CLOSURE_PRIVATE_H

#include "publish/closure.h"

#include <solv/bitmap.h>
#include <solv/pool.h>
#include <solv/solver.h>

struct closure {
	const struct base *base;
	char *system;
	Pool *pool;
	Repo *installed, *available, *suite;
	GPtrArray *archs;   /* deb: char *, the architectures of the base's packages besides its own */
	GPtrArray *entries; /* const entry *, of the solvables from `first` on */
	Id first;
	const Map *seen; /* what a client sees, while reasons are put into words; NULL: everything */
};

/*
 * closure_fill_deb, closure_fill_rpm: put the packages of the base, and of these entries those of the family, into the
 * pool. FALSE with a PUBLISH_ERROR_INPUT.
 */
gboolean closure_fill_deb(closure *c, const GPtrArray *entries, GError **error);
gboolean closure_fill_rpm(closure *c, const GPtrArray *entries, GError **error);

/* closure_entry: the suite's package that a solvable is, or NULL. */
const entry *closure_entry(const closure *c, Id id);

/*
 * closure_requires, closure_conflicts, closure_obsoletes: ids up to a 0; never NULL. SOLVABLE_PREREQMARKER may be among
 * the first.
 */
const Id *closure_requires(const closure *c, Id id);
const Id *closure_conflicts(const closure *c, Id id);
const Id *closure_obsoletes(const closure *c, Id id);

/* closure_solve: what a solver finds for a job. considered: NULL, or what there is. The caller frees the solver first. */
Solver *closure_solve(closure *c, Queue *job, Map *considered);

/* closure_decisions: the packages that a solver without problems has chosen, in the place of what SET held. */
void closure_decisions(Solver *solver, Queue *set);

/* closure_label: "svc-a 1.2-1 (amd64)"; caller frees. */
char *closure_label(const closure *c, Id id);

/*
 * closure_missing: "needs libfoo (>= 2); the newest there is 1.0", for a dependency that nothing satisfies; caller
 * frees.
 */
char *closure_missing(const closure *c, Id dep);

/* closure_needs: "needs libfoo (>= 2)"; caller frees. */
char *closure_needs(const closure *c, Id dep);

/* closure_explain: why the solver found no way to install `asked` (0: several packages); one line, caller frees. */
char *closure_explain(const closure *c, Solver *solver, Id asked);

#endif
