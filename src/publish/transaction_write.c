/* What readers see of a transaction, written and committed: see transaction_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/recovery.h"
#include "publish/transaction_private.h"

#include <string.h>

/* ---- before the commit ---- */

static gboolean write_journal(transaction *t, GError **error)
{
	t->journaled = TRUE;
	return journal_write(t->journal, t->p->site.dir, error);
}

gboolean transaction_place(transaction *t, GError **error)
{
	if (!placement_is_empty(t->placement) && !write_journal(t, error))
		return FALSE;
	t->placed = TRUE;
	return placement_run(t->placement, error);
}

/* The names on the way from the repository's top to what is there last, too: any of the directories may be new. */
static gboolean sync_ancestors(const char *top, const char *path, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(path);

	while (strlen(dir) > strlen(top)) {
		if (!generation_sync(dir, error))
			return FALSE;
		char *parent = g_path_get_dirname(dir);
		g_free(dir);
		dir = parent;
	}
	return TRUE;
}

/* Nothing names the file until the commit. */
static gboolean write_state(transaction *t, GError **error)
{
	const struct site *site = &t->p->site;
	g_autofree char *path = chain_path(site, t->state->number);
	g_autofree char *suite = g_path_get_dirname(path);

	if (!file_make_dirs(suite, error))
		return FALSE;
	t->state_written = TRUE;
	return file_replace(path, t->state_file, strlen(t->state_file), 0644, error) &&
	       sync_ancestors(site->dir, suite, error);
}

/* Where repomd.xml stays the same, only its signatures tell the generations apart. */
static void note_signature(transaction *t)
{
	guint i = family_index(&family_rpm);
	GBytes *signature = t->generations[i] && !t->changed[i] ? generation_find(t->generations[i], "repomd.xml.asc") : NULL;
	gsize size = 0;

	if (signature == NULL)
		return;
	const void *data = g_bytes_get_data(signature, &size);
	t->journal->repomd_signature = digest_of(DIGEST_SHA256, data, size);
}

static gboolean write_followers(transaction *t, GError **error)
{
	const char *dir = t->p->site.dir;

	for (guint i = 0; i < t->followers->len; i++) {
		g_autofree char *path = journal_waiting(dir, t->journal->follows->pdata[i]);
		g_autofree char *folder = g_path_get_dirname(path);
		gsize size = 0;
		const void *data = g_bytes_get_data(t->followers->pdata[i], &size);
		if (!file_make_dirs(folder, error) || !file_replace(path, data, size, 0644, error))
			return FALSE;
	}
	return TRUE;
}

gboolean transaction_write(transaction *t, GError **error)
{
	note_signature(t);
	if ((!t->journaled || t->journal->repomd_signature != NULL) && !write_journal(t, error))
		return FALSE;
	if (!write_followers(t, error) || !write_state(t, error))
		return FALSE;
	for (guint i = 0; i < FAMILIES; i++) {
		g_autofree char *directory = family_directory(families[i], &t->p->site);
		g_autofree char *parent = g_path_get_dirname(directory);
		if (t->generations[i] != NULL && (!generation_write(t->generations[i], error) ||
						  !sync_ancestors(t->p->site.dir, parent, error)))
			return FALSE;
	}
	return generation_sync(t->p->site.dir, error);
}

/* ---- commit ---- */

/* The old state is published again: dnf's metadata are still those of it. */
static gboolean withdraw(const struct site *next, const char *dists)
{
	g_autofree char *rpms = family_directory(&family_rpm, next);

	return !recovery_has_repomd(rpms, next->settings->repomd_sha256) && generation_revert(dists);
}

/* Also when repomd.xml stays the same, as its signatures may not. Nobody is to be between it and them. */
static gboolean commit_rpm(transaction *t, const struct site *next, GError **error)
{
	guint i = family_index(&family_rpm);
	g_autofree char *directory = family_directory(&family_rpm, next);

	if (t->generations[i] == NULL)
		return TRUE;
	if (t->readers[i] != NULL)
		readers_wait(t->readers[i], TRANSACTION_READER_PATIENCE, TRANSACTION_READER_LONGEST);
	return generation_commit(directory, family_rpm.last, error);
}

gboolean transaction_commit(transaction *t, GError **error)
{
	struct site next = t->p->site;
	g_autofree char *dists = family_directory(&family_deb, &next);

	next.settings = t->next;
	if (!generation_commit(dists, family_deb.last, error))
		return FALSE;
	gboolean whole = commit_rpm(t, &next, error);
	if (!whole && withdraw(&next, dists))
		return FALSE;
	t->committed = TRUE;
	transaction_adopt(t);
	if (whole && journal_complete(t->journal, next.dir, error))
		return TRUE;
	t->unfinished = TRUE;
	g_prefix_error(error, "published, but %s only with the next command that publishes: ",
		       whole ? "its public keys" : "for dnf");
	return FALSE;
}
