/* The states of a suite: see chain.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/chain.h"
#include "core/digest.h"
#include "core/file.h"

#include <string.h>

/* A state with a million changes has 250 MB. */
#define MOST_STATE (1024 * 1024 * 1024)

char *chain_path(const struct site *site, guint64 number)
{
	return g_strdup_printf("%s/history/%s/%" G_GUINT64_FORMAT, site->dir, site->settings->suite, number);
}

static state *read_state(const struct site *site, guint64 number, const char *sha256, GError **error)
{
	g_autofree char *path = chain_path(site, number);
	g_autoptr(GBytes) bytes = file_read(path, MOST_STATE, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const char *text = g_bytes_get_data(bytes, &size);
	g_autofree char *found = digest_of(DIGEST_SHA256, text, size);
	if (strcmp(found, sha256) != 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its SHA-256 is %s, what is signed says %s; put the original back, from a mirror or a backup",
			    path, found, sha256);
		return NULL;
	}
	g_autoptr(state) s = state_parse(path, text, size, error);
	if (s == NULL || (s->number == number && strcmp(s->suite, site->settings->suite) == 0))
		return g_steal_pointer(&s);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: signed, but it is state %" G_GUINT64_FORMAT " of %s", path,
		    s->number, s->suite);
	return NULL;
}

state *chain_last(const struct site *site, GError **error)
{
	const release *r = site->settings;

	if (r->state_sha256 != NULL)
		return read_state(site, r->state, r->state_sha256, error);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
		    "%s: the suite %s was published by an earlier abide and has no states yet; the next publication is state 1",
		    site->dir, r->suite);
	return NULL;
}

state *chain_before(const struct site *site, const state *s, GError **error)
{
	return read_state(site, s->number - 1, s->previous_sha256, error);
}

static gboolean check_kept(const struct site *site, const state *last, guint64 number, GError **error)
{
	if (number >= last->oldest && number <= last->number)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
		    "%s: suite %s has no state %" G_GUINT64_FORMAT "; it has %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
		    site->dir, site->settings->suite, number, last->oldest, last->number);
	return FALSE;
}

GPtrArray *chain_load(const struct site *site, guint64 down_to, GError **error)
{
	g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func((GDestroyNotify)state_free);
	state *s = chain_last(site, error);

	if (s == NULL)
		return NULL;
	g_ptr_array_add(states, s);
	guint64 stop = down_to ? down_to : s->oldest;
	if (!check_kept(site, s, stop, error))
		return NULL;
	while (s->number > stop) {
		if ((s = chain_before(site, s, error)) == NULL)
			return NULL;
		g_ptr_array_add(states, s);
	}
	return g_steal_pointer(&states);
}

static GHashTable *present(const publication *p)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)state_item_free);

	for (guint i = 0; i < p->packages->len; i++) {
		struct state_item *item = state_item_new(p->packages->pdata[i], TRUE);
		g_hash_table_insert(set, item->path, item);
	}
	return set;
}

static gboolean take_back(const struct site *site, GHashTable *set, const state *s, GError **error)
{
	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		const struct state_item *there = g_hash_table_lookup(set, item->path);
		if (item->added ? there == NULL || strcmp(there->sha256, item->sha256) != 0 : there != NULL) {
			g_autofree char *path = chain_path(site, s->number);
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST, "%s: %s does not fit the states after it", path,
				    item->path);
			return FALSE;
		}
		if (item->added) {
			g_hash_table_remove(set, item->path);
		} else {
			struct state_item *copy = state_item_copy(item);
			copy->added = TRUE;
			g_hash_table_insert(set, copy->path, copy);
		}
	}
	return TRUE;
}

GHashTable *chain_packages(const publication *p, guint64 number, GError **error)
{
	g_autoptr(GHashTable) set = present(p);

	if (number == 0 || (number == p->site.settings->state && number > 0))
		return g_steal_pointer(&set);
	g_autoptr(GPtrArray) states = chain_load(&p->site, number, error);
	if (states == NULL)
		return NULL;
	for (guint i = 0; i + 1 < states->len; i++)
		if (!take_back(&p->site, set, states->pdata[i], error))
			return NULL;
	return g_steal_pointer(&set);
}

static void add_paths(GHashTable *needed, const GPtrArray *items, gboolean removed_only)
{
	for (guint i = 0; i < items->len; i++) {
		const struct state_item *item = items->pdata[i];
		if (!removed_only || !item->added)
			g_hash_table_add(needed, g_strdup(item->path));
	}
}

GHashTable *chain_needed(const publication *p, guint64 oldest, GError **error)
{
	g_autoptr(GHashTable) needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < p->packages->len; i++)
		g_hash_table_add(needed, g_strdup(((const entry *)p->packages->pdata[i])->path));
	if (p->site.settings->state == 0)
		return g_steal_pointer(&needed);
	g_autoptr(GPtrArray) states = chain_load(&p->site, oldest, error);
	if (states == NULL)
		return NULL;
	for (guint i = 0; i < states->len; i++) {
		const state *s = states->pdata[i];
		add_paths(needed, s->staged, FALSE);
		if (i + 1 < states->len) /* what the oldest one removed, none that is kept has */
			add_paths(needed, s->changes, TRUE);
	}
	return g_steal_pointer(&needed);
}
