/* One publication being made: see transaction.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/transaction.h"
#include "core/digest.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/elsewhere.h"
#include "publish/journal.h"
#include "publish/placement.h"
#include "publish/readers.h"
#include "publish/recovery.h"

#include <string.h>
#include <unistd.h>

/* The limits of TRANSACTION_READER_SECONDS: so many states' files stay at least, and no more at most. */
#define LEAST_STATES 3
#define MOST_STATES 32

struct transaction {
	publication *p;
	GPtrArray *added;    /* entry *, owned until the commit */
	GHashTable *by_path; /* path -> entry: of `added` and of the publication's loaded packages */
	gboolean indexed[FAMILIES]; /* those that are in it */
	GHashTable *removed; /* entry *, a set; the publication's until the commit */
	GPtrArray *gone;     /* entry *: those removed, after it */
	gboolean changed[FAMILIES];
	placement *placement;
	journal *journal;
	GPtrArray *followers; /* GBytes *, of journal->follows */
	gboolean journaled, placed, state_written, committed;
	gboolean unfinished; /* committed, but what follows is left to the next publisher */
	state *state;
	char *state_file; /* its text, once rendered */
	release *next;
	generation *generations[FAMILIES]; /* NULL: the family's directory stays */
	readers *readers[FAMILIES];        /* of the files of it that fit only together */
	gboolean resign;
};

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

generation *transaction_generation(transaction *t, const struct family *family)
{
	return t->generations[family_index(family)];
}

void transaction_again(transaction *t, const struct family *family)
{
	t->changed[family_index(family)] = TRUE;
}

void transaction_resign(transaction *t)
{
	t->resign = TRUE;
}

/* ---- rendering ---- */

/* All packages that a family will have, in order; not owned. */
static GPtrArray *packages_of(transaction *t, const struct family *family)
{
	GPtrArray *packages = g_ptr_array_new();

	for (guint i = 0; i < t->p->packages->len; i++) {
		entry *e = t->p->packages->pdata[i];
		if (e->family == family && !g_hash_table_contains(t->removed, e))
			g_ptr_array_add(packages, e);
	}
	for (guint i = 0; i < t->added->len; i++) {
		entry *e = t->added->pdata[i];
		if (e->family == family)
			g_ptr_array_add(packages, e);
	}
	g_ptr_array_sort(packages, entry_compare);
	return packages;
}

/* What the present generation has and the next has not, stays for its readers, and the state says so. */
static void retire(transaction *t, const struct family *family, generation *next)
{
	g_autoptr(GPtrArray) present = family->lasting(&t->p->site);
	g_autoptr(GHashTable) stays = g_hash_table_new(g_str_hash, g_str_equal);
	const GPtrArray *lasting = generation_lasting(next);

	for (guint i = 0; i < lasting->len; i++)
		g_hash_table_add(stays, lasting->pdata[i]);
	for (guint i = 0; i < present->len; i++) {
		if (!g_hash_table_add(stays, present->pdata[i]))
			continue;
		struct state_retired *retired = g_new(struct state_retired, 1);
		*retired = (struct state_retired){.family = family, .path = g_strdup(present->pdata[i])};
		g_ptr_array_add(t->state->retired, retired);
		generation_keep(next, retired->path);
	}
}

static void keep_retired(transaction *t, const state *s)
{
	for (guint i = 0; i < s->retired->len; i++) {
		const struct state_retired *retired = s->retired->pdata[i];
		generation *next = transaction_generation(t, retired->family);
		if (next != NULL)
			generation_keep(next, retired->path);
	}
}

/* Of a state that is given up now: what it replaced stays for readers, so a state that is kept must say so. */
static void take_over_retired(transaction *t, const state *s)
{
	for (guint i = 0; s->number < t->state->oldest && i < s->retired->len; i++) {
		const struct state_retired *retired = s->retired->pdata[i];
		struct state_retired *copy = g_new(struct state_retired, 1);
		*copy = (struct state_retired){.family = retired->family, .path = g_strdup(retired->path)};
		g_ptr_array_add(t->state->retired, copy);
	}
}

/* What the last states replaced stays a while longer. */
static gboolean keep_recent(transaction *t, GError **error)
{
	const state *s = t->p->last;
	g_autoptr(state) earlier = NULL;

	for (guint age = 1; s != NULL && age < MOST_STATES; age++) {
		if (age >= LEAST_STATES && s->date < t->p->site.when - TRANSACTION_READER_SECONDS)
			return TRUE;
		keep_retired(t, s);
		take_over_retired(t, s);
		if (s->number == t->p->last->oldest)
			return TRUE;
		state *before = chain_before(&t->p->site, s, error);
		if (before == NULL)
			return FALSE;
		state_free(earlier);
		s = earlier = before;
	}
	return TRUE;
}

