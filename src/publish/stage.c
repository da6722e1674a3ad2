/* Packages that wait: see stage.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/stage.h"
#include "publish/transaction.h"

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

	if (e == NULL || !check_digest(item, e, file, error) || !publication_load(p, item->family, error))
		return FALSE;
	members_add(members, e, copy, TRUE);
	g_ptr_array_add(entries, g_steal_pointer(&e));
	return TRUE;
}

gboolean stage_read(publication *p, const char *folder, GHashTable *skip, GPtrArray *entries, GPtrArray *members,
		    GError **error)
{
	for (guint i = 0; p->last != NULL && i < p->last->staged->len; i++) {
		const struct state_item *item = p->last->staged->pdata[i];
		g_autofree char *copy = g_strdup_printf("%s/stage-%u", folder, i);
		if (g_hash_table_contains(skip, item->path))
			continue;
		if (!read_one(p, item, copy, entries, members, error)) {
			g_prefix_error(error, "the stage of suite %s: ", p->site.settings->suite);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean is_named(const struct state_item *item, const char *name)
{
	gsize n = strlen(item->name);

	return strcmp(item->name, name) == 0 || strcmp(item->path, name) == 0 ||
	       (strncmp(item->name, name, n) == 0 && name[n] == '=' && strcmp(item->version, name + n + 1) == 0);
}

static gboolean drop_named(struct state *s, const char *name)
{
	gboolean any = FALSE;

	for (guint i = s->staged->len; i > 0; i--) {
		if (!is_named(s->staged->pdata[i - 1], name))
			continue;
		g_ptr_array_remove_index(s->staged, i - 1);
		any = TRUE;
	}
	return any;
}

gboolean stage_remove(publication *p, char *const *names, GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, "unstage");

	for (; *names != NULL; names++) {
		if (drop_named(transaction_state(t), *names))
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: no package '%s' waits in the stage of suite %s; abide publish list --stage shows them", p->site.dir,
			    *names, p->site.settings->suite);
		return FALSE;
	}
	return transaction_publish(t, error);
}
