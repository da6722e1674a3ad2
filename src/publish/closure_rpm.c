/* RPM packages in a pool of libsolv: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_private.h"
#include "publish/error.h"
#include "publish/rpmindex.h"

#include <solv/pool_parserpmrichdep.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/repo_rpmmd.h>
#include <stdio.h>
#include <string.h>

/* libsolv parses rich dependencies by recursion. */
#define MOST_NESTING 64

/* ---- of the base ---- */

static gboolean is_rich(const char *text)
{
	int depth = 0, deepest = 0;

	for (const char *p = text; *p != '\0'; p++) {
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		deepest = MAX(deepest, depth);
	}
	return *text == '(' && depth == 0 && deepest <= MOST_NESTING;
}

static int operator_flags(const char *text)
{
	return (strchr(text, '<') ? REL_LT : 0) | (strchr(text, '>') ? REL_GT : 0) | (strchr(text, '=') ? REL_EQ : 0);
}

/* "name", "name >= evr" or a rich dependency; cut up in place. */
static Id relation_id(const closure *c, char *text)
{
	Id rich = is_rich(text) ? pool_parserpmrichdep(c->pool, text) : 0;
	char *version = rich ? NULL : strrchr(text, ' ');

	if (rich != 0 || version == NULL)
		return rich ? rich : pool_str2id(c->pool, text, 1);
	*version++ = '\0';
	char *sense = strrchr(text, ' ');
	if (sense == NULL || strspn(sense + 1, "<=>") != strlen(sense + 1) || sense[1] == '\0') {
		version[-1] = ' ';
		return pool_str2id(c->pool, text, 1);
	}
	*sense++ = '\0';
	return pool_rel2id(c->pool, pool_str2id(c->pool, text, 1), pool_str2id(c->pool, version, 1),
			   operator_flags(sense), 1);
}

static void add_base_package(const closure *c, const struct base_package *p)
{
	static const Id keys[BASE_RELATIONS] = {
		[BASE_PROVIDES] = SOLVABLE_PROVIDES,
		[BASE_DEPENDS] = SOLVABLE_REQUIRES,
		[BASE_CONFLICTS] = SOLVABLE_CONFLICTS,
		[BASE_OBSOLETES] = SOLVABLE_OBSOLETES,
	};
	Solvable *s = pool_id2solvable(c->pool, repo_add_solvable(p->available ? c->available : c->installed));

	s->name = pool_str2id(c->pool, p->name, 1);
	s->evr = pool_str2id(c->pool, p->version, 1);
	s->arch = pool_str2id(c->pool, p->arch, 1);
	solvable_add_deparray(s, SOLVABLE_PROVIDES, pool_rel2id(c->pool, s->name, s->evr, REL_EQ, 1), 0);
	for (gsize i = 0; i < BASE_RELATIONS; i++) {
		g_auto(GStrv) parts = g_strsplit(p->relations[i] ? p->relations[i] : "", "\t", -1);
		for (char **part = parts; *part != NULL; part++)
			if (**part != '\0')
				solvable_add_deparray(s, keys[i], relation_id(c, *part), 0);
	}
}

/* ---- of the suite ---- */

static gboolean read_part(const closure *c, enum rpmindex_part part, int flags, GError **error)
{
	g_autoptr(GBytes) xml = rpmindex_text(c->entries, part);
	gsize size = 0;
	const void *data = g_bytes_get_data(xml, &size);
	FILE *in = fmemopen((void *)data, size, "r");
	int result = in ? repo_add_rpmmd(c->suite, in, NULL, flags) : -1;

	if (in != NULL)
		fclose(in);
	if (result != 0)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s.xml: %s", rpmindex_part_name(part),
			    in ? pool_errstr(c->pool) : "cannot be read");
	return result == 0;
}

/* libsolv has made one solvable of each package, in their order. */
static gboolean check_order(closure *c, Id first, GError **error)
{
	c->first = first;
	for (guint i = 0; i < c->entries->len; i++) {
		const entry *e = c->entries->pdata[i];
		Id id = first + (Id)i;
		if (id < c->pool->nsolvables &&
		    g_strcmp0(pool_id2str(c->pool, pool_id2solvable(c->pool, id)->name), e->name) == 0)
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "primary.xml: %s is not where it should be",
			    e->path);
		return FALSE;
	}
	return TRUE;
}

static gboolean is_path_missing(const closure *c, Id dep)
{
	if (ISRELDEP(dep)) {
		const Reldep *rd = GETRELDEP(c->pool, dep);
		return is_path_missing(c, rd->name) || (rd->flags > 7 && is_path_missing(c, rd->evr));
	}
	return *pool_id2str(c->pool, dep) == '/' && *pool_whatprovides_ptr(c->pool, dep) == 0;
}

/* Whether a package requires a path that primary.xml, which has the files of programs and settings, does not have. */
static gboolean needs_filelists(const closure *c)
{
	for (guint i = 0; i < c->entries->len; i++)
		for (const Id *dep = closure_requires(c, c->first + (Id)i); *dep != 0; dep++)
			if (is_path_missing(c, *dep))
				return TRUE;
	return FALSE;
}

static gboolean read_suite(closure *c, GError **error)
{
	Id first = c->pool->nsolvables;

	if (!read_part(c, RPMINDEX_PRIMARY, 0, error) || !check_order(c, first, error))
		return FALSE;
	pool_addfileprovides(c->pool);
	pool_createwhatprovides(c->pool);
	if (!needs_filelists(c))
		return TRUE;
	if (!read_part(c, RPMINDEX_FILELISTS, REPO_EXTEND_SOLVABLES, error))
		return FALSE;
	pool_addfileprovides(c->pool);
	return TRUE;
}

gboolean closure_fill_rpm(closure *c, const GPtrArray *entries, GError **error)
{
	pool_setdisttype(c->pool, DISTTYPE_RPM);
	pool_setarch(c->pool, c->base->arch);
	/* As dnf does: a library may be there for two architectures. */
	pool_set_flag(c->pool, POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS, 1);
	for (guint i = 0; i < c->base->packages->len; i++)
		add_base_package(c, c->base->packages->pdata[i]);
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		if (e->family == &family_rpm && pool_arch2score(c->pool, pool_str2id(c->pool, e->arch, 1)) != 0)
			g_ptr_array_add(c->entries, (gpointer)e);
	}
	return c->entries->len == 0 || read_suite(c, error);
}
