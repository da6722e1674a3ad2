/* What can be installed on a base: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_private.h"
#include "publish/error.h"

#include <solv/evr.h>
#include <solv/repo.h>
#include <string.h>

/* A larger set is left to the solver. */
#define MOST_WITNESSES 4096

/* ---- the pool ---- */

static const Id *array_at(const closure *c, Id id, Offset offset)
{
	static const Id none = 0;

	return offset ? pool_id2solvable(c->pool, id)->repo->idarraydata + offset : &none;
}

const Id *closure_requires(const closure *c, Id id)
{
	return array_at(c, id, pool_id2solvable(c->pool, id)->requires);
}

const Id *closure_conflicts(const closure *c, Id id)
{
	return array_at(c, id, pool_id2solvable(c->pool, id)->conflicts);
}

const Id *closure_obsoletes(const closure *c, Id id)
{
	return array_at(c, id, pool_id2solvable(c->pool, id)->obsoletes);
}

const entry *closure_entry(const closure *c, Id id)
{
	return id >= c->first && id - c->first < (Id)c->entries->len ? c->entries->pdata[id - c->first] : NULL;
}

gboolean closure_fill(closure *c, const GPtrArray *entries, GError **error)
{
	if (!(c->base->family == PACKAGE_DEB ? closure_fill_deb : closure_fill_rpm)(c, entries, error)) {
		g_prefix_error(error, "%s: ", c->system);
		return FALSE;
	}
	pool_set_installed(c->pool, c->installed);
	pool_createwhatprovides(c->pool);
	return TRUE;
}

closure *closure_new(const struct base *base, const GPtrArray *entries, GError **error)
{
	g_autoptr(closure) c = g_new0(closure, 1);

	c->base = base;
	c->system = g_strdup_printf("%s-%s", base->name ? base->name : "base", base->arch ? base->arch : "unknown");
	c->archs = g_ptr_array_new();
	c->entries = g_ptr_array_new();
	if (base->packages->len == 0 || base->arch == NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: this base does not say which packages it has; write it again with abide base capture",
			    c->system);
		return NULL;
	}
	c->pool = pool_create();
	pool_setdebugmask(c->pool, 0);
	c->installed = repo_create(c->pool, "installed");
	c->available = repo_create(c->pool, "available");
	c->suite = repo_create(c->pool, "suite");
	return closure_fill(c, entries, error) ? g_steal_pointer(&c) : NULL;
}

void closure_free(closure *c)
{
	if (c == NULL)
		return;
	if (c->pool != NULL)
		pool_free(c->pool);
	g_free(c->system);
	g_ptr_array_unref(c->archs);
	g_ptr_array_unref(c->entries);
	g_free(c);
}

const char *closure_system(const closure *c)
{
	return c->system;
}

const GPtrArray *closure_entries(const closure *c)
{
	return c->entries;
}

/* ---- what can be said without the solver ---- */

/* One closure_check. Arrays and maps are by solvable, but for `taken`, which is by the name's id. */
struct scan {
	closure *c;
	guint *round;  /* in which round it was found that it lacks a dependency; 0: not */
	Id *lacks;     /* which */
	Map candidates; /* the newest of their name: what apt installs when no version is named */
	Map hostile;	/* kept away by a package that is installed */
	Map present;	/* names of installed packages, by the name's id */
	Queue set;	/* packages that together prove that one can be installed */
	Id *taken;	/* the package of a name in `set` */
};

static gboolean is_installed(const closure *c, Id id)
{
	return pool_id2solvable(c->pool, id)->repo == c->installed;
}

static gboolean is_complex(const closure *c, Id dep)
{
	if (!ISRELDEP(dep))
		return FALSE;
	const Reldep *rd = GETRELDEP(c->pool, dep);
	if (rd->flags == REL_AND || rd->flags == REL_COND || rd->flags == REL_UNLESS)
		return TRUE;
	return rd->flags == REL_OR && (is_complex(c, rd->name) || is_complex(c, rd->evr));
}

/* Whether something that is not known to be broken satisfies it; `round` counts as not known. */
static gboolean has_provider(const struct scan *s, Id dep, guint round)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	if (is_complex(s->c, dep))
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
			if (pool_id2solvable(s->c->pool, id)->repo != suite || s->round[id] != 0 || !is_lacking(s, id, round))
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
		if (!is_installed(s->c, id))
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

