/* What a client installs by name that sees only some packages of a suite: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_private.h"

#include <solv/evr.h>
#include <solv/repo.h>

/* ---- what it may take ---- */

static void see(const closure *c, const guint8 *seen, Map *considered)
{
	const Pool *pool = c->pool;
	Id p;

	map_init(considered, pool->nsolvables);
	MAPSET(considered, SYSTEMSOLVABLE);
	FOR_POOL_SOLVABLES(p)
		if (closure_entry(c, p) == NULL || seen[p - c->first])
			MAPSET(considered, p);
}

/* As apt does: of each name the newest, wherever it is; what is installed may stay. */
static void keep_candidates(const closure *c, Map *considered)
{
	Pool *pool = c->pool;
	g_autofree Id *newest = g_new0(Id, (gsize)pool->ss.nstrings);
	Id p;

	FOR_POOL_SOLVABLES(p) {
		Id *best = &newest[pool_id2solvable(pool, p)->name];
		if (MAPTST(considered, p) && (*best == 0 || pool_evrcmp(pool, pool_id2solvable(pool, p)->evr,
									pool_id2solvable(pool, *best)->evr,
									EVRCMP_COMPARE) > 0))
			*best = p;
	}
	FOR_POOL_SOLVABLES(p) {
		const Solvable *now = pool_id2solvable(pool, p);
		if (MAPTST(considered, p) && now->repo != c->installed &&
		    pool_evrcmp(pool, now->evr, pool_id2solvable(pool, newest[now->name])->evr, EVRCMP_COMPARE) != 0)
			MAPCLR(considered, p);
	}
}

/* ---- what it is asked for ---- */

/* Is it installed, in a version that the client does not see, and older than one that it does? */
static gboolean is_left_behind(const closure *c, const Map *considered, Id id)
{
	Pool *pool = c->pool;
	const Solvable *now = pool_id2solvable(pool, id);
	gboolean newer = FALSE;
	Id p, pp;

	if (now->repo != c->installed)
		return FALSE;
	FOR_PROVIDES(p, pp, now->name) {
		if (closure_entry(c, p) == NULL || pool_id2solvable(pool, p)->name != now->name || !MAPTST(considered, p))
			continue;
		int order = pool_evrcmp(pool, pool_id2solvable(pool, p)->evr, now->evr, EVRCMP_COMPARE);
		if (order == 0)
			return FALSE;
		newer |= order > 0;
	}
	return newer;
}

/*
 * Those of that name. dnf is content with what is installed, but that is not what was asked for; apt takes what is installed only
 * where that is the candidate.
 */
static void add_named(const closure *c, const Map *considered, Id name, Queue *found)
{
	Pool *pool = c->pool;
	Id p, pp, best = 0;

	FOR_PROVIDES(p, pp, name) {
		if (pool_id2solvable(pool, p)->name != name || !MAPTST(considered, p) || is_left_behind(c, considered, p))
			continue;
		int order = best ? pool_evrcmp(pool, pool_id2solvable(pool, p)->evr,
					       pool_id2solvable(pool, best)->evr, EVRCMP_COMPARE)
				 : 1;
		if (c->base->family == PACKAGE_DEB && order > 0)
			queue_empty(found);
		if (c->base->family != PACKAGE_DEB || order >= 0)
			queue_push(found, p);
		best = order > 0 ? p : best;
	}
}

static Id newest_of(const closure *c, const Queue *found)
{
	Id newest = 0;

	for (int i = 0; i < found->count; i++)
		if (newest == 0 || pool_evrcmp(c->pool, pool_id2solvable(c->pool, found->elements[i])->evr,
					       pool_id2solvable(c->pool, newest)->evr, EVRCMP_COMPARE) > 0)
			newest = found->elements[i];
	return newest;
}

static gboolean does_obsolete(const closure *c, Id id, Id other)
{
	for (const Id *dep = closure_obsoletes(c, id); *dep != 0; dep++)
		if (pool_match_nevr(c->pool, pool_id2solvable(c->pool, other), *dep))
			return TRUE;
	return FALSE;
}

