/* Adding packages to a repository: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/admission.h"
#include "publish/arrivals.h"
#include "publish/chain.h"
#include "publish/fetch.h"
#include "publish/transaction.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void added_free(gpointer data)
{
	struct publication_added *a = data;

	entry_free(a->own);
	g_free(a);
}

/* The work of one publication_add. */
struct adding {
	publication *p;
	const struct publication_gate *gate;
	transaction *t;
	admission *admission;
	char *staging;
	char **suites;    /* of the directory */
	GPtrArray *added; /* struct publication_added * */
};
typedef struct adding adding;

static void adding_clear(struct adding *a)
{
	admission_free(a->admission);
	transaction_free(a->t);
	if (a->staging != NULL)
		generation_remove_tree(a->staging, NULL);
	g_free(a->staging);
	g_strfreev(a->suites);
	if (a->added != NULL)
		g_ptr_array_unref(a->added);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(adding, adding_clear)

static gboolean adding_begin(struct adding *a, publication *p, const char *action, const struct publication_gate *gate,
			     GError **error)
{
	*a = (struct adding){.p = p,
			     .gate = gate,
			     .t = transaction_new(p, action),
			     .staging = g_build_filename(p->site.dir, PUBLICATION_STAGING, NULL),
			     .suites = publication_suites(p->site.dir),
			     .added = g_ptr_array_new_with_free_func(added_free)};
	a->admission = admission_new(p, a->t, gate);
	return generation_remove_tree(a->staging, error) && file_make_dirs(a->staging, error);
}

static gboolean refuse_other_bytes(GError **error, const char *file, const entry *e, const char *published)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: %s %s %s is published with other bytes and never changes: published SHA-256 %s, this file %s; "
		    "give it a new version",
		    file, e->name, e->version, e->arch, published, e->sha256);
	return FALSE;
}

/* ---- its place ---- */

static char *digest_of_file(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, G_MAXSSIZE, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const void *data = g_bytes_get_data(bytes, &size);
	return digest_of(DIGEST_SHA256, data, size);
}

/* Whether a suite has that file in a state that is kept: -1 with an error. */
static gint is_needed(struct adding *a, const char *suite, const char *path, GError **error)
{
	gboolean own = strcmp(suite, a->p->site.settings->suite) == 0;
	g_autoptr(publication) other = own ? NULL : publication_open(a->p->site.dir, suite, error);

	if (own ? !publication_load_all(a->p, error) : other == NULL)
		return -1;
	g_autoptr(GHashTable) needed = chain_needed(own ? a->p : other, 0, error);
	return needed == NULL ? -1 : g_hash_table_contains(needed, path);
}

/*
 * The place that the package has for a suite. What stands there with other bytes is refused if that suite needs it; else
 * a crash left it, and it is replaced. same: set to whether these bytes are there.
 */
static gboolean check_place(struct adding *a, const char *suite, const char *file, const entry *e, gboolean *same,
			    GError **error)
{
	g_autofree char *path = entry_path_in(e, a->p->site.settings->suite, suite);
	g_autofree char *place = g_build_filename(a->p->site.dir, path, NULL);

	*same = FALSE;
	if (access(place, F_OK) < 0)
		return TRUE;
	g_autofree char *sha256 = digest_of_file(place, error);
	if (sha256 == NULL)
		return FALSE;
	*same = strcmp(sha256, e->sha256) == 0;
	gint needed = *same ? 0 : is_needed(a, suite, path, error);
	return needed == 0 || (needed > 0 && refuse_other_bytes(error, file, e, sha256));
}

/* One file for all suites: instead of the copy, the one that another suite has, where the file system has links. */
static gboolean share(struct adding *a, const char *suite, const entry *e, const char *staged, GError **error)
{
	g_autofree char *path = entry_path_in(e, a->p->site.settings->suite, suite);
	g_autofree char *place = g_build_filename(a->p->site.dir, path, NULL);
	g_autofree char *linked = g_strconcat(staged, ".link", NULL);

	if (strcmp(path, e->path) == 0 || link(place, linked) < 0)
		return TRUE;
	return rename(linked, staged) == 0 || file_error(error, errno, staged, "write");
}

