/* Changing the bases that a suite declares: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/declared.h"
#include "publish/fetch.h"
#include "publish/transaction.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".base"

static gboolean is_declared(const publication *p, const char *word)
{
	return g_strv_contains((const char *const *)p->site.settings->bases, word);
}

static void note(transaction *t, const char *sign, const char *word)
{
	g_ptr_array_add(transaction_state(t)->bases, g_strdup_printf("%s %s", sign, word));
}

/* The declared bases that a name means, marked in GONE. */
static gboolean mark_gone(const publication *p, const char *name, GHashTable *gone, GError **error)
{
	gboolean found = FALSE;

	for (char **word = p->site.settings->bases; *word != NULL; word++) {
		if (!declared_is_named(*word, name))
			continue;
		g_hash_table_add(gone, *word);
		found = TRUE;
	}
	if (!found)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: suite %s declares no such base; abide publish base shows those it declares", name,
			    p->site.settings->suite);
	return found;
}

static gboolean check_new(const publication *p, char *const *words, GError **error)
{
	for (; *words != NULL; words++)
		if (is_declared(p, *words)) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "the base %.*s is declared already",
				    (int)strcspn(*words, ":"), *words);
			return FALSE;
		}
	return TRUE;
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The suite declares what it did, without GONE, and WORDS. */
static void change(publication *p, transaction *t, GHashTable *gone, char *const *words)
{
	g_autoptr(GPtrArray) next = g_ptr_array_new();

	for (char **word = p->site.settings->bases; *word != NULL; word++) {
		if (g_hash_table_contains(gone, *word))
			note(t, "-", *word);
		else
			g_ptr_array_add(next, g_strdup(*word));
	}
	for (; *words != NULL; words++) {
		note(t, "+", *words);
		g_ptr_array_add(next, g_strdup(*words));
	}
	g_ptr_array_sort(next, compare_words);
	g_ptr_array_add(next, NULL);
	g_strfreev(p->site.settings->bases);
	p->site.settings->bases = (char **)g_ptr_array_free(g_steal_pointer(&next), FALSE);
}

/* ---- files ---- */

/* The paths of all that is declared in the directory, as it is published now (a set); NULL with an error. */
static GHashTable *declared_by_all(const struct site *site, GError **error)
{
	g_auto(GStrv) suites = publication_suites(site->dir);
	g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (char **suite = suites; *suite != NULL; suite++) {
		g_autoptr(release) r = publication_settings_of(site->keys, site->dir, *suite, error);
		if (r == NULL)
			return NULL;
		for (char **word = r->bases; *word != NULL; word++)
			g_hash_table_add(paths, declared_path(*word));
	}
	return g_steal_pointer(&paths);
}

gboolean publication_sweep_bases(const struct site *site, GError **error)
{
	g_autofree char *folder = g_build_filename(site->dir, "bases", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL); /* there is none where nothing was ever declared */
	g_autoptr(GHashTable) needed = dir ? declared_by_all(site, error) : NULL;
	const char *name;

	if (dir != NULL && needed == NULL)
		return FALSE;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename("bases", name, NULL);
		g_autofree char *full = g_build_filename(folder, name, NULL);
		if (g_str_has_suffix(name, SUFFIX) && !g_hash_table_contains(needed, path) && unlink(full) < 0 &&
		    errno != ENOENT)
			return file_error(error, errno, full, "remove");
	}
	rmdir(folder);
	return TRUE;
}

/* ---- the change ---- */

gboolean publication_bases(publication *p, const char *const *add, const char *const *remove, GError **error)
{
	static const char *const none[] = {NULL};
	g_autoptr(transaction) t = transaction_new(p, "base");
	g_autoptr(GHashTable) gone = g_hash_table_new(NULL, NULL);

	for (remove = remove ? remove : none; *remove != NULL; remove++)
		if (!mark_gone(p, *remove, gone, error))
			return FALSE;
	g_auto(GStrv) words = declared_write(p->site.dir, add ? add : none, t, error);
	if (words == NULL || !check_new(p, words, error))
		return FALSE;
	if (*words == NULL && g_hash_table_size(gone) == 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "which bases? give --add or --remove");
		return FALSE;
	}
	change(p, t, gone, words);
	/* The journal stays until what no suite declares any more is removed. */
	return transaction_publish(t, error) && (p->prepare != NULL || publication_sweep_bases(&p->site, error));
}
