/* What libsolv found, in words for release engineers: see closure_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_private.h"

#include <solv/evr.h>
#include <solv/problems.h>
#include <solv/repo.h>
#include <string.h>

/* More would not be read. */
#define MOST_CLAUSES 8

char *closure_label(const closure *c, Id id)
{
	const entry *e = closure_entry(c, id);
	const Solvable *s = pool_id2solvable(c->pool, id);

	if (e != NULL)
		return g_strdup_printf("%s %s (%s)", e->name, e->version, e->arch);
	return g_strdup_printf("%s %s of the base", pool_id2str(c->pool, s->name), pool_id2str(c->pool, s->evr));
}

/* "libfoo (>= 2) | libbar"; libsolv's own text has no brackets. */
static void append_deb(const closure *c, GString *text, Id dep)
{
	if (!ISRELDEP(dep)) {
		g_string_append(text, pool_id2str(c->pool, dep));
		return;
	}
	const Reldep *rd = GETRELDEP(c->pool, dep);
	append_deb(c, text, rd->name);
	gboolean alternative = rd->flags == REL_OR;
	g_string_append(text, alternative ? " | " : " (");
	if (!alternative)
		g_string_append(text, pool_id2rel(c->pool, dep) + 1);
	append_deb(c, text, rd->evr);
	if (!alternative)
		g_string_append_c(text, ')');
}

static char *dep_text(const closure *c, Id dep)
{
	GString *text = g_string_new(NULL);

	if (c->base->family == PACKAGE_DEB)
		append_deb(c, text, dep);
	else
		g_string_append(text, pool_dep2str(c->pool, dep));
	return g_string_free(text, FALSE);
}

char *closure_needs(const closure *c, Id dep)
{
	g_autofree char *text = dep_text(c, dep);

	return g_strdup_printf("needs %s", text);
}

/* The name that a dependency on some versions of one package has; 0: it is no such dependency. */
static Id name_of(const closure *c, Id dep, gboolean *above)
{
	if (!ISRELDEP(dep))
		return 0;
	const Reldep *rd = GETRELDEP(c->pool, dep);
	*above = (rd->flags & REL_LT) == 0;
	return rd->flags < 8 && !ISRELDEP(rd->name) ? rd->name : 0;
}

static gboolean is_seen(const closure *c, Id id)
{
	return c->seen == NULL || MAPTST(c->seen, id);
}

/* Whether nothing that is seen satisfies it, though something does. */
static gboolean is_hidden(const closure *c, Id dep)
{
	Pool *pool = c->pool;
	Id p, pp;
	gboolean some = FALSE;

	FOR_PROVIDES(p, pp, dep) {
		if (is_seen(c, p))
			return FALSE;
		some = TRUE;
	}
	return some;
}

/* The newest, or the oldest, package of that name; 0: there is none. */
static Id extreme(const closure *c, Id name, gboolean newest)
{
	Pool *pool = c->pool;
	Id p, pp, best = 0;

	FOR_PROVIDES(p, pp, name) {
		const Solvable *s = pool_id2solvable(pool, p);
		if (s->name != name || !is_seen(c, p))
			continue;
		int order = best ? pool_evrcmp(pool, s->evr, pool_id2solvable(pool, best)->evr, EVRCMP_COMPARE) : 0;
		if (best == 0 || (newest ? order > 0 : order < 0))
			best = p;
	}
	return best;
}

char *closure_missing(const closure *c, Id dep)
{
	g_autofree char *needs = closure_needs(c, dep);
	gboolean above = TRUE;
	Id name = name_of(c, dep, &above), there = name ? extreme(c, name, above) : 0;

	if (there == 0)
		return g_strdup_printf("%s, which nothing %sprovides", needs, is_hidden(c, dep) ? "that is seen " : "");
	return g_strdup_printf("%s; the %s there is %s", needs, above ? "newest" : "oldest",
			       pool_id2str(c->pool, pool_id2solvable(c->pool, there)->evr));
}

/* ---- problems ---- */

