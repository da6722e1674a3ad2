/* The newest release of a library: see released.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/released_private.h"
#include "core/version.h"
#include "pack/names.h"
#include "publish/fetch.h"
#include "publish/generation.h"

#include <string.h>

void candidate_free(gpointer data)
{
	struct candidate *c = data;

	g_free(c->path);
	g_free(c->version);
	g_free(c);
}

void released_free(struct released *r)
{
	if (r == NULL)
		return;
	input_free(r->input);
	g_free(r->where);
	g_free(r);
}

/* ---- names ---- */

gboolean released_match(const struct facts *library, const char *soname, gboolean *same_soname)
{
	g_autofree char *a = NULL, *b = NULL, *a_version = NULL, *b_version = NULL;

	*same_soname = strcmp(library->soname, soname) == 0;
	return *same_soname || (names_soname_split(library->soname, &a, &a_version) &&
				names_soname_split(soname, &b, &b_version) && a_version != NULL && b_version != NULL &&
				strcmp(a, b) == 0);
}

/* What follows the name of a package: nothing, or what TAIL allows; Debian's 64-bit time_t put "t64" there. */
static gboolean ends_name(const char *rest, const char *tail)
{
	if (g_str_has_prefix(rest, "t64"))
		rest += strlen("t64");
	return *rest == '\0' || strchr(tail, *rest) != NULL;
}

gboolean released_match_package(const struct facts *library, const char *name, const char *tail, gboolean *same_soname)
{
	g_autofree char *own = names_runtime(library->soname), *stem = NULL, *version = NULL;

	if (own == NULL || !names_soname_split(library->soname, &stem, &version))
		return FALSE;
	*same_soname = g_str_has_prefix(name, own) && ends_name(name + strlen(own), tail);
	if (*same_soname || version == NULL)
		return *same_soname;
	gsize n = strlen(own) - strlen(version);
	const char *number = name + n;
	return strncmp(name, own, n) == 0 && g_ascii_isdigit(*number) &&
	       ends_name(number + strspn(number, "0123456789."), tail);
}

/* ---- the newest ---- */

/* The best first: the same soname, the highest version, the richest kind. */
static gint compare_candidates(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = *(struct candidate *const *)a, *y = *(struct candidate *const *)b;
	int order;

	if (x->same_soname != y->same_soname)
		return x->same_soname ? -1 : 1;
	if (x->version == NULL || y->version == NULL)
		order = (x->version != NULL) - (y->version != NULL);
	else
		order = version_compare_deb(x->version, y->version);
	if (order == 0)
		order = (int)x->kind - (int)y->kind;
	return order != 0 ? -order : strcmp(x->path, y->path);
}

/* Two files of one soname, of which neither says how old it is. */
static gboolean is_told(const GPtrArray *candidates, const char *dir, GError **error)
{
	const struct candidate *a = candidates->pdata[0], *b = candidates->len > 1 ? candidates->pdata[1] : NULL;

	if (b == NULL || a->version != NULL || a->same_soname != b->same_soname)
		return TRUE;
	g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
		    "%s: nothing says which of %s and %s is newer; name one as OLD, or keep snapshots with a version "
		    "(abide inspect --snapshot --version-is)",
		    dir, a->path, b->path);
	return FALSE;
}

static const struct facts *library_in(const struct input *in, const struct facts *library)
{
	const struct facts *found = NULL;
	gboolean same;

	for (guint i = 0; i < in->libraries->len; i++) {
		const struct facts *f = in->libraries->pdata[i];
		if (f->soname == NULL || f->machine != library->machine || f->bits != library->bits ||
		    !released_match(library, f->soname, &same))
			continue;
		if (same || found == NULL)
			found = f;
	}
	return found;
}

static char *describe(const struct candidate *c)
{
	const release *r = c->suite ? c->suite->site.settings : NULL;

	return r == NULL ? g_strdup(c->path)
			 : g_strdup_printf("%s/%s of suite %s, signed by %s", c->suite->site.dir, c->path, r->suite,
					   *r->signed_by);
}

/* Reads a candidate; *found stays NULL when the library is not in it after all. */
static gboolean read_candidate(const struct candidate *c, const struct facts *library,
			       const struct input_sources *sources, struct released **found, GError **error)
{
	g_autofree char *folder = c->suite ? g_dir_make_tmp("abide-released-XXXXXX", error) : NULL;
	g_autofree char *copy = folder ? released_fetch(c, folder, error) : NULL;
	const char *path = c->suite ? copy : c->path;
	g_autoptr(input) in = path ? input_read(path, sources, error) : NULL;

	if (folder != NULL)
		generation_remove_tree(folder, NULL);
	if (in == NULL)
		return FALSE;
	const struct facts *f = library_in(in, library);
	if (f == NULL)
		return TRUE;
	*found = g_new0(struct released, 1);
	(*found)->library = f;
	(*found)->input = g_steal_pointer(&in);
	(*found)->where = describe(c);
	(*found)->same_soname = strcmp(f->soname, library->soname) == 0;
	return TRUE;
}

static gboolean take_newest(GPtrArray *candidates, const char *dir, const struct facts *library,
			    const struct input_sources *sources, struct released **found, GError **error)
{
	g_ptr_array_sort(candidates, compare_candidates);
	if (candidates->len > 0 && !is_told(candidates, dir, error))
		return FALSE;
	for (guint i = 0; i < candidates->len && *found == NULL; i++)
		if (!read_candidate(candidates->pdata[i], library, sources, found, error))
			return FALSE;
	if (*found != NULL)
		(*found)->n = candidates->len;
	return TRUE;
}

gboolean released_find(const char *dir, const struct facts *library, const struct input_sources *sources,
		       struct released **found, GError **error)
{
	g_auto(GStrv) suites = publication_suites(dir);
	g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func((GDestroyNotify)publication_free);
	g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);

	*found = NULL;
	if (*suites == NULL && !released_scan_folder(dir, library, candidates, error))
		return FALSE;
	for (char **suite = suites; *suite != NULL; suite++) {
		publication *p = publication_open(dir, *suite, error);
		if (p == NULL)
			return FALSE;
		g_ptr_array_add(open, p);
		released_scan_suite(p, library, candidates);
	}
	return take_newest(candidates, dir, library, sources, found, error);
}
