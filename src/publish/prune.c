/* Giving up old states: see prune.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/prune.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/fetch.h"
#include "publish/placement.h"
#include "publish/transaction.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void prune_result_clear(struct prune_result *result)
{
	g_clear_pointer(&result->wanted, g_free);
}

/* The oldest state to keep when only their number counts. states: newest first. */
static guint64 oldest_by_number(const GPtrArray *states, guint64 keep)
{
	guint64 counted = 0;
	const state *s = states->pdata[0];

	for (guint i = 0; i < states->len && counted < keep; i++) {
		s = states->pdata[i];
		counted += strcmp(s->action, "prune") != 0 ? 1 : 0;
	}
	return s->number;
}

/* A state that removed what somebody wants leaves it in the state before, which is then the oldest to keep. */
static guint64 oldest_by_need(const GPtrArray *states, guint64 oldest, const struct prune_request *request,
			      struct prune_result *result)
{
	for (guint i = 0; request->wanted != NULL && i + 1 < states->len; i++) {
		const state *s = states->pdata[i];
		if (s->number > oldest)
			continue;
		for (guint j = 0; j < s->changes->len; j++) {
			const struct state_item *item = s->changes->pdata[j];
			if (item->added || !request->wanted(item, request->data))
				continue;
			oldest = s->number - 1;
			g_free(result->wanted);
			result->wanted = g_strdup_printf("%s %s", item->name, item->version);
			break;
		}
	}
	return oldest;
}

/* ---- files ---- */

/* Adds to ALL what the suites of the directory need. except: another one than those; NULL: none. */
static gboolean add_needed(GHashTable *all, const char *dir, const char *except, GError **error)
{
	g_auto(GStrv) suites = publication_suites(dir);

	for (char **suite = suites; *suite != NULL; suite++) {
		GHashTableIter iter;
		gpointer path;
		if (g_strcmp0(*suite, except) == 0)
			continue;
		g_autoptr(publication) other = publication_open(dir, *suite, error);
		g_autoptr(GHashTable) needed = other ? chain_needed(other, 0, error) : NULL;
		if (needed == NULL)
			return FALSE;
		g_hash_table_iter_init(&iter, needed);
		while (g_hash_table_iter_next(&iter, &path, NULL)) {
			g_hash_table_iter_steal(&iter);
			g_hash_table_add(all, path);
		}
	}
	return TRUE;
}

/* What any suite of the directory needs, the one being pruned from its new oldest state on. */
static GHashTable *needed_by_all(const publication *p, guint64 oldest, GError **error)
{
	g_autoptr(GHashTable) all = chain_needed(p, oldest, error);

	return all && add_needed(all, p->site.dir, p->site.settings->suite, error) ? g_steal_pointer(&all) : NULL;
}

static gboolean remove_file(const char *path, struct prune_result *result, GError **error)
{
	struct stat st;

	if (lstat(path, &st) < 0 || unlink(path) < 0)
		return errno == ENOENT || file_error(error, errno, path, "remove");
	result->files++;
	result->bytes += st.st_nlink == 1 ? (guint64)st.st_size : 0;
	return TRUE;
}

/* Package files below DIR/RELATIVE that are not needed go, and folders that are empty then. */
static gboolean sweep(const char *dir, const char *relative, GHashTable *needed, struct prune_result *result,
		      GError **error)
{
	g_autofree char *here = g_build_filename(dir, relative, NULL);
	g_autoptr(GDir) folder = g_dir_open(here, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(relative, name, NULL);
		g_autofree char *full = g_build_filename(dir, path, NULL);
		gboolean package = g_str_has_suffix(name, ".deb") || g_str_has_suffix(name, ".rpm");
		if (g_file_test(full, G_FILE_TEST_IS_SYMLINK))
			continue;
		if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
			if (!sweep(dir, path, needed, result, error))
				return FALSE;
			rmdir(full);
		} else if (package && !g_hash_table_contains(needed, path) && !remove_file(full, result, error)) {
			return FALSE;
		}
	}
	return TRUE;
}

