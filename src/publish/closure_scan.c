/* What lacks a dependency, what is the newest, what the base keeps away: see closure_scan.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_scan.h"

#include <solv/evr.h>
#include <solv/repo.h>

/* So many packages are refuted by the solver, each with its own reason, before that is used to refute others. */
#define MOST_REFUTED 16

/* So many members of sets may be tried in vain for each package. */
#define MOST_WASTE 64

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

/* ---- what cannot be installed ---- */

/*
 * Something that satisfies it and is not known to be broken; `round` counts as not known. SYSTEMSOLVABLE: that is not so
 * simple. 0: there is none.
 */
static Id provider_of(const struct scan *s, Id dep, guint round)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	if (dep == SOLVABLE_PREREQMARKER || scan_is_complex(s->c, dep))
		return SYSTEMSOLVABLE;
	FOR_PROVIDES(p, pp, dep)
		if (s->round[p] == 0 || s->round[p] == round)
			return p;
	return 0;
}

/* Counts on one of a dependency's providers from now on. FALSE: there is none. */
static gboolean watch(struct scan *s, Id user, Id dep, guint round)
{
	Id provider = provider_of(s, dep, round);

	if (provider > SYSTEMSOLVABLE) {
		struct watch one = {user, dep, s->watched[provider]};
		s->watched[provider] = (int)s->watches->len;
		g_array_append_val(s->watches, one);
	}
	return provider != 0;
}

/* For the sake of the first dependency that nothing satisfies. */
static void mark_broken(struct scan *s, Id id, guint round, Queue *broken)
{
	const Id *dep = closure_requires(s->c, id);

	while (provider_of(s, *dep, round) != 0)
		dep++;
	s->lacks[id] = *dep;
	s->round[id] = round;
	queue_push(broken, id);
}

static void look_at(struct scan *s, Id id, guint round, Queue *broken)
{
	gboolean whole = TRUE;

	for (const Id *dep = closure_requires(s->c, id); whole && *dep != 0; dep++)
		whole = watch(s, id, *dep, round);
	if (!whole)
		mark_broken(s, id, round, broken);
}

/* Those that count on what is broken, then those that count on them, until there are no more. Empties BROKEN. */
static void spread(struct scan *s, Queue *broken)
{
	for (int done = 0; done < broken->count;) {
		int end = broken->count;
		s->rounds++;
		for (; done < end; done++) {
			int next = s->watched[broken->elements[done]];
			s->watched[broken->elements[done]] = -1;
			while (next >= 0) {
				struct watch one = g_array_index(s->watches, struct watch, next);
				if (s->round[one.user] == 0 && !watch(s, one.user, one.dep, s->rounds))
					mark_broken(s, one.user, s->rounds, broken);
				next = one.next;
			}
		}
	}
	queue_empty(broken);
}

/* Packages that lack a dependency, and those that depend on nothing but such. */
static void find_lacking(struct scan *s)
{
	Queue broken;

	queue_init(&broken);
	s->rounds = 1;
	for (Id id = s->c->suite->start; id < s->c->suite->end; id++)
		if (pool_id2solvable(s->c->pool, id)->repo == s->c->suite)
			look_at(s, id, s->rounds, &broken);
	spread(s, &broken);
	queue_free(&broken);
}

void scan_refute(struct scan *s, Id id)
{
	queue_push(&s->refuted, id);
	if (s->refuted.count < MOST_REFUTED)
		return;
	s->rounds++;
	for (int i = 0; i < s->refuted.count; i++)
		s->round[s->refuted.elements[i]] = s->rounds;
	spread(s, &s->refuted);
}

Id scan_next(const struct scan *s, Id id)
{
	Pool *pool = s->c->pool;
	Id p, pp, best = 0;

	if (s->lacks[id] == 0)
		return 0;
	FOR_PROVIDES(p, pp, s->lacks[id])
		if (s->round[p] < s->round[id] && (best == 0 || scan_is_newer(s, p, best)))
			best = p;
	return best;
}

Id scan_root(struct scan *s, Id id)
{
	Id root = id, next;

	while (s->root[root] == 0 && (next = scan_next(s, root)) != 0)
		root = next;
	if (s->root[root] != 0)
		root = s->root[root];
	for (; id != root && s->root[id] == 0; id = next) {
		next = scan_next(s, id);
		s->root[id] = root;
	}
	return root;
}

/* ---- what can be said of all ---- */

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
			   .root = g_new0(Id, packages),
			   .watches = g_array_new(FALSE, FALSE, sizeof(struct watch)),
			   .watched = g_new(int, packages),
			   .waste = (gint64)packages * MOST_WASTE,
			   .supports = g_array_new(FALSE, FALSE, sizeof(struct support)),
			   .supported = g_new(int, packages),
			   .all.taken = g_new0(Id, names),
			   .set.taken = g_new0(Id, names)};
	for (gsize i = 0; i < packages; i++)
		s->supported[i] = s->watched[i] = -1;
	queue_init(&s->refuted);
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
	g_free(s->root);
	g_array_unref(s->watches);
	g_free(s->watched);
	queue_free(&s->refuted);
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
