/* Sets of packages that can be installed together, found without a solver: see closure_scan.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_scan.h"

#include <string.h>

/* Once too much was tried in vain, a larger set for one package is left to the solver. */
#define MOST_MEMBERS 128

/* More that take the places of others are a set of their own. */
#define MOST_EXTRA 16

/* ---- sets ---- */

static Id name_of(const struct scan *s, Id id)
{
	return pool_id2solvable(s->c->pool, id)->name;
}

static void take(const struct scan *s, struct set *set, Id id)
{
	set->taken[name_of(s, id)] = id;
	queue_push(&set->members, id);
}

/* Empties the set, down to its first KEEP members. */
static void let_go(const struct scan *s, struct set *set, int keep)
{
	for (int i = keep; i < set->members.count; i++)
		set->taken[name_of(s, set->members.elements[i])] = 0;
	queue_truncate(&set->members, keep);
}

void scan_let_go(struct scan *s)
{
	let_go(s, &s->set, 0);
}

static gboolean is_taken(const struct scan *s, const struct set *set, Id id)
{
	return scan_is_installed(s->c, id) || set->taken[name_of(s, id)] == id;
}

/* Whether it can be in any set: it lacks nothing, and neither upgrades what is installed nor is kept away by it. */
static gboolean is_eligible(const struct scan *s, Id id, gboolean newest)
{
	return s->round[id] == 0 && !MAPTST(&s->hostile, id) && !MAPTST(&s->present, name_of(s, id)) &&
	       (!newest || MAPTST(&s->candidates, id));
}

/* The newest package that satisfies a dependency, and whose name the set does not have; 0: there is none. */
static Id choose(const struct scan *s, const struct set *set, Id dep, gboolean newest)
{
	Pool *pool = s->c->pool;
	Id p, pp, best = 0;

	FOR_PROVIDES(p, pp, dep)
		if (set->taken[name_of(s, p)] == 0 && is_eligible(s, p, newest) &&
		    (best == 0 || scan_is_newer(s, p, best)))
			best = p;
	return best;
}

/* ---- growing a set ---- */

/* Makes sure that a set satisfies a dependency. Returns what does; 0: there is no simple way. */
static Id satisfy(const struct scan *s, struct set *set, Id dep, gboolean newest)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	if (scan_is_complex(s->c, dep))
		return 0;
	FOR_PROVIDES(p, pp, dep)
		if (is_taken(s, set, p))
			return p;
	p = choose(s, set, dep, newest);
	if (p != 0)
		take(s, set, p);
	return p;
}

/* Whether a package tolerates the set, and what is installed. */
static gboolean is_peaceful(const struct scan *s, const struct set *set, Id id)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	for (const Id *con = closure_conflicts(s->c, id); *con != 0; con++) {
		if (scan_is_complex(s->c, *con))
			return FALSE;
		FOR_PROVIDES(p, pp, *con)
			if (p != id && is_taken(s, set, p))
				return FALSE;
	}
	for (const Id *obs = closure_obsoletes(s->c, id); *obs != 0; obs++)
		FOR_PROVIDES(p, pp, *obs)
			if (p != id && is_taken(s, set, p))
				return FALSE;
	return TRUE;
}

/*
 * Adds a package to a set, and what it needs. supports: NULL, or who satisfies what is appended. FALSE: it cannot
 * simply; then some of it may be in the set.
 */
static gboolean try_add(const struct scan *s, struct set *set, Id id, gboolean newest, Queue *supports)
{
	int first = set->members.count;

	if (set->taken[name_of(s, id)] != 0 || !is_eligible(s, id, newest))
		return FALSE;
	take(s, set, id);
	for (int i = first; i < set->members.count; i++) {
		if (i - first > MAX(s->waste, MOST_MEMBERS))
			return FALSE;
		for (const Id *dep = closure_requires(s->c, set->members.elements[i]); *dep != 0; dep++) {
			Id provider = *dep == SOLVABLE_PREREQMARKER ? SYSTEMSOLVABLE : satisfy(s, set, *dep, newest);
			if (provider == 0)
				return FALSE;
			if (supports != NULL && provider != SYSTEMSOLVABLE) {
				queue_push2(supports, provider, set->members.elements[i]);
				queue_push(supports, *dep);
			}
		}
	}
	for (int i = first; i < set->members.count; i++)
		if (!is_peaceful(s, set, set->members.elements[i]))
			return FALSE;
	return TRUE;
}

static gboolean add(struct scan *s, struct set *set, Id id, gboolean newest, Queue *supports)
{
	int first = set->members.count;
	gboolean added = try_add(s, set, id, newest, supports);

	if (!added)
		s->waste -= set->members.count - first;
	return added;
}

gboolean scan_prove(struct scan *s, Id id, gboolean newest)
{
	scan_let_go(s);
	return add(s, &s->set, id, newest, NULL);
}

/* ---- one set for all ---- */

static void note_hated(struct scan *s, Id id)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	for (const Id *con = closure_conflicts(s->c, id); *con != 0; con++)
		FOR_PROVIDES(p, pp, *con)
			if (p != id)
				MAPSET(&s->hated, p);
	for (const Id *obs = closure_obsoletes(s->c, id); *obs != 0; obs++)
		FOR_PROVIDES(p, pp, *obs)
			if (p != id)
				MAPSET(&s->hated, p);
}

