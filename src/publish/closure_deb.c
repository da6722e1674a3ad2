/* Debian packages in a pool of libsolv, with relations as apt reads them: see closure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/closure_private.h"
#include "publish/deb822.h"
#include "publish/error.h"

#include <solv/repo.h>
#include <string.h>

/*
 * Multi-Arch is in the names. A package of the base's own architecture is known by its plain name, one of another as
 * NAME:ARCH; a dependency without an architecture means the depending package's. What is Multi-Arch: foreign goes by
 * its name in every architecture, what is `allowed` by NAME:any as well. Where the base has several architectures, each
 * package has a further name that no dependency can have, by which those that are not `same` keep the others away.
 */
#define REAL "/"

/* libsolv walks alternatives by recursion. */
#define MOST_ALTERNATIVES 256

/* One package, of a base or of an index. */
struct control {
	const char *name, *version, *arch, *multi_arch;
	const char *provides;
	const char *depends[2];	  /* Pre-Depends and Depends */
	const char *conflicts[2]; /* Conflicts and Breaks */
};

/* One alternative, taken apart. */
struct alternative {
	const char *name, *arch; /* arch NULL: none given */
	int flags;		 /* of libsolv; 0: any version */
	const char *version;
};

static gboolean is_native(const closure *c, const char *arch)
{
	return arch == NULL || strcmp(arch, c->base->arch) == 0 || strcmp(arch, "all") == 0 ||
	       strcmp(arch, "native") == 0;
}

static Id name_in(const closure *c, const char *name, const char *arch)
{
	g_autofree char *full = is_native(c, arch) ? NULL : g_strconcat(name, ":", arch, NULL);

	return pool_str2id(c->pool, full ? full : name, 1);
}

/* dpkg holds 1.0 and 1.0-0 for equal; libsolv does not. */
static Id version_id(const closure *c, const char *version)
{
	gsize length = strlen(version);

	while (length > 2 && g_str_has_suffix(version, "-0") && strlen(version) == length)
		length -= 2;
	return pool_strn2id(c->pool, version, (unsigned)length, 1);
}

static Id with_version(const closure *c, Id name, int flags, const char *version)
{
	return flags == 0 ? name : pool_rel2id(c->pool, name, version_id(c, version), flags, 1);
}

/* ---- relations ---- */

/* What apt takes `<` and `>` for, with a warning: <= and >=. */
static int operator_flags(const char *text, gsize size)
{
	static const struct {
		const char *text;
		int flags;
	} rows[] = {
		{"<<", REL_LT}, {"<=", REL_LT | REL_EQ}, {"=", REL_EQ},		 {">=", REL_GT | REL_EQ},
		{">>", REL_GT}, {"<", REL_LT | REL_EQ},	 {">", REL_GT | REL_EQ},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strlen(rows[i].text) == size && strncmp(text, rows[i].text, size) == 0)
			return rows[i].flags;
	return 0;
}

/* "name:arch (>= version)" cut up in place. FALSE: not one. */
static gboolean take_apart(char *text, struct alternative *a)
{
	char *open = strchr(g_strstrip(text), '('), *close = open ? strchr(open, ')') : NULL;

	*a = (struct alternative){.name = text};
	if (open != NULL) {
		gsize size = strspn(open + 1, "<>=");
		if (close == NULL || close[1] != '\0' || (a->flags = operator_flags(open + 1, size)) == 0)
			return FALSE;
		*close = '\0';
		a->version = g_strstrip(open + 1 + size);
		if (*a->version == '\0')
			return FALSE;
		*open = '\0';
		g_strchomp(text);
	}
	char *colon = strchr(text, ':');
	if (colon != NULL) {
		*colon = '\0';
		a->arch = colon + 1;
	}
	return *text != '\0' && strpbrk(text, " \t\n") == NULL && (a->arch == NULL || *a->arch != '\0');
}