static gboolean render_family(transaction *t, guint i, GError **error)
{
	const struct family *family = families[i];
	g_autofree char *directory = family_directory(family, &t->p->site);

	if (t->changed[i] || t->resign || family == &family_deb) /* whose directory has the Release file */
		t->generations[i] = generation_new(directory, family->last);
	if (!t->changed[i]) {
		if (!family->carry(&t->p->site, t->generations[i], t->next, error))
			return FALSE;
	} else {
		if (!publication_load(t->p, family, error))
			return FALSE;
		g_autoptr(GPtrArray) packages = packages_of(t, family);
		if (!family->render(&t->p->site, packages, t->generations[i], t->next, error))
			return FALSE;
	}
	if (t->generations[i] != NULL)
		retire(t, family, t->generations[i]);
	return TRUE;
}

static void note_changes(transaction *t)
{
	GHashTableIter iter;
	gpointer e;

	for (guint i = 0; i < t->added->len; i++)
		g_ptr_array_add(t->state->changes, state_item_new(t->added->pdata[i], TRUE));
	g_hash_table_iter_init(&iter, t->removed);
	while (g_hash_table_iter_next(&iter, &e, NULL))
		g_ptr_array_add(t->state->changes, state_item_new(e, FALSE));
}

/* The Release file names the state, so it is the last to be made. */
static void add_release(transaction *t)
{
	generation *next = transaction_generation(t, &family_deb);

	note_changes(t);
	t->state_file = state_text(t->state);
	t->next->state = t->state->number;
	t->next->state_sha256 = digest_of(DIGEST_SHA256, t->state_file, strlen(t->state_file));
	char *text = release_text(t->next);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
	generation_add(next, "Release", bytes);
	generation_add_signature(next, "Release.gpg", bytes, KEYRING_DETACHED);
	generation_add_signature(next, "InRelease", bytes, KEYRING_CLEAR);
}

/* From here on this process no longer opens what readers open. */
static void watch_readers(transaction *t)
{
	for (guint i = 0; i < FAMILIES; i++) {
		const char *const *pair = families[i]->pair;
		g_autofree char *directory = family_directory(families[i], &t->p->site);
		if (pair != NULL && t->generations[i] != NULL)
			t->readers[i] = readers_watch(directory, pair[0], pair[1]);
	}
}

static gboolean write_journal(transaction *t, GError **error)
{
	t->journaled = TRUE;
	return journal_write(t->journal, t->p->site.dir, error);
}

gboolean transaction_render(transaction *t, GError **error)
{
	if (!placement_is_empty(t->placement) && !write_journal(t, error))
		return FALSE;
	t->placed = TRUE;
	if (!placement_run(t->placement, error))
		return FALSE;
	t->next = release_successor(t->p->site.settings, t->p->site.when);
	for (guint i = 0; i < FAMILIES; i++) {
		t->changed[i] |= t->p->last == NULL; /* what was published before there were states is made anew */
		if (!render_family(t, i, error))
			return FALSE;
	}
	keep_retired(t, t->state);
	if (!keep_recent(t, error))
		return FALSE;
	add_release(t);
	watch_readers(t);
	return TRUE;
}

gboolean transaction_sign(transaction *t, GError **error)
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

/* The publication is what is published now. */
static void adopt(transaction *t)
{
	publication *p = t->p;
	gsize n = 0;
	g_autofree gpointer *before = g_ptr_array_steal(p->packages, &n);

	for (gsize i = 0; i < n; i++)
		g_ptr_array_add(g_hash_table_contains(t->removed, before[i]) ? t->gone : p->packages, before[i]);
	g_ptr_array_extend_and_steal(p->packages, g_steal_pointer(&t->added));
	g_ptr_array_sort(p->packages, entry_compare);
	release_free(p->site.settings);
	p->site.settings = g_steal_pointer(&t->next);
	state_free(p->last);
	p->last = g_steal_pointer(&t->state);
}

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
	adopt(t);
	if (whole && journal_complete(t->journal, next.dir, error))
		return TRUE;
	t->unfinished = TRUE;
	g_prefix_error(error, "published, but %s only with the next command that publishes: ",
		       whole ? "its public keys" : "for dnf");
	return FALSE;
}

/* What is to be signed elsewhere is written down. In memory the publication is what it will be; on disk nothing stays. */
static gboolean prepare(transaction *t, GError **error)
{
	if (!elsewhere_write(t->p->prepare, t->generations, FAMILIES, t->state_file, error))
		return FALSE;
	adopt(t);
	return TRUE;
}

gboolean transaction_publish(transaction *t, GError **error)
{
	if (t->p->prepare != NULL)
		return transaction_render(t, error) && prepare(t, error);
	return transaction_render(t, error) && transaction_sign(t, error) && transaction_write(t, error) &&
	       transaction_commit(t, error);
}