static void note_supports(struct scan *s, const Queue *supports)
{
	for (int i = 0; i < supports->count; i += 3) {
		Id provider = supports->elements[i];
		struct support one = {supports->elements[i + 1], supports->elements[i + 2], s->supported[provider]};
		s->supported[provider] = (int)s->supports->len;
		g_array_append_val(s->supports, one);
	}
}

/* Members of `all` that were there before do not tolerate one that came with this package. */
static gboolean is_hated(const struct scan *s, int first)
{
	for (int i = first; i < s->all.members.count; i++)
		if (MAPTST(&s->hated, s->all.members.elements[i]))
			return TRUE;
	return FALSE;
}

static void grow_by(struct scan *s, Id id, Queue *supports)
{
	int first = s->all.members.count;

	queue_empty(supports);
	if (!add(s, &s->all, id, TRUE, supports) || is_hated(s, first)) {
		let_go(s, &s->all, first);
		return;
	}
	note_supports(s, supports);
	for (int i = first; i < s->all.members.count; i++)
		note_hated(s, s->all.members.elements[i]);
}

void scan_grow(struct scan *s)
{
	Queue supports;

	queue_init(&supports);
	for (guint i = 0; i < s->c->entries->len; i++)
		grow_by(s, s->c->first + (Id)i, &supports);
	queue_free(&supports);
}

/* ---- in the place of another ---- */

/* A few packages, and `all` without those whose place they take. */
struct beside {
	const struct scan *s;
	Queue extra;
};

static Id extra_of(const struct beside *b, Id name)
{
	for (int i = 0; i < b->extra.count; i++)
		if (name_of(b->s, b->extra.elements[i]) == name)
			return b->extra.elements[i];
	return 0;
}

static gboolean is_there(const struct beside *b, Id id)
{
	Id extra = extra_of(b, name_of(b->s, id));

	return extra != 0 ? extra == id : is_taken(b->s, &b->s->all, id);
}

static gboolean is_met(const struct beside *b, Id dep)
{
	Pool *pool = b->s->c->pool;
	Id p, pp;

	FOR_PROVIDES(p, pp, dep)
		if (is_there(b, p))
			return TRUE;
	return FALSE;
}

/* What it needs is there, or becomes one more of the few. */
static gboolean meet(struct beside *b, Id id)
{
	Pool *pool = b->s->c->pool;
	Id p, pp;

	for (const Id *dep = closure_requires(b->s->c, id); *dep != 0; dep++) {
		Id best = 0;
		if (*dep == SOLVABLE_PREREQMARKER)
			continue;
		if (scan_is_complex(b->s->c, *dep))
			return FALSE;
		if (is_met(b, *dep))
			continue;
		FOR_PROVIDES(p, pp, *dep)
			if (extra_of(b, name_of(b->s, p)) == 0 && is_eligible(b->s, p, FALSE) &&
			    (best == 0 || scan_is_newer(b->s, p, best)))
				best = p;
		if (best == 0)
			return FALSE;
		queue_push(&b->extra, best);
	}
	return TRUE;
}

/* What the former package of that name satisfied is satisfied still, as far as what needs it is there. */
static gboolean supports_all(const struct beside *b, Id former)
{
	for (int i = former ? b->s->supported[former] : -1; i >= 0;) {
		const struct support *support = &g_array_index(b->s->supports, struct support, i);
		if (is_there(b, support->user) && !is_met(b, support->dep))
			return FALSE;
		i = support->next;
	}
	return TRUE;
}

/* Whether none of those that are there minds. */
static gboolean fits(const struct beside *b, Id id)
{
	Pool *pool = b->s->c->pool;
	Id p, pp;

	if (MAPTST(&b->s->hated, id) || !supports_all(b, b->s->all.taken[name_of(b->s, id)]))
		return FALSE;
	for (const Id *con = closure_conflicts(b->s->c, id); *con != 0; con++) {
		if (scan_is_complex(b->s->c, *con))
			return FALSE;
		FOR_PROVIDES(p, pp, *con)
			if (p != id && is_there(b, p))
				return FALSE;
	}
	for (const Id *obs = closure_obsoletes(b->s->c, id); *obs != 0; obs++)
		FOR_PROVIDES(p, pp, *obs)
			if (p != id && is_there(b, p))
				return FALSE;
	return TRUE;
}

gboolean scan_beside(const struct scan *s, Id id)
{
	struct beside b = {.s = s};
	gboolean found;

	if (s->all.taken[name_of(s, id)] == id)
		return TRUE;
	queue_init(&b.extra);
	queue_push(&b.extra, id);
	found = is_eligible(s, id, FALSE);
	for (int i = 0; found && i < b.extra.count; i++)
		found = b.extra.count <= MOST_EXTRA && meet(&b, b.extra.elements[i]);
	for (int i = 0; found && i < b.extra.count; i++)
		found = fits(&b, b.extra.elements[i]);
	queue_free(&b.extra);
	return found;
}