/* A dependency on one package; what cannot be read is one that nothing satisfies. */
static Id alternative_id(const closure *c, const char *text, const char *arch)
{
	g_autofree char *copy = g_strdup(text);
	struct alternative a;

	if (!take_apart(copy, &a)) {
		g_autofree char *name = g_strstrip(g_strdup(text));
		return pool_str2id(c->pool, *name ? name : " ", 1);
	}
	return with_version(c, name_in(c, a.name, a.arch ? a.arch : arch), a.flags, a.version);
}

/* "a | b (>= 1)": the last first, as libsolv nests them. */
static Id dependency_id(const closure *c, const char *text, const char *arch)
{
	g_auto(GStrv) alternatives = g_strsplit(text, "|", MOST_ALTERNATIVES);
	guint n = g_strv_length(alternatives);
	Id id = 0;

	while (n-- > 0) {
		Id one = alternative_id(c, alternatives[n], arch);
		id = id == 0 ? one : pool_rel2id(c->pool, one, id, REL_OR, 1);
	}
	return id;
}

static void add_depends(const closure *c, Solvable *s, const char *field, const char *arch)
{
	g_auto(GStrv) parts = g_strsplit(field ? field : "", ",", -1);

	for (char **part = parts; *part != NULL; part++)
		if (*g_strstrip(*part) != '\0')
			solvable_add_deparray(s, SOLVABLE_REQUIRES, dependency_id(c, *part, arch), -1);
}

/* A conflict with a name means all its architectures, unless it says which. */
static void add_conflict(const closure *c, Solvable *s, char *text)
{
	struct alternative a;

	if (!take_apart(text, &a))
		return;
	gboolean all = a.arch == NULL || strcmp(a.arch, "any") == 0;
	solvable_add_deparray(s, SOLVABLE_CONFLICTS,
			      with_version(c, name_in(c, a.name, all ? NULL : a.arch), a.flags, a.version), 0);
	for (guint i = 0; all && i < c->archs->len; i++)
		solvable_add_deparray(s, SOLVABLE_CONFLICTS,
				      with_version(c, name_in(c, a.name, c->archs->pdata[i]), a.flags, a.version), 0);
}

static void add_conflicts(const closure *c, Solvable *s, const char *field)
{
	g_auto(GStrv) parts = g_strsplit(field ? field : "", ",", -1);

	for (char **part = parts; *part != NULL; part++)
		if (*g_strstrip(*part) != '\0')
			add_conflict(c, s, *part);
}

/* NAME under all the names that it has by Multi-Arch. */
static void add_provided(const closure *c, Solvable *s, const struct control *p, const char *name, int flags,
			 const char *version)
{
	gboolean everywhere = g_strcmp0(p->multi_arch, "foreign") == 0;

	solvable_add_deparray(s, SOLVABLE_PROVIDES, with_version(c, name_in(c, name, p->arch), flags, version), 0);
	if (everywhere && !is_native(c, p->arch))
		solvable_add_deparray(s, SOLVABLE_PROVIDES, with_version(c, name_in(c, name, NULL), flags, version), 0);
	for (guint i = 0; everywhere && i < c->archs->len; i++)
		if (strcmp(c->archs->pdata[i], p->arch) != 0)
			solvable_add_deparray(s, SOLVABLE_PROVIDES,
					      with_version(c, name_in(c, name, c->archs->pdata[i]), flags, version), 0);
	if (g_strcmp0(p->multi_arch, "allowed") == 0)
		solvable_add_deparray(s, SOLVABLE_PROVIDES, with_version(c, name_in(c, name, "any"), flags, version),
				      0);
}

/* apt ignores a Provides of anything but one version. */
static void add_provides(const closure *c, Solvable *s, const struct control *p)
{
	g_auto(GStrv) parts = g_strsplit(p->provides ? p->provides : "", ",", -1);
	struct alternative a;

	for (char **part = parts; *part != NULL; part++) {
		if (*g_strstrip(*part) == '\0' || !take_apart(*part, &a) || (a.flags != 0 && a.flags != REL_EQ))
			continue;
		if (a.arch == NULL)
			add_provided(c, s, p, a.name, a.flags, a.version);
		else
			solvable_add_deparray(s, SOLVABLE_PROVIDES,
					      with_version(c, name_in(c, a.name, a.arch), a.flags, a.version), 0);
	}
}

