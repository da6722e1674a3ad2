/* One publication being made: see transaction.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/order.h"
#include "publish/chain.h"
#include "publish/elsewhere.h"
#include "publish/transaction_private.h"

#include <unistd.h>

/* The state after the present one. */
static state *successor(const publication *p, const char *action)
{
	state *s = state_new();

	s->number = p->site.settings->state + 1;
	s->suite = g_strdup(p->site.settings->suite);
	s->date = p->site.when;
	s->by = g_strdup(p->by);
	s->why = g_strdup(p->why);
	s->action = g_strdup(action);
	s->channel_sha256 = p->last ? g_strdup(p->last->channel_sha256) : NULL;
	s->previous_sha256 = g_strdup(p->site.settings->state_sha256);
	s->oldest = p->last ? p->last->oldest : s->number;
	for (guint i = 0; p->last != NULL && i < p->last->staged->len; i++)
		g_ptr_array_add(s->staged, state_item_copy(p->last->staged->pdata[i]));
	return s;
}

transaction *transaction_new(publication *p, const char *action)
{
	transaction *t = g_new0(transaction, 1);

	t->p = p;
	t->added = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	t->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	t->removed = g_hash_table_new(NULL, NULL);
	t->gone = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	t->placement = placement_new(p->site.dir);
	t->state = successor(p, action);
	t->journal = journal_new(t->state->suite, t->state->number);
	t->followers = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return t;
}

static void discard(transaction *t)
{
	if (t->unfinished)
		return;
	for (gsize i = 0; i < FAMILIES; i++) {
		g_autofree char *directory = family_directory(families[i], &t->p->site);
		g_autofree char *parent = g_path_get_dirname(directory);
		if (t->generations[i] != NULL)
			generation_discard(directory);
		rmdir(parent); /* of a suite that is not to be */
	}
	if (t->committed)
		return;
	journal_abandon(t->journal, t->p->site.dir);
	if (t->placed)
		placement_undo(t->placement);
	if (t->state_written) {
		g_autofree char *path = chain_path(&t->p->site, t->state->number), *folder = g_path_get_dirname(path);
		unlink(path);
		rmdir(folder);
	}
}

void transaction_free(transaction *t)
{
	if (t == NULL)
		return;
	discard(t);
	if (t->journaled && !t->unfinished)
		journal_remove(t->p->site.dir);
	journal_free(t->journal);
	g_ptr_array_unref(t->followers);
	for (gsize i = 0; i < FAMILIES; i++) {
		g_clear_pointer(&t->generations[i], generation_free);
		g_clear_pointer(&t->readers[i], readers_free);
	}
	release_free(t->next);
	state_free(t->state);
	g_free(t->state_file);
	placement_free(t->placement);
	g_hash_table_unref(t->by_path);
	g_hash_table_unref(t->removed);
	g_clear_pointer(&t->added, g_ptr_array_unref);
	g_ptr_array_unref(t->gone);
	g_free(t);
}

/* Families that were loaded since are in the table of paths, too. */
static void index_loaded(transaction *t)
{
	gboolean fresh[FAMILIES], any = FALSE;

	for (guint i = 0; i < FAMILIES; i++) {
		fresh[i] = t->p->loaded[i] && !t->indexed[i];
		any |= fresh[i];
		t->indexed[i] |= fresh[i];
	}
	for (guint i = 0; any && i < t->p->packages->len; i++) {
		entry *e = t->p->packages->pdata[i];
		if (fresh[family_index(e->family)])
			g_hash_table_insert(t->by_path, e->path, e);
	}
}

const entry *transaction_find(transaction *t, const char *path)
{
	index_loaded(t);
	const entry *e = g_hash_table_lookup(t->by_path, path);

	return e != NULL && !g_hash_table_contains(t->removed, e) ? e : NULL;
}

void transaction_add(transaction *t, entry *e, const char *file)
{
	g_ptr_array_add(t->added, e);
	g_hash_table_insert(t->by_path, e->path, e);
	t->changed[family_index(e->family)] = TRUE;
	if (file != NULL)
		placement_add(t->placement, file, e->path);
}

void transaction_stage(transaction *t, const entry *e, const char *file)
{
	g_ptr_array_add(t->state->staged, state_item_new(e, TRUE));
	if (file != NULL)
		placement_add(t->placement, file, e->path);
}

void transaction_follow(transaction *t, const char *path, GBytes *contents)
{
	g_ptr_array_add(t->journal->follows, g_strdup(path));
	g_ptr_array_add(t->followers, g_bytes_ref(contents));
}

void transaction_remove(transaction *t, const entry *e)
{
	g_hash_table_add(t->removed, (gpointer)e);
	t->changed[family_index(e->family)] = TRUE;
}

struct state *transaction_state(transaction *t)
{
	return t->state;
}

void transaction_again(transaction *t, const struct family *family)
{
	t->changed[family_index(family)] = TRUE;
}

void transaction_resign(transaction *t)
{
	t->resign = TRUE;
}

/* ---- from what is to change to what is published ---- */

void transaction_adopt(transaction *t)
{
	publication *p = t->p;
	gsize n = 0;
	g_autofree gpointer *before = g_ptr_array_steal(p->packages, &n);

	for (gsize i = 0; i < n; i++)
		g_ptr_array_add(g_hash_table_contains(t->removed, before[i]) ? t->gone : p->packages, before[i]);
	g_ptr_array_extend_and_steal(p->packages, g_steal_pointer(&t->added));
	order_sort(p->packages, entry_compare);
	release_free(p->site.settings);
	p->site.settings = g_steal_pointer(&t->next);
	state_free(p->last);
	p->last = g_steal_pointer(&t->state);
}

/* By the chosen keys, or as another machine made the signatures. */
static gboolean sign(transaction *t, GError **error)
{
	const publication *p = t->p;

	for (guint i = 0; i < FAMILIES; i++) {
		generation *g = t->generations[i];
		if (g != NULL && !(p->attach ? elsewhere_take(p->attach, g, p->site.keys,
							      (const char *const *)t->next->signed_by, error)
					     : generation_sign(g, p->site.keys, error)))
			return FALSE;
	}
	return TRUE;
}

/* What is to be signed elsewhere is written down. In memory the publication is what it will be; on disk nothing stays. */
static gboolean prepare(transaction *t, GError **error)
{
	if (!elsewhere_write(t->p->prepare, t->generations, FAMILIES, t->state_file, error))
		return FALSE;
	transaction_adopt(t);
	return TRUE;
}

gboolean transaction_publish(transaction *t, GError **error)
{
	if (!transaction_place(t, error) || !transaction_render(t, error))
		return FALSE;
	if (t->p->prepare != NULL)
		return prepare(t, error);
	return sign(t, error) && transaction_write(t, error) && transaction_commit(t, error);
}