static char *conflict_text(const closure *c, const char *subject, Id target, Id dep, const char *verb)
{
	g_autofree char *other = target ? closure_label(c, target) : g_strdup("itself"), *what = dep_text(c, dep);
	gboolean named = target != 0 && pool_id2solvable(c->pool, target)->name == dep;

	return g_strdup_printf(named ? "%s%s %s" : "%s%s %s (%s)", subject, verb, other, what);
}

/* One rule that takes part in a problem, as a clause; NULL: it says nothing that others do not. */
static char *clause(const closure *c, Solver *solver, Id rule, Id asked)
{
	Id from = 0, target = 0, dep = 0;
	SolverRuleinfo type = solver_ruleinfo(solver, rule, &from, &target, &dep);
	g_autofree char *label = from != 0 && from != asked ? closure_label(c, from) : NULL;
	g_autofree char *subject = label ? g_strconcat(label, " ", NULL) : g_strdup("");

	switch (type) {
	case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP: {
		g_autofree char *missing = closure_missing(c, dep);
		return g_strconcat(subject, missing, NULL);
	}
	case SOLVER_RULE_PKG_REQUIRES: {
		g_autofree char *needs = is_hidden(c, dep) ? closure_missing(c, dep) : closure_needs(c, dep);
		return g_strconcat(subject, needs, NULL);
	}
	case SOLVER_RULE_PKG_CONFLICTS:
	case SOLVER_RULE_PKG_SELF_CONFLICT:
		return conflict_text(c, subject, target, dep, "conflicts with");
	case SOLVER_RULE_PKG_OBSOLETES:
	case SOLVER_RULE_PKG_INSTALLED_OBSOLETES:
		return conflict_text(c, subject, target, dep, "obsoletes");
	case SOLVER_RULE_PKG_SAME_NAME: {
		g_autofree char *one = closure_label(c, from), *other = closure_label(c, target);
		return g_strdup_printf("%s and %s cannot both be installed", one, other);
	}
	default:
		return NULL;
	}
}

/*
 * What needs what, what was asked for first; then what stands against it. That what is installed has to stay goes
 * without saying.
 */
static gint compare_rules(gconstpointer a, gconstpointer b, gpointer user)
{
	const gpointer *context = user;
	Solver *solver = context[0];
	Id asked = GPOINTER_TO_INT(context[1]), x = *(const Id *)a, y = *(const Id *)b;
	Id from[2] = {0}, target, dep;
	SolverRuleinfo type[2] = {solver_ruleinfo(solver, x, &from[0], &target, &dep),
				  solver_ruleinfo(solver, y, &from[1], &target, &dep)};
	int order = (type[0] != SOLVER_RULE_PKG_REQUIRES) - (type[1] != SOLVER_RULE_PKG_REQUIRES);

	if (order == 0)
		order = (from[0] != asked) - (from[1] != asked);
	return order != 0 ? order : x - y;
}

char *closure_explain(const closure *c, Solver *solver, Id asked)
{
	g_autoptr(GPtrArray) clauses = g_ptr_array_new_with_free_func(g_free);
	gpointer context[] = {solver, GINT_TO_POINTER(asked)};
	Queue rules;

	queue_init(&rules);
	solver_findallproblemrules(solver, 1, &rules);
	if (rules.count > 1)
		g_qsort_with_data(rules.elements, rules.count, sizeof(Id), compare_rules, context);
	for (int i = 0; i < rules.count && clauses->len < MOST_CLAUSES; i++) {
		char *text = clause(c, solver, rules.elements[i], asked);
		if (text == NULL || g_ptr_array_find_with_equal_func(clauses, text, g_str_equal, NULL))
			g_free(text);
		else
			g_ptr_array_add(clauses, text);
	}
	queue_free(&rules);
	if (clauses->len == 0)
		return g_strdup(solver_problem2str(solver, 1));
	g_ptr_array_add(clauses, NULL);
	return g_strjoinv("; ", (char **)clauses->pdata);
}
