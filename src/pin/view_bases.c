/* The bases of a fleet's host classes, each opened once: see view.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/view_private.h"
#include "publish/declared.h"

#include <string.h>

static void view_base_free(gpointer data)
{
	struct view_base *b = data;

	g_free(b->name);
	base_free(b->base);
	if (b->installed != NULL)
		g_ptr_array_unref(b->installed);
	g_free(b);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct base_package *x = *(const struct base_package *const *)a, *y = *(const struct base_package *const *)b;

	return strcmp(x->name, y->name);
}

static GPtrArray *installed_of(const struct base *b)
{
	GPtrArray *installed = g_ptr_array_new();

	for (guint i = 0; i < b->packages->len; i++) {
		struct base_package *p = b->packages->pdata[i];
		if (!p->available && view_is_for(p->arch, b->arch))
			g_ptr_array_add(installed, p);
	}
	g_ptr_array_sort(installed, by_name);
	return installed;
}

/* What a host class is on, as declared_load takes it; caller frees. */
static char *path_of(const struct fleet *fleet, const struct channel_host *host)
{
	return host->installed != NULL ? fleet_resolve(fleet, host->installed)
				       : g_strdup(fleet_find_base(fleet, host->base)->base);
}

static struct view_base *open_base(const char *path, const struct channel_host *host, GError **error)
{
	const char *const names[] = {path, NULL};
	g_autoptr(GPtrArray) bases = declared_load(names, error);

	if (bases == NULL)
		return NULL;
	const struct base *first = bases->pdata[0];
	if (bases->len > 1) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
			    "%s stands for %u architectures; a host class has one: write %s-%s", path, bases->len, path,
			    first->arch ? first->arch : "ARCH");
		return NULL;
	}
	if (first->arch == NULL) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
			    "%s: this base does not say of which architecture it is; write it again with abide base capture",
			    path);
		return NULL;
	}
	struct view_base *b = g_new0(struct view_base, 1);
	b->name = g_strdup(host->installed != NULL ? host->installed : host->base);
	b->base = g_ptr_array_steal_index(bases, 0);
	b->family = b->base->family == PACKAGE_DEB ? &family_deb : &family_rpm;
	b->installed = installed_of(b->base);
	return b;
}

static gboolean open_host(view_bases *bases, const struct channel *channel, const struct channel_host *host, GError **error)
{
	g_autofree char *path = path_of(bases->fleet, host);
	struct view_base *b;

	if (g_hash_table_contains(bases->by_path, path))
		return TRUE;
	if ((b = open_base(path, host, error)) == NULL) {
		g_prefix_error(error, "%s: class %s: ", channel->path, host->class);
		return FALSE;
	}
	g_hash_table_insert(bases->by_path, g_steal_pointer(&path), b);
	return TRUE;
}

view_bases *view_bases_open(const struct fleet *fleet, const GPtrArray *channels, GError **error)
{
	g_autoptr(view_bases) bases = g_new0(view_bases, 1);

	bases->fleet = fleet;
	bases->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, view_base_free);
	bases->needed = g_new0(struct view_needed, 1);
	bases->needed->by_packages = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)needed_free);
	g_mutex_init(&bases->needed->lock);
	for (guint i = 0; i < channels->len; i++) {
		const struct channel *channel = channels->pdata[i];
		for (guint k = 0; k < channel->n_hosts; k++)
			if (!open_host(bases, channel, &channel->hosts[k], error))
				return NULL;
	}
	return g_steal_pointer(&bases);
}

void view_bases_free(view_bases *bases)
{
	if (bases == NULL)
		return;
	g_hash_table_unref(bases->by_path);
	g_hash_table_unref(bases->needed->by_packages);
	g_mutex_clear(&bases->needed->lock);
	g_free(bases->needed);
	g_free(bases);
}

const struct view_base *view_bases_find(const view_bases *bases, const struct channel_host *host)
{
	g_autofree char *path = path_of(bases->fleet, host);

	return g_hash_table_lookup(bases->by_path, path);
}

const needed *view_bases_needed(const view_bases *bases, const GPtrArray *packages)
{
	g_mutex_lock(&bases->needed->lock);
	needed *n = g_hash_table_lookup(bases->needed->by_packages, packages);
	if (n == NULL) {
		n = needed_new(packages);
		g_hash_table_insert(bases->needed->by_packages, (gpointer)packages, n);
	}
	g_mutex_unlock(&bases->needed->lock);
	return n;
}