/* Two architectures of one package: together only where both are Multi-Arch: same, and then of one version. */
static void add_lockstep(const closure *c, Solvable *s, const struct control *p)
{
	g_autofree char *full = g_strconcat(p->name, REAL, NULL);
	Id real = pool_str2id(c->pool, full, 1);

	solvable_add_deparray(s, SOLVABLE_PROVIDES, with_version(c, real, REL_EQ, p->version), 0);
	if (g_strcmp0(p->multi_arch, "same") == 0) {
		solvable_add_deparray(s, SOLVABLE_CONFLICTS, with_version(c, real, REL_LT, p->version), 0);
		solvable_add_deparray(s, SOLVABLE_CONFLICTS, with_version(c, real, REL_GT, p->version), 0);
	} else {
		solvable_add_deparray(s, SOLVABLE_CONFLICTS, real, 0);
	}
}

/* ---- packages ---- */

static Id add_control(const closure *c, Repo *repo, const struct control *p)
{
	Id id = repo_add_solvable(repo);
	Solvable *s = pool_id2solvable(c->pool, id);

	s->name = name_in(c, p->name, p->arch);
	s->evr = version_id(c, p->version);
	s->arch = ARCH_ALL;
	add_provided(c, s, p, p->name, REL_EQ, p->version);
	add_provides(c, s, p);
	for (gsize i = 0; i < 2; i++) {
		add_depends(c, s, p->depends[i], p->arch);
		add_conflicts(c, s, p->conflicts[i]);
	}
	if (c->archs->len > 0)
		add_lockstep(c, s, p);
	return id;
}

static void add_base_package(const closure *c, const struct base_package *p)
{
	struct control control = {.name = p->name,
				  .version = p->version,
				  .arch = p->arch,
				  .multi_arch = p->multi_arch,
				  .provides = p->relations[BASE_PROVIDES],
				  .depends = {p->relations[BASE_DEPENDS]},
				  .conflicts = {p->relations[BASE_CONFLICTS]}};

	add_control(c, p->available ? c->available : c->installed, &control);
}

static gboolean add_entry(closure *c, const entry *e, GError **error)
{
	static const char *const names[] = {"Multi-Arch", "Provides", "Pre-Depends", "Depends", "Conflicts", "Breaks"};
	const char *cursor = e->record[0];
	char *fields[G_N_ELEMENTS(names)];
	g_auto(deb822) d = {0};

	if (!deb822_next(&d, &cursor, cursor + strlen(cursor), error)) {
		g_prefix_error(error, "%s: ", e->path);
		return FALSE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		fields[i] = deb822_get(&d, names[i]);
	struct control control = {.name = e->name,
				  .version = e->version,
				  .arch = e->arch,
				  .multi_arch = fields[0],
				  .provides = fields[1],
				  .depends = {fields[2], fields[3]},
				  .conflicts = {fields[4], fields[5]}};
	Id id = add_control(c, c->suite, &control);
	if (c->entries->len == 0)
		c->first = id;
	g_ptr_array_add(c->entries, (gpointer)e);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_free(fields[i]);
	return TRUE;
}

static gboolean has_arch(const closure *c, const char *arch)
{
	return is_native(c, arch) || g_ptr_array_find_with_equal_func(c->archs, arch, g_str_equal, NULL);
}

gboolean closure_fill_deb(closure *c, const GPtrArray *entries, GError **error)
{
	pool_setdisttype(c->pool, DISTTYPE_DEB);
	for (guint i = 0; i < c->base->packages->len; i++) {
		const struct base_package *p = c->base->packages->pdata[i];
		if (!p->available && !has_arch(c, p->arch))
			g_ptr_array_add(c->archs, p->arch);
	}
	for (guint i = 0; i < c->base->packages->len; i++) {
		const struct base_package *p = c->base->packages->pdata[i];
		if (has_arch(c, p->arch))
			add_base_package(c, p);
	}
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		if (e->family == &family_deb && has_arch(c, e->arch) && !add_entry(c, e, error))
			return FALSE;
	}
	return TRUE;
}