static void scan_begin(struct scan *s, closure *c)
{
	*s = (struct scan){.c = c,
			   .round = g_new0(guint, c->pool->nsolvables),
			   .lacks = g_new0(Id, c->pool->nsolvables),
			   .taken = g_new0(Id, c->pool->ss.nstrings)};
	map_init(&s->candidates, c->pool->nsolvables);
	map_init(&s->hostile, c->pool->nsolvables);
	map_init(&s->present, c->pool->ss.nstrings);
	queue_init(&s->set);
	find_lacking(s);
	find_candidates(s);
	find_hostile(s);
}

static void scan_clear(struct scan *s)
{
	g_free(s->round);
	g_free(s->lacks);
	g_free(s->taken);
	map_free(&s->candidates);
	map_free(&s->hostile);
	map_free(&s->present);
	queue_free(&s->set);
}
typedef struct scan scan;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(scan, scan_clear)

/* ---- a proof, step by step ---- */

static void take(struct scan *s, Id id)
{
	s->taken[pool_id2solvable(s->c->pool, id)->name] = id;
	queue_push(&s->set, id);
}

static void let_go(struct scan *s)
{
	for (int i = 0; i < s->set.count; i++)
		s->taken[pool_id2solvable(s->c->pool, s->set.elements[i])->name] = 0;
	queue_empty(&s->set);
}

static gboolean is_taken(const struct scan *s, Id id)
{
	return is_installed(s->c, id) || s->taken[pool_id2solvable(s->c->pool, id)->name] == id;
}

/* Whether it can join the set as far as names tell: no upgrade of what is installed, no second version. */
static gboolean is_eligible(const struct scan *s, Id id, gboolean newest)
{
	const Solvable *now = pool_id2solvable(s->c->pool, id);

	return s->round[id] == 0 && !MAPTST(&s->hostile, id) && !MAPTST(&s->present, now->name) && s->taken[now->name] == 0 &&
	       (!newest || MAPTST(&s->candidates, id));
}

static gboolean is_newer(const struct scan *s, Id id, Id other)
{
	const Solvable *a = pool_id2solvable(s->c->pool, id), *b = pool_id2solvable(s->c->pool, other);

	return a->name == b->name && pool_evrcmp(s->c->pool, a->evr, b->evr, EVRCMP_COMPARE) > 0;
}

/* Makes sure that the dependency is satisfied by the set. FALSE: no simple way. */
static gboolean satisfy(struct scan *s, Id dep, gboolean newest)
{
	Pool *pool = s->c->pool;
	Id p, pp, best = 0;

	if (is_complex(s->c, dep))
		return FALSE;
	FOR_PROVIDES(p, pp, dep)
		if (is_taken(s, p))
			return TRUE;
	FOR_PROVIDES(p, pp, dep)
		if (is_eligible(s, p, newest) && (best == 0 || is_newer(s, p, best)))
			best = p;
	if (best == 0)
		return FALSE;
	take(s, best);
	return TRUE;
}

/* Whether a package of the set tolerates the others, and what is installed. */
static gboolean is_peaceful(const struct scan *s, Id id)
{
	Pool *pool = s->c->pool;
	Id p, pp;

	for (const Id *con = closure_conflicts(s->c, id); *con != 0; con++) {
		if (is_complex(s->c, *con))
			return FALSE;
		FOR_PROVIDES(p, pp, *con)
			if (p != id && is_taken(s, p))
				return FALSE;
	}
	for (const Id *obs = closure_obsoletes(s->c, id); *obs != 0; obs++)
		FOR_PROVIDES(p, pp, *obs)
			if (p != id && is_taken(s, p))
				return FALSE;
	return TRUE;
}

/* Finds a set with this package in it. FALSE only means that it takes more than this to find one. */
static gboolean prove(struct scan *s, Id id, gboolean newest)
{
	let_go(s);
	if (!is_eligible(s, id, newest))
		return FALSE;
	take(s, id);
	for (int i = 0; i < s->set.count; i++) {
		if (i == MOST_WITNESSES)
			return FALSE;
		for (const Id *dep = closure_requires(s->c, s->set.elements[i]); *dep != 0; dep++)
			if (*dep != SOLVABLE_PREREQMARKER && !satisfy(s, *dep, newest))
				return FALSE;
	}
	for (int i = 0; i < s->set.count; i++)
		if (!is_peaceful(s, s->set.elements[i]))
			return FALSE;
	return TRUE;
}

