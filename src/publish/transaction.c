/* One publication being made: see transaction.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/transaction.h"
#include "core/digest.h"
#include "core/file.h"
#include "publish/placement.h"

#include <string.h>

#define MOST_REPOMD (1024 * 1024)

struct transaction {
	publication *p;
	GPtrArray *added;    /* entry *, owned until the commit */
	GHashTable *by_path; /* path -> entry: of `added` */
	GHashTable *removed; /* entry *, a set; the publication's until the commit */
	GPtrArray *gone;     /* entry *: those removed, after it */
	gboolean changed[FAMILIES];
	placement *placement;
	gboolean placed, committed;
	release *next;
	generation *generations[FAMILIES]; /* NULL: the family's directory stays */
};

transaction *transaction_new(publication *p)
{
	transaction *t = g_new0(transaction, 1);

	t->p = p;
	t->added = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	t->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	t->removed = g_hash_table_new(NULL, NULL);
	t->gone = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	t->placement = placement_new(p->site.dir);
	return t;
}

static void discard(transaction *t)
{
	for (gsize i = 0; i < FAMILIES; i++) {
		g_autofree char *directory = family_directory(families[i], &t->p->site);
		if (t->generations[i] != NULL)
			generation_discard(directory);
	}
	if (t->placed && !t->committed)
		placement_undo(t->placement);
}

void transaction_free(transaction *t)
{
	if (t == NULL)
		return;
	discard(t);
	for (gsize i = 0; i < FAMILIES; i++)
		g_clear_pointer(&t->generations[i], generation_free);
	release_free(t->next);
	placement_free(t->placement);
	g_hash_table_unref(t->by_path);
	g_hash_table_unref(t->removed);
	g_clear_pointer(&t->added, g_ptr_array_unref);
	g_ptr_array_unref(t->gone);
	g_free(t);
}

const entry *transaction_find(transaction *t, const char *path)
{
	const entry *e = g_hash_table_lookup(t->by_path, path);

	if (e == NULL)
		e = publication_find(t->p, path);
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

void transaction_again(transaction *t, const struct family *family)
{
	t->changed[family_index(family)] = TRUE;
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

static void keep_lasting(transaction *t, const struct family *family, generation *next)
{
	g_autoptr(GPtrArray) paths = family->lasting(&t->p->site);

	for (guint i = 0; i < paths->len; i++)
		generation_keep(next, paths->pdata[i]);
}

static gboolean render_family(transaction *t, guint i, GError **error)
{
	const struct family *family = families[i];
	g_autofree char *directory = family_directory(family, &t->p->site);

	if (t->changed[i] || family == &family_deb) /* whose directory has the Release file */
		t->generations[i] = generation_new(directory, family->last);
	if (!t->changed[i]) {
		family->carry(&t->p->site, t->generations[i], t->next);
	} else {
		if (!publication_load(t->p, family, error))
			return FALSE;
		g_autoptr(GPtrArray) packages = packages_of(t, family);
		if (!family->render(&t->p->site, packages, t->generations[i], t->next, error))
			return FALSE;
	}
	if (t->generations[i] != NULL)
		keep_lasting(t, family, t->generations[i]);
	return TRUE;
}

static void add_release(transaction *t)
{
	generation *next = t->generations[family_index(&family_deb)];
	char *text = release_text(t->next);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));

	generation_add(next, "Release", bytes);
	generation_add_signature(next, "Release.gpg", bytes, KEYRING_DETACHED);
	generation_add_signature(next, "InRelease", bytes, KEYRING_CLEAR);
}

gboolean transaction_render(transaction *t, GError **error)
{
	t->placed = TRUE;
	if (!placement_run(t->placement, error))
		return FALSE;
	t->next = release_successor(t->p->site.settings, t->p->site.when);
	for (guint i = 0; i < FAMILIES; i++) {
		t->changed[i] |= t->p->site.settings->repomd_sha256 == NULL; /* carried over by what Release says */
		if (!render_family(t, i, error))
			return FALSE;
	}
	add_release(t);
	return TRUE;
}

gboolean transaction_sign(transaction *t, GError **error)
{
	for (guint i = 0; i < FAMILIES; i++)
		if (t->generations[i] != NULL && !generation_sign(t->generations[i], t->p->site.keys, error))
			return FALSE;
	return TRUE;
}

gboolean transaction_write(transaction *t, GError **error)
{
	for (guint i = 0; i < FAMILIES; i++)
		if (t->generations[i] != NULL && !generation_write(t->generations[i], error))
			return FALSE;
	return TRUE;
}

/* ---- commit ---- */

static gboolean is_repomd(const char *directory, const char *sha256)
{
	g_autofree char *path = g_build_filename(directory, "repomd.xml", NULL);
	g_autoptr(GBytes) bytes = file_read(path, MOST_REPOMD, NULL);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *found = bytes ? digest_of(DIGEST_SHA256, data, size) : NULL;

	return g_strcmp0(found, sha256) == 0;
}

gboolean transaction_settle(const struct site *site, GError **error)
{
	const char *sha256 = site->settings->repomd_sha256;
	g_autofree char *directory = family_directory(&family_rpm, site);
	g_autofree char *hidden = generation_hidden(directory);

	if (sha256 == NULL || is_repomd(directory, sha256))
		return TRUE;
	if (is_repomd(hidden, sha256))
		return generation_commit(directory, family_rpm.last, error);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s/repomd.xml: its SHA-256 is not the one that is signed, %s; it was changed behind abide's back",
		    directory, sha256);
	return FALSE;
}

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
}

gboolean transaction_commit(transaction *t, GError **error)
{
	g_autofree char *dists = family_directory(&family_deb, &t->p->site);

	if (!generation_commit(dists, family_deb.last, error))
		return FALSE;
	t->committed = TRUE;
	adopt(t);
	if (transaction_settle(&t->p->site, error))
		return TRUE;
	g_clear_pointer(&t->generations[family_index(&family_rpm)], generation_free); /* which waits, and must */
	g_prefix_error(error, "published, but for dnf only with the next command that publishes: ");
	return FALSE;
}

gboolean transaction_publish(transaction *t, GError **error)
{
	return transaction_render(t, error) && transaction_sign(t, error) && transaction_write(t, error) &&
	       transaction_commit(t, error);
}
