/* The next state's indexes and the texts to be signed: see transaction_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/order.h"
#include "publish/chain.h"
#include "publish/transaction_private.h"

#include <string.h>

/* The limits of TRANSACTION_READER_SECONDS: so many states' files stay at least, and no more at most. */
#define LEAST_STATES 3
#define MOST_STATES 32

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
	order_sort(packages, entry_compare);
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
		generation *next = t->generations[family_index(retired->family)];
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
		g_ptr_array_add(t->state->changes, state_item_of(t->added->pdata[i], TRUE));
	g_hash_table_iter_init(&iter, t->removed);
	while (g_hash_table_iter_next(&iter, &e, NULL))
		g_ptr_array_add(t->state->changes, state_item_new(e, FALSE));
}

/* The Release file names the state, so it is the last to be made. */
static void add_release(transaction *t)
{
	generation *next = t->generations[family_index(&family_deb)];

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

gboolean transaction_render(transaction *t, GError **error)
{
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