static gboolean check_places(struct adding *a, const char *file, const entry *e, const char *staged, GError **error)
{
	for (char **suite = a->suites; *suite != NULL; suite++) {
		gboolean same = FALSE;
		if (!check_place(a, *suite, file, e, &same, error) || (same && !share(a, *suite, e, staged, error)))
			return FALSE;
	}
	return TRUE;
}

/* ---- one package ---- */

/* What was read becomes a package of the publication, if it is not one. An arrivals_fn. */
static gboolean take(const struct arrival *arrival, entry *read, const char *copy, gpointer user, GError **error)
{
	struct adding *a = user;
	g_autoptr(entry) e = read;
	const entry *known = NULL;

	if (!publication_load(a->p, e->family, error))
		return FALSE;
	const char *sha256 = admission_known(a->admission, e->path, &known);
	gboolean already = known != NULL || (sha256 != NULL && a->gate->stage);

	if (sha256 != NULL && strcmp(sha256, e->sha256) != 0)
		return refuse_other_bytes(error, arrival->file, e, sha256);
	if (sha256 == NULL && !check_places(a, arrival->file, e, copy, error))
		return FALSE;
	struct publication_added *result = g_new0(struct publication_added, 1);
	g_ptr_array_add(a->added, result);
	result->source = arrival->sha256 ? NULL : arrival->file;
	result->fate = already ? PUBLICATION_ALREADY : PUBLICATION_ADDED;
	result->entry = known ? known : e;
	if (already) {
		result->own = known ? NULL : g_steal_pointer(&e);
		return unlink(copy) == 0 || file_error(error, errno, copy, "remove");
	}
	admission_add(a->admission, g_steal_pointer(&e), copy);
	return TRUE;
}

static gboolean take_all(struct adding *a, const struct arrival *arrivals, guint n, GError **error)
{
	return arrivals_read(&a->p->site, a->staging, arrivals, n, a->gate->progress, take, a, error);
}

static gboolean take_files(struct adding *a, char *const *files, GError **error)
{
	guint n = g_strv_length((char **)files);
	g_autofree struct arrival *arrivals = g_new0(struct arrival, n);

	for (guint i = 0; i < n; i++)
		arrivals[i].file = files[i];
	return take_all(a, arrivals, n, error);
}

/* Judged, and published or staged. */
static GPtrArray *finish(struct adding *a, struct users **judged, GError **error)
{
	gboolean changes = FALSE;

	if (!admission_settle(a->admission, a->staging, a->added, judged, &changes, error))
		return NULL;
	return !changes || transaction_publish(a->t, error) ? g_steal_pointer(&a->added) : NULL;
}

GPtrArray *publication_add(publication *p, char *const *files, const struct publication_gate *gate, struct users **judged,
			   GError **error)
{
	g_auto(adding) a = {0};

	*judged = NULL;
	if (!adding_begin(&a, p, "add", gate, error) || !take_files(&a, files, error))
		return NULL;
	return finish(&a, judged, error);
}

/* ---- from another suite ---- */

GPtrArray *publication_promote(publication *p, const char *from, char *const *what, const struct publication_gate *gate,
			       struct users **judged, GError **error)
{
	g_autoptr(publication) other = publication_open(p->site.dir, from, error);
	g_autoptr(GPtrArray) found = g_ptr_array_new(), paths = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) arrivals = g_array_new(FALSE, FALSE, sizeof(struct arrival));
	g_auto(adding) a = {0};

	*judged = NULL;
	if (other == NULL || !adding_begin(&a, p, "promote", gate, error))
		return NULL;
	for (; *what != NULL; what++)
		if (!publication_select(other, *what, found, error))
			return NULL;
	for (guint i = 0; i < found->len; i++) {
		const entry *e = found->pdata[i];
		struct arrival arrival = {g_build_filename(p->site.dir, e->path, NULL), e->sha256};
		g_ptr_array_add(paths, (gpointer)arrival.file);
		g_array_append_val(arrivals, arrival);
	}
	if (!take_all(&a, (const struct arrival *)(gpointer)arrivals->data, arrivals->len, error))
		return NULL;
	return finish(&a, judged, error);
}
