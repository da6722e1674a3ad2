/* What can be installed on a base: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_scan.h"
#include "publish/error.h"

#include <solv/evr.h>
#include <solv/repo.h>
#include <string.h>

/* Of a longer chain of dependencies the middle is left out. */
#define MOST_CHAIN 8

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

static gboolean fill(closure *c, const GPtrArray *entries, GError **error)
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
	return fill(c, entries, error) ? g_steal_pointer(&c) : NULL;
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

const GPtrArray *closure_entries(const closure *c)
{
	return c->entries;
}

/* ---- the solver ---- */

Solver *closure_solve(closure *c, Queue *job, Map *considered)
{
	Solver *solver = solver_create(c->pool);

	c->pool->considered = considered;
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_VENDORCHANGE, 1);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_DOWNGRADE, 1);
	solver_solve(solver, job);
	c->pool->considered = NULL;
	return solver;
}

void closure_decisions(Solver *solver, Queue *set)
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

/* As scan_prove, by the solver, which always knows. why: NULL, or set to the reason when there is no way. */
static gboolean prove_hard(struct scan *s, Id id, gboolean newest, char **why)
{
	Map considered;
	Queue job;

	scan_let_go(s);
	if (newest)
		map_init_clone(&considered, &s->candidates);
	if (newest)
		MAPSET(&considered, SYSTEMSOLVABLE);
	for (Id p = s->c->installed->start; newest && p < s->c->installed->end; p++)
		MAPSET(&considered, p);
	queue_init(&job);
	queue_push2(&job, SOLVER_INSTALL | SOLVER_SOLVABLE, id);
	Solver *solver = closure_solve(s->c, &job, newest ? &considered : NULL);
	gboolean found = solver_problem_count(solver) == 0;
	if (found)
		closure_decisions(solver, &s->set.members);
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

/* Why the last one of a chain cannot be installed. */
static char *last_reason(const struct scan *s, Id id)
{
	return s->lacks[id] != 0 ? closure_missing(s->c, s->lacks[id]) : g_strdup("cannot be installed");
}

/* "needs liba (>= 1), and liba 1-1 (amd64) needs libb (>= 2); the newest there is 1-1" */
static char *chain(struct scan *s, Id id)
{
	GString *text = g_string_new(NULL);
	Id root = scan_root(s, id);

	for (guint n = 0; id != root && n < MOST_CHAIN; n++) {
		Id next = scan_next(s, id);
		g_autofree char *needs = closure_needs(s->c, s->lacks[id]), *label = closure_label(s->c, next);
		g_string_append_printf(text, "%s, and %s ", needs, label);
		id = next;
	}
	g_autofree char *label = closure_label(s->c, root), *reason = last_reason(s, root);
	if (id != root)
		g_string_append_printf(text, "needs more, and in the end %s ", label);
	g_string_append(text, reason);
	return g_string_free(text, FALSE);
}

/* What somebody has to name to get the set: all that is not the newest of its name. */
static char *names_to_give(const struct scan *s, Id id)
{
	GString *text = g_string_new("only with ");
	guint n = 0;

	for (int i = 0; i < s->set.members.count; i++) {
		const entry *e = closure_entry(s->c, s->set.members.elements[i]);
		if (e == NULL || s->set.members.elements[i] == id || MAPTST(&s->candidates, s->set.members.elements[i]))
			continue;
		g_string_append_printf(text, "%s%s=%s", n++ > 0 ? ", " : "", e->name, e->version);
	}
	g_string_append(text, n > 0 ? ", which has to be named or pinned: apt takes the newest of each package"
				    : "packages that have to be named or pinned: apt takes the newest of each package");
	return g_string_free(text, FALSE);
}

/* Finds a set with this package in it, s->set, in which all others are proved as well. */
static gboolean find_set(struct scan *s, Id id, gboolean newest, char **why)
{
	if (!scan_prove(s, id, newest) && !prove_hard(s, id, newest, why))
		return FALSE;
	for (int i = 0; i < s->set.members.count; i++)
		MAPSET(&s->proved[newest ? 1 : 0], s->set.members.elements[i]);
	return TRUE;
}

/* What is asked for with its version: it is enough that there is some way. */
static void check_any(struct scan *s, Id id, GPtrArray *findings)
{
	g_autofree char *why = NULL;

	if (MAPTST(&s->proved[0], id) || scan_beside(s, id) || find_set(s, id, FALSE, &why))
		return;
	report(s, findings, id, FALSE, why);
	scan_refute(s, id);
}

/* What apt takes when no version is named: it is worth a word if others' versions have to be named. */
static void check_newest(struct scan *s, Id id, GPtrArray *findings)
{
	g_autofree char *why = NULL;

	if (MAPTST(&s->proved[1], id) || s->all.taken[pool_id2solvable(s->c->pool, id)->name] == id ||
	    find_set(s, id, TRUE, NULL))
		return;
	gboolean found = find_set(s, id, FALSE, &why);
	if (found)
		why = names_to_give(s, id);
	report(s, findings, id, found, why);
	if (!found)
		scan_refute(s, id);
}

static void check_one(struct scan *s, Id id, GPtrArray *findings)
{
	g_autofree char *lacks = s->round[id] != 0 ? chain(s, id) : NULL;

	if (lacks != NULL)
		report(s, findings, id, FALSE, lacks);
	else if (s->c->base->family == PACKAGE_DEB && MAPTST(&s->candidates, id))
		check_newest(s, id, findings);
	else
		check_any(s, id, findings);
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