/*
 * As dnf does: what obsoletes a package that somebody names is taken for it. dnf means all versions of the package; but where
 * only an older one is obsoleted, whether it then takes that or the newest depends on the order of the index.
 */
static void add_obsoleting(const closure *c, const Map *considered, Queue *found)
{
	const Pool *pool = c->pool;
	Id newest = newest_of(c, found), p;

	FOR_POOL_SOLVABLES(p)
		if (newest != 0 && MAPTST(considered, p) && does_obsolete(c, p, newest))
			queue_pushunique(found, p);
}

static Id name_id(const closure *c, const char *name)
{
	Id id = pool_str2id(c->pool, name, 0), found = 0, p, pp;
	Pool *pool = c->pool;

	FOR_PROVIDES(p, pp, id)
		if (pool_id2solvable(pool, p)->name == id)
			found = id;
	for (guint i = 0; found == 0 && i < c->archs->len; i++) {
		g_autofree char *full = g_strconcat(name, ":", (const char *)c->archs->pdata[i], NULL);
		found = pool_str2id(pool, full, 0);
	}
	return found;
}

/* FALSE: nothing that the client sees has that name. */
static gboolean ask_for(const closure *c, const Map *considered, const char *name, Queue *job)
{
	Id id = name_id(c, name);
	Queue found;

	queue_init(&found);
	if (id != 0)
		add_named(c, considered, id, &found);
	if (c->base->family == PACKAGE_RPM)
		add_obsoleting(c, considered, &found);
	gboolean some = found.count > 0;
	if (some)
		queue_push2(job, SOLVER_INSTALL | SOLVER_SOLVABLE_ONE_OF, pool_queuetowhatprovides(c->pool, &found));
	queue_free(&found);
	return some;
}

/* ---- what it gets ---- */

/* The first name that is not there in the end, because something that obsoletes it was taken; NULL: none. */
static char *replaced(const closure *c, const char *const *names, guint n, const Queue *set)
{
	for (guint i = 0; i < n; i++) {
		Id name = name_id(c, names[i]), other = 0;
		gboolean there = FALSE;
		for (int k = 0; k < set->count; k++) {
			const Solvable *s = pool_id2solvable(c->pool, set->elements[k]);
			there |= s->name == name;
			for (const Id *dep = closure_obsoletes(c, set->elements[k]); *dep != 0; dep++)
				if (!ISRELDEP(*dep) ? *dep == name : GETRELDEP(c->pool, *dep)->name == name)
					other = set->elements[k];
		}
		if (there)
			continue;
		g_autofree char *label = other != 0 ? closure_label(c, other) : g_strdup("another package");
		return g_strdup_printf("%s takes the place of %s, which it obsoletes", label, names[i]);
	}
	return NULL;
}

static gboolean settle(closure *c, Queue *job, Map *considered, const char *const *names, guint n, GPtrArray *installed,
		       char **why)
{
	Solver *solver = closure_solve(c, job, considered);
	Queue set;

	queue_init(&set);
	if (solver_problem_count(solver) > 0)
		*why = closure_explain(c, solver, 0);
	else
		closure_decisions(solver, &set);
	if (*why == NULL)
		*why = replaced(c, names, n, &set);
	for (int i = 0; *why == NULL && installed != NULL && i < set.count; i++)
		if (closure_entry(c, set.elements[i]) != NULL)
			g_ptr_array_add(installed, (gpointer)closure_entry(c, set.elements[i]));
	queue_free(&set);
	solver_free(solver);
	return *why == NULL;
}

gboolean closure_request(closure *c, const guint8 *seen, const char *const *names, guint n, GPtrArray *installed,
			 char **why)
{
	Map considered;
	Queue job;

	*why = NULL;
	queue_init(&job);
	see(c, seen, &considered);
	if (c->base->family == PACKAGE_DEB)
		keep_candidates(c, &considered);
	for (guint i = 0; *why == NULL && i < n; i++)
		if (!ask_for(c, &considered, names[i], &job))
			*why = g_strdup_printf("no version of %s is there", names[i]);
	c->seen = &considered;
	gboolean found = *why == NULL && settle(c, &job, &considered, names, n, installed, why);
	c->seen = NULL;
	queue_free(&job);
	map_free(&considered);
	return found;
}
