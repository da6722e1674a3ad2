/* What lacks a dependency, what is the newest, what the base keeps away: see closure_scan.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_scan.h"

#include <solv/evr.h>
#include <solv/repo.h>

gboolean scan_is_installed(const closure *c, Id id)
{
	return pool_id2solvable(c->pool, id)->repo == c->installed;
}

gboolean scan_is_complex(const closure *c, Id dep)
{
	if (!ISRELDEP(dep))
		return FALSE;
	const Reldep *rd = GETRELDEP(c->pool, dep);
	if (rd->flags == REL_AND || rd->flags == REL_COND || rd->flags == REL_UNLESS)
		return TRUE;
	return rd->flags == REL_OR && (scan_is_complex(c, rd->name) || scan_is_complex(c, rd->evr));
}

/* Whether something that is not known to be broken satisfies it; `round` counts as not known. */
static gboolean has_provider(const struct scan *s, Id dep, guint round)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	if (scan_is_complex(s->c, dep))
		return TRUE;
	FOR_PROVIDES(p, pp, dep)
		if (s->round[p] == 0 || s->round[p] == round)
			return TRUE;
	return FALSE;
}

static gboolean is_lacking(struct scan *s, Id id, guint round)
{
	for (const Id *dep = closure_requires(s->c, id); *dep != 0; dep++) {
		if (*dep == SOLVABLE_PREREQMARKER || has_provider(s, *dep, round))
			continue;
		s->lacks[id] = *dep;
		return TRUE;
	}
	return FALSE;
}

/* Packages that lack a dependency, then those that depend on nothing but such, until there are no more. */
static void find_lacking(struct scan *s)
{
	const Repo *suite = s->c->suite;
	gboolean more = suite->nsolvables > 0;

	for (guint round = 1; more; round++) {
		more = FALSE;
		for (Id id = suite->start; id < suite->end; id++) {
			if (pool_id2solvable(s->c->pool, id)->repo != suite || s->round[id] != 0 ||
			    !is_lacking(s, id, round))
				continue;
			s->round[id] = round;
			more = TRUE;
		}
	}
}

static void find_candidates(struct scan *s)
{
	Pool *pool = s->c->pool;
	Id *newest = g_new0(Id, pool->ss.nstrings);
	Id p;

	FOR_POOL_SOLVABLES(p) {
		const Solvable *now = pool_id2solvable(pool, p);
		Id other = newest[now->name];
		if (other == 0 || pool_evrcmp(pool, now->evr, pool_id2solvable(pool, other)->evr, EVRCMP_COMPARE) > 0)
			newest[now->name] = p;
	}
	FOR_POOL_SOLVABLES(p) {
		const Solvable *now = pool_id2solvable(pool, p);
		if (pool_evrcmp(pool, now->evr, pool_id2solvable(pool, newest[now->name])->evr, EVRCMP_COMPARE) == 0)
			MAPSET(&s->candidates, p);
	}
	g_free(newest);
}

static void find_hostile(struct scan *s)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	for (Id id = s->c->installed->start; id < s->c->installed->end; id++) {
		if (!scan_is_installed(s->c, id))
			continue;
		MAPSET(&s->present, pool_id2solvable(pool, id)->name);
		for (const Id *con = closure_conflicts(s->c, id); *con != 0; con++)
			FOR_PROVIDES(p, pp, *con)
				MAPSET(&s->hostile, p);
		for (const Id *obs = closure_obsoletes(s->c, id); *obs != 0; obs++)
			FOR_PROVIDES(p, pp, *obs)
				MAPSET(&s->hostile, p);
	}
}

gboolean scan_is_newer(const struct scan *s, Id id, Id other)
{
	const Solvable *a = pool_id2solvable(s->c->pool, id), *b = pool_id2solvable(s->c->pool, other);

	return a->name == b->name && pool_evrcmp(s->c->pool, a->evr, b->evr, EVRCMP_COMPARE) > 0;
}

void scan_begin(struct scan *s, closure *c)
{
	gsize packages = (gsize)c->pool->nsolvables, names = (gsize)c->pool->ss.nstrings;

	*s = (struct scan){.c = c,
			   .round = g_new0(guint, packages),
			   .lacks = g_new0(Id, packages),
			   .supports = g_array_new(FALSE, FALSE, sizeof(struct support)),
			   .supported = g_new(int, packages),
			   .all.taken = g_new0(Id, names),
			   .set.taken = g_new0(Id, names)};
	for (gsize i = 0; i < packages; i++)
		s->supported[i] = -1;
	map_init(&s->candidates, (int)packages);
	map_init(&s->hostile, (int)packages);
	map_init(&s->hated, (int)packages);
	map_init(&s->present, (int)names);
	map_init(&s->proved[0], (int)packages);
	map_init(&s->proved[1], (int)packages);
	queue_init(&s->all.members);
	queue_init(&s->set.members);
	find_lacking(s);
	find_candidates(s);
	find_hostile(s);
	scan_grow(s);
}

void scan_clear(struct scan *s)
{
	g_free(s->round);
	g_free(s->lacks);
	g_free(s->supported);
	g_free(s->all.taken);
	g_free(s->set.taken);
	g_array_unref(s->supports);
	map_free(&s->candidates);
	map_free(&s->hostile);
	map_free(&s->hated);
	map_free(&s->present);
	map_free(&s->proved[0]);
	map_free(&s->proved[1]);
	queue_free(&s->all.members);
	queue_free(&s->set.members);
}
