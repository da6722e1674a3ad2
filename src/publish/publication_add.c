/* Adding packages to a repository: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/generation.h"
#include "publish/transaction.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Where packages wait until all of them are known to be good; what a crash leaves here, the next publisher removes. */
#define STAGING ".incoming"

static void added_free(gpointer data)
{
	struct publication_added *a = data;

	g_free(a->source);
	g_free(a);
}

/* The work of one publication_add. */
struct adding {
	publication *p;
	transaction *t;
	char *staging;
	GPtrArray *added; /* struct publication_added * */
	gboolean changes;
};
typedef struct adding adding;

static void adding_clear(struct adding *a)
{
	transaction_free(a->t);
	if (a->staging != NULL)
		generation_remove_tree(a->staging, NULL);
	g_free(a->staging);
	if (a->added != NULL)
		g_ptr_array_unref(a->added);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(adding, adding_clear)

static gboolean adding_begin(struct adding *a, publication *p, GError **error)
{
	*a = (struct adding){.p = p,
			     .t = transaction_new(p, "add"),
			     .staging = g_build_filename(p->site.dir, STAGING, NULL),
			     .added = g_ptr_array_new_with_free_func(added_free)};
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

static entry *read_package(struct adding *a, const char *file, const char *staged, GError **error)
{
	g_autoptr(intake) in = intake_open(file, staged, error);
	const struct family *family = in ? family_of(in, error) : NULL;
	g_autoptr(entry) e = family ? family->read(&a->p->site, in, staged, error) : NULL;

	return e && publication_load(a->p, e->family, error) ? g_steal_pointer(&e) : NULL;
}

/* The digest of a file that this suite's indexes do not name: from another suite, or left by a crash. */
static char *digest_of_file(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, G_MAXSSIZE, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const void *data = g_bytes_get_data(bytes, &size);
	return digest_of(DIGEST_SHA256, data, size);
}

static gboolean check_other_suites(struct adding *a, const char *file, const entry *e, const char *sha256,
				   GError **error)
{
	g_autofree char *dists = g_build_filename(a->p->site.dir, "dists", NULL);
	g_autoptr(GDir) dir = g_dir_open(dists, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		if (*name == '.' || strcmp(name, a->p->site.settings->suite) == 0)
			continue;
		g_autoptr(publication) other = publication_open(a->p->site.dir, name, error);
		if (other == NULL)
			return FALSE;
		if (publication_find(other, e->path) != NULL)
			return refuse_other_bytes(error, file, e, sha256);
	}
	return TRUE;
}

/* Suites share the pool: what another one has published stays. What a crash left behind is replaced. */
static gboolean check_place(struct adding *a, const char *file, const entry *e, GError **error)
{
	g_autofree char *place = g_build_filename(a->p->site.dir, e->path, NULL);

	if (access(place, F_OK) < 0)
		return TRUE;
	g_autofree char *sha256 = digest_of_file(place, error);
	if (sha256 == NULL)
		return FALSE;
	return strcmp(sha256, e->sha256) == 0 || check_other_suites(a, file, e, sha256, error);
}

static gboolean take_in(struct adding *a, const char *file, GError **error)
{
	g_autofree char *staged = g_strdup_printf("%s/%u", a->staging, a->added->len);
	g_autoptr(entry) e = read_package(a, file, staged, error);
	const entry *known = e ? transaction_find(a->t, e->path) : NULL;

	if (e == NULL)
		return FALSE;
	if (known != NULL && strcmp(known->sha256, e->sha256) != 0)
		return refuse_other_bytes(error, file, e, known->sha256);
	if (known == NULL && !check_place(a, file, e, error))
		return FALSE;
	struct publication_added *result = g_new0(struct publication_added, 1);
	g_ptr_array_add(a->added, result);
	result->source = g_strdup(file);
	result->already = known != NULL;
	result->entry = known ? known : e;
	if (known != NULL)
		return unlink(staged) == 0 || file_error(error, errno, staged, "remove");
	a->changes = TRUE;
	transaction_add(a->t, g_steal_pointer(&e), staged);
	return TRUE;
}

GPtrArray *publication_add(publication *p, char *const *files, GError **error)
{
	g_auto(adding) a = {0};

	if (!adding_begin(&a, p, error))
		return NULL;
	for (char *const *file = files; *file != NULL; file++)
		if (!take_in(&a, *file, error))
			return NULL;
	if (a.changes && !transaction_publish(a.t, error))
		return NULL;
	return g_steal_pointer(&a.added);
}
