/* A channel's published suite against the channel: see published.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/published.h"

#include "pin/items.h"
#include "publish/publication.h"

#include <string.h>

/* The versions of each package that the channel names, as items. all: also those that it does not let through. */
static GPtrArray *versions_of(const struct channel *c, const GPtrArray *packages, gboolean all)
{
	GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)channel_item_free);
	struct channel_item *last = NULL;

	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (channel_rules(c, e->name) == NULL ||
		    (!all && !channel_lets(c, e->family->compare, e->name, e->version)))
			continue;
		g_autofree char *what = g_strdup_printf("%s %s %s", e->family->name, e->name, e->arch);
		const char *versions = last != NULL && strcmp(last->what, what) == 0 ? last->value : NULL;
		if (versions == NULL) {
			last = channel_item_new(what, e->version);
			g_ptr_array_add(items, last);
			continue;
		}
		char *more = g_strjoin(" ", versions, e->version, NULL);
		g_free(last->value);
		last->value = more;
	}
	return items;
}

/* Packages are sorted by name and version before architecture; here all versions of one architecture are one item. */
static gint by_arch(gconstpointer a, gconstpointer b)
{
	const entry *x = *(const entry *const *)a, *y = *(const entry *const *)b;
	int order = strcmp(x->family->name, y->family->name);

	order = order != 0 ? order : strcmp(x->name, y->name);
	order = order != 0 ? order : strcmp(x->arch, y->arch);
	return order != 0 ? order : x->family->compare(x->version, y->version);
}

static gint by_what(gconstpointer a, gconstpointer b)
{
	return strcmp((*(const struct channel_item *const *)a)->what, (*(const struct channel_item *const *)b)->what);
}

static GPtrArray *sorted_versions(const struct channel *c, const publication *p, gboolean all)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_copy(p->packages, NULL, NULL);
	GPtrArray *items;

	g_ptr_array_set_free_func(packages, NULL);
	g_ptr_array_sort(packages, by_arch);
	items = versions_of(c, packages, all);
	g_ptr_array_sort(items, by_what);
	return items;
}

gboolean channel_unpublished(const struct fleet *fleet, const struct channel *c, GPtrArray **differences, GError **error)
{
	g_autofree char *inrelease = g_build_filename(fleet->repository, "dists", c->name, "InRelease", NULL);

	*differences = NULL;
	if (!g_file_test(inrelease, G_FILE_TEST_EXISTS))
		return TRUE;
	g_autoptr(publication) own = publication_open(fleet->repository, c->name, error);
	g_autoptr(publication) full = own ? publication_open(fleet->repository, fleet_suite(fleet, c), error) : NULL;
	if (full == NULL)
		return FALSE;
	g_autoptr(GPtrArray) now = sorted_versions(c, own, TRUE);
	g_autoptr(GPtrArray) then = sorted_versions(c, full, FALSE);
	*differences = channel_differences(now, then);
	return TRUE;
}
