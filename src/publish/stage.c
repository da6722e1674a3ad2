/* Packages that wait: see stage.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stage.h"

#include <string.h>

const struct state_item *stage_find(const struct state *s, const char *path)
{
	for (guint i = 0; s != NULL && i < s->staged->len; i++) {
		const struct state_item *item = s->staged->pdata[i];
		if (strcmp(item->path, path) == 0)
			return item;
	}
	return NULL;
}

gboolean stage_drop(struct state *s, const char *path)
{
	const struct state_item *item = stage_find(s, path);

	return item != NULL && g_ptr_array_remove(s->staged, (gpointer)item);
}

static gboolean check_digest(const struct state_item *item, const entry *e, const char *file, GError **error)
{
	if (strcmp(item->sha256, e->sha256) == 0 && strcmp(item->path, e->path) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed state says %s; it was changed behind abide's back", file, e->sha256,
		    item->sha256);
	return FALSE;
}

static gboolean read_one(publication *p, const struct state_item *item, const char *copy, GPtrArray *entries,
			 GPtrArray *members, GError **error)
{
	g_autofree char *file = g_build_filename(p->site.dir, item->path, NULL);
	g_autoptr(intake) in = intake_open(file, copy, error);
	g_autoptr(entry) e = in ? item->family->read(&p->site, in, copy, error) : NULL;

	if (e == NULL || !check_digest(item, e, file, error))
		return FALSE;
	members_add(members, e, copy, MEMBER_ARRIVES);
	g_ptr_array_add(entries, g_steal_pointer(&e));
	return TRUE;
}

gboolean stage_read(publication *p, const char *folder, GHashTable *skip, GPtrArray *entries, GPtrArray *members,
		    GError **error)
{
	for (guint i = 0; p->last != NULL && i < p->last->staged->len; i++) {
		const struct state_item *item = p->last->staged->pdata[i];
		g_autofree char *copy = g_strdup_printf("%s/stage-%u", folder, i);
		if (!publication_load(p, item->family, error))
			return FALSE;
		if (g_hash_table_contains(skip, item->path) || publication_find(p, item->path) != NULL)
			continue;
		if (!read_one(p, item, copy, entries, members, error)) {
			g_prefix_error(error, "the stage of suite %s: ", p->site.settings->suite);
			return FALSE;
		}
	}
	return TRUE;
}