/* The files of states before OLDEST; other files are nobody's of ours. */
static gboolean remove_states(const struct site *site, guint64 oldest, GError **error)
{
	g_autofree char *dir = g_build_filename(site->dir, "history", site->settings->suite, NULL);
	g_autoptr(GDir) folder = g_dir_open(dir, 0, error);
	const char *name;

	if (folder == NULL)
		return FALSE;
	while ((name = g_dir_read_name(folder)) != NULL) {
		guint64 number = 0;
		g_autofree char *path = g_build_filename(dir, name, NULL);
		if (g_ascii_string_to_unsigned(name, 10, 1, RELEASE_MOST_STATES, &number, NULL) && number < oldest &&
		    unlink(path) < 0 && errno != ENOENT)
			return file_error(error, errno, path, "remove");
	}
	return TRUE;
}

/* An interrupted prune may have left files that a lost unlink brings back: what was removed stays so before this returns. */
static gboolean sweep_all(const char *dir, const char *suite, GHashTable *needed, struct prune_result *result, GError **error)
{
	g_autofree char *rpms = g_build_filename("rpm", suite, "Packages", NULL);

	g_autofree char *empty_rpms = g_build_filename(dir, rpms, NULL), *empty_pool = g_build_filename(dir, "pool", NULL);

	if (!sweep(dir, "pool", needed, result, error) || !sweep(dir, rpms, needed, result, error))
		return FALSE;
	rmdir(empty_rpms); /* if they are; the next package makes them again */
	rmdir(empty_pool);
	return placement_flush(dir, error);
}

gboolean prune_again(const struct site *site, gboolean published, GError **error)
{
	g_autoptr(GHashTable) needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(prune_result) result = {0};

	if (published && site->settings->state > 0) {
		g_autoptr(state) last = chain_last(site, error);
		if (last == NULL || !remove_states(site, last->oldest, error))
			return FALSE;
	}
	return add_needed(needed, site->dir, NULL, error) &&
	       sweep_all(site->dir, site->settings->suite, needed, &result, error);
}

/* ---- the state ---- */

/* Readers may be in the middle of a state that is given up: its retired files become those of the new one. */
static void take_retired(state *next, const GPtrArray *states, guint64 oldest)
{
	gint64 since = next->date - TRANSACTION_READER_SECONDS;

	for (guint i = 0; i < states->len; i++) {
		const state *s = states->pdata[i];
		for (guint j = 0; s->number < oldest && s->date >= since && j < s->retired->len; j++) {
			const struct state_retired *retired = s->retired->pdata[j];
			struct state_retired *copy = g_new(struct state_retired, 1);
			*copy = (struct state_retired){.family = retired->family, .path = g_strdup(retired->path)};
			g_ptr_array_add(next->retired, copy);
		}
	}
}

static gboolean give_up(transaction *t, const GPtrArray *states, guint64 oldest, GError **error)
{
	transaction_state(t)->oldest = oldest;
	take_retired(transaction_state(t), states, oldest);
	return transaction_publish(t, error);
}

gboolean prune(publication *p, const struct prune_request *request, struct prune_result *result, GError **error)
{
	g_autoptr(GPtrArray) states = publication_load_all(p, error) ? chain_load(&p->site, 0, error) : NULL;

	if (states == NULL)
		return FALSE;
	guint64 before = p->last->oldest;
	result->oldest = oldest_by_need(states, oldest_by_number(states, request->keep), request, result);
	result->states = result->oldest - before;
	g_autoptr(GHashTable) needed = needed_by_all(p, result->oldest, error);
	if (needed == NULL)
		return FALSE;
	result->published = result->states > 0;
	g_autoptr(transaction) t = transaction_new(p, "prune"); /* whose journal stays until all is removed */
	if (result->published && !give_up(t, states, result->oldest, error))
		return FALSE;
	return remove_states(&p->site, result->oldest, error) &&
	       sweep_all(p->site.dir, p->site.settings->suite, needed, result, error) &&
	       publication_sweep_bases(&p->site, error);
}