/* ---- the solver ---- */

static Solver *solve(closure *c, Queue *job, Map *considered)
{
	Solver *solver = solver_create(c->pool);

	c->pool->considered = considered;
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_VENDORCHANGE, 1);
	solver_solve(solver, job);
	c->pool->considered = NULL;
	return solver;
}

static void take_decisions(Solver *solver, Queue *set)
{
	Queue decisions;

	queue_init(&decisions);
	solver_get_decisionqueue(solver, &decisions);
	queue_empty(set);
	for (int i = 0; i < decisions.count; i++)
		if (decisions.elements[i] > SYSTEMSOLVABLE)
			queue_push(set, decisions.elements[i]);
	queue_free(&decisions);
}

/* As `prove`, by the solver, which always knows. why: NULL, or set to the reason when there is no way. */
static gboolean prove_hard(struct scan *s, Id id, gboolean newest, char **why)
{
	Map considered;
	Queue job;

	let_go(s);
	if (newest)
		map_init_clone(&considered, &s->candidates);
	if (newest)
		MAPSET(&considered, SYSTEMSOLVABLE);
	for (Id p = s->c->installed->start; newest && p < s->c->installed->end; p++)
		MAPSET(&considered, p);
	queue_init(&job);
	queue_push2(&job, SOLVER_INSTALL | SOLVER_SOLVABLE, id);
	Solver *solver = solve(s->c, &job, newest ? &considered : NULL);
	gboolean found = solver_problem_count(solver) == 0;
	if (found)
		take_decisions(solver, &s->set);
	else if (why != NULL)
		*why = closure_explain(s->c, solver, id);
	solver_free(solver);
	queue_free(&job);
	if (newest)
		map_free(&considered);
	return found;
}

/* ---- findings ---- */

static void finding_free(gpointer data)
{
	struct closure_finding *f = data;

	g_free(f->text);
	g_free(f);
}

static void report(const struct scan *s, GPtrArray *findings, Id id, gboolean unpinned, const char *why)
{
	struct closure_finding *f = g_new0(struct closure_finding, 1);
	g_autofree char *label = closure_label(s->c, id);

	f->entry = closure_entry(s->c, id);
	f->unpinned = unpinned;
	f->text = g_strdup_printf("%s on %s: %s", label, s->c->system, why);
	g_ptr_array_add(findings, f);
}

/* The provider of a dependency that was found to be broken before `round`, the newest of the first name; 0: there is none. */
static Id broken_provider(const struct scan *s, Id dep, guint round)
{
	Pool *pool = s->c->pool;
	Id p, pp, best = 0;

	FOR_PROVIDES(p, pp, dep)
		if (s->round[p] < round && (best == 0 || is_newer(s, p, best)))
			best = p;
	return best;
}

/* "needs liba (>= 1), and liba 1-1 (amd64) needs libb (>= 2); the newest there is 1-1" */
static char *chain(const struct scan *s, Id id)
{
	GString *text = g_string_new(NULL);
	Id next;

	while ((next = broken_provider(s, s->lacks[id], s->round[id])) != 0) {
		g_autofree char *needs = closure_needs(s->c, s->lacks[id]), *label = closure_label(s->c, next);
		g_string_append_printf(text, "%s, and %s ", needs, label);
		id = next;
	}
	g_autofree char *missing = closure_missing(s->c, s->lacks[id]);
	g_string_append(text, missing);
	return g_string_free(text, FALSE);
}

/* What somebody has to name to get the set: all that is not the newest of its name. */
static char *names_to_give(const struct scan *s, Id id)
{
	GString *text = g_string_new("only with ");
	guint n = 0;

	for (int i = 0; i < s->set.count; i++) {
		const entry *e = closure_entry(s->c, s->set.elements[i]);
		if (e == NULL || s->set.elements[i] == id || MAPTST(&s->candidates, s->set.elements[i]))
			continue;
		g_string_append_printf(text, "%s%s=%s", n++ > 0 ? ", " : "", e->name, e->version);
	}
	g_string_append(text, n > 0 ? ", which has to be named or pinned: apt takes the newest of each package"
				    : "packages that have to be named or pinned: apt takes the newest of each package");
	return g_string_free(text, FALSE);
}

static void check_one(struct scan *s, Id id, GPtrArray *findings)
{
	gboolean newest = s->c->base->family == PACKAGE_DEB && MAPTST(&s->candidates, id);
	g_autofree char *why = NULL;

	if (s->round[id] != 0) {
		why = chain(s, id);
		report(s, findings, id, FALSE, why);
		return;
	}
	if (newest && (prove(s, id, TRUE) || prove_hard(s, id, TRUE, NULL)))
		return;
	if (!prove(s, id, FALSE) && !prove_hard(s, id, FALSE, &why)) {
		report(s, findings, id, FALSE, why);
	} else if (newest) {
		why = names_to_give(s, id);
		report(s, findings, id, TRUE, why);
	}
}

GPtrArray *closure_check(closure *c)
{
	GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
	g_auto(scan) s = {0};

	scan_begin(&s, c);
	for (guint i = 0; i < c->entries->len; i++)
		check_one(&s, c->first + (Id)i, findings);
	return findings;
}

/* ---- together ---- */

static gboolean is_wanted(const struct closure_wanted *w, const entry *e)
{
	return strcmp(e->name, w->name) == 0 && (w->arch == NULL || strcmp(e->arch, w->arch) == 0) &&
	       (w->version == NULL || e->family->compare(e->version, w->version) == 0);
}

/* One of the suite's packages that are meant; they are noted in CONSIDERED. FALSE: there is none. */
static gboolean add_job(closure *c, const struct closure_wanted *w, Queue *job, Map *considered)
{
	Queue any;

	queue_init(&any);
	for (guint i = 0; i < c->entries->len; i++) {
		if (!is_wanted(w, c->entries->pdata[i]))
			continue;
		queue_push(&any, c->first + (Id)i);
		MAPSET(considered, c->first + (Id)i);
	}
	gboolean found = any.count > 0;
	if (found)
		queue_push2(job, SOLVER_INSTALL | SOLVER_SOLVABLE_ONE_OF, pool_queuetowhatprovides(c->pool, &any));
	queue_free(&any);
	return found;
}

static void add_installed(const closure *c, Solver *solver, GPtrArray *installed)
{
	Queue set;

	queue_init(&set);
	take_decisions(solver, &set);
	for (int i = 0; i < set.count; i++)
		if (closure_entry(c, set.elements[i]) != NULL)
			g_ptr_array_add(installed, (gpointer)closure_entry(c, set.elements[i]));
	queue_free(&set);
}

static gboolean install(closure *c, Queue *job, Map *considered, GPtrArray *installed, char **why)
{
	Solver *solver = solve(c, job, considered);
	gboolean found = solver_problem_count(solver) == 0;

	if (!found)
		*why = closure_explain(c, solver, 0);
	else if (installed != NULL)
		add_installed(c, solver, installed);
	solver_free(solver);
	return found;
}

gboolean closure_install(closure *c, const struct closure_wanted *wanted, guint n, gboolean exactly,
			 GPtrArray *installed, char **why)
{
	gboolean found = TRUE;
	Map considered;
	Queue job;

	*why = NULL;
	queue_init(&job);
	map_init(&considered, c->pool->nsolvables);
	for (Id p = 0; p < c->pool->nsolvables; p++)
		if (pool_id2solvable(c->pool, p)->repo != c->suite)
			MAPSET(&considered, p);
	for (guint i = 0; found && i < n; i++) {
		found = add_job(c, &wanted[i], &job, &considered);
		if (!found)
			*why = g_strdup_printf("%s%s%s is not in the suite, or not for %s", wanted[i].name,
					       wanted[i].version ? " " : "", wanted[i].version ? wanted[i].version : "",
					       c->system);
	}
	found = found && install(c, &job, exactly ? &considered : NULL, installed, why);
	queue_free(&job);
	map_free(&considered);
	return found;
}
