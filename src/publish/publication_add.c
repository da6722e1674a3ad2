/* Adding packages to a repository: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/generation.h"
#include "publish/publication.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where packages wait until all of them are known to be good; what a crash leaves here, the next publisher removes. */
#define STAGING ".incoming"

/* From so many packages on, one flush of the file system costs less than one for each. */
#define MANY_FILES 16

/* One file on its way in. */
struct arrival {
	entry *entry;    /* NULL once the publication has it */
	char *staged;    /* its copy */
	char *final;     /* its place in the repository */
	gboolean placed; /* moved there: to be taken back if publishing fails */
};

static void arrival_free(gpointer data)
{
	struct arrival *a = data;

	entry_free(a->entry);
	g_free(a->staged);
	g_free(a->final);
	g_free(a);
}

static void added_free(gpointer data)
{
	struct publication_added *a = data;

	g_free(a->source);
	g_free(a);
}

/* The work of one publication_add. */
struct adding {
	publication *p;
	char *staging;
	GHashTable *known;   /* path -> entry: published, or arriving */
	GPtrArray *arrivals; /* struct arrival * */
	GPtrArray *added;    /* struct publication_added * */
};
typedef struct adding adding;

static void adding_clear(struct adding *a)
{
	if (a->staging != NULL)
		generation_remove_tree(a->staging, NULL);
	g_free(a->staging);
	g_hash_table_unref(a->known);
	g_ptr_array_unref(a->arrivals);
	if (a->added != NULL)
		g_ptr_array_unref(a->added);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(adding, adding_clear)

static gboolean adding_begin(struct adding *a, publication *p, GError **error)
{
	*a = (struct adding){.p = p,
			     .staging = g_build_filename(p->site.dir, STAGING, NULL),
			     .known = g_hash_table_new(g_str_hash, g_str_equal),
			     .arrivals = g_ptr_array_new_with_free_func(arrival_free),
			     .added = g_ptr_array_new_with_free_func(added_free)};
	for (guint i = 0; i < p->packages->len; i++) {
		entry *e = p->packages->pdata[i];
		g_hash_table_insert(a->known, e->path, e);
	}
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

	return family ? family->read(&a->p->site, in, staged, error) : NULL;
}

static gboolean take_in(struct adding *a, const char *file, GError **error)
{
	g_autofree char *staged = g_strdup_printf("%s/%u", a->staging, a->added->len);
	g_autoptr(entry) e = read_package(a, file, staged, error);
	const entry *known = e ? g_hash_table_lookup(a->known, e->path) : NULL;

	if (e == NULL)
		return FALSE;
	if (known != NULL && strcmp(known->sha256, e->sha256) != 0)
		return refuse_other_bytes(error, file, e, known->sha256);
	struct publication_added *result = g_new0(struct publication_added, 1);
	g_ptr_array_add(a->added, result);
	result->source = g_strdup(file);
	result->already = known != NULL;
	result->entry = known ? known : e;
	if (known != NULL)
		return unlink(staged) == 0 || file_error(error, errno, staged, "remove");
	struct arrival *arrival = g_new0(struct arrival, 1);
	g_ptr_array_add(a->arrivals, arrival);
	g_hash_table_insert(a->known, e->path, e);
	arrival->final = g_build_filename(a->p->site.dir, e->path, NULL);
	arrival->staged = g_steal_pointer(&staged);
	arrival->entry = g_steal_pointer(&e);
	return TRUE;
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

static gboolean check_other_suites(struct adding *a, const entry *e, const char *sha256, GError **error)
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
			return refuse_other_bytes(error, e->path, e, sha256);
	}
	return TRUE;
}

/* Suites share the pool: what another one has published stays. What a crash left behind is replaced. */
static gboolean check_place(struct adding *a, struct arrival *arrival, GError **error)
{
	if (access(arrival->final, F_OK) < 0)
		return TRUE;
	g_autofree char *sha256 = digest_of_file(arrival->final, error);
	if (sha256 == NULL)
		return FALSE;
	return strcmp(sha256, arrival->entry->sha256) == 0 || check_other_suites(a, arrival->entry, sha256, error);
}

static gboolean flush_file(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gboolean ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		file_error(error, errno, path, "sync");
	if (fd >= 0)
		close(fd);
	return ok;
}

static gboolean flush_all(struct adding *a, GError **error)
{
	if (a->arrivals->len >= MANY_FILES) {
		int fd = open(a->staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		gboolean ok = fd >= 0 && syncfs(fd) == 0;
		if (!ok)
			file_error(error, errno, a->staging, "sync");
		if (fd >= 0)
			close(fd);
		return ok;
	}
	for (guint i = 0; i < a->arrivals->len; i++)
		if (!flush_file(((struct arrival *)a->arrivals->pdata[i])->staged, error))
			return FALSE;
	return TRUE;
}

/* The directories from the file's up to the repository's top: each may be new, and with it its parent's entry. */
static void note_directories(const char *top, const char *path, GHashTable *dirs)
{
	g_autofree char *dir = g_path_get_dirname(path);

	while (strcmp(dir, top) != 0 && strlen(dir) > strlen(top) && !g_hash_table_contains(dirs, dir)) {
		char *parent = g_path_get_dirname(dir);
		g_hash_table_add(dirs, g_steal_pointer(&dir));
		dir = parent;
	}
}

static gboolean sync_directories(struct adding *a, GHashTable *dirs, GError **error)
{
	GHashTableIter iter;
	gpointer dir;

	g_hash_table_iter_init(&iter, dirs);
	while (g_hash_table_iter_next(&iter, &dir, NULL))
		if (!generation_sync(dir, error))
			return FALSE;
	return generation_sync(a->p->site.dir, error);
}

static gboolean place_all(struct adding *a, GError **error)
{
	g_autoptr(GHashTable) dirs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < a->arrivals->len; i++)
		if (!check_place(a, a->arrivals->pdata[i], error))
			return FALSE;
	if (!flush_all(a, error))
		return FALSE;
	for (guint i = 0; i < a->arrivals->len; i++) {
		struct arrival *arrival = a->arrivals->pdata[i];
		g_autofree char *parent = g_path_get_dirname(arrival->final);
		gboolean there = access(arrival->final, F_OK) == 0;
		if (!file_make_dirs(parent, error))
			return FALSE;
		if (rename(arrival->staged, arrival->final) < 0)
			return file_error(error, errno, arrival->final, "write");
		arrival->placed = !there;
		note_directories(a->p->site.dir, arrival->final, dirs);
	}
	return sync_directories(a, dirs, error);
}

/* All packages of a family, arriving ones among them, in order; not owned. */
static GPtrArray *packages_of(struct adding *a, const struct family *family, gboolean *changed)
{
	GPtrArray *packages = g_ptr_array_new();

	for (guint i = 0; i < a->p->packages->len; i++) {
		entry *e = a->p->packages->pdata[i];
		if (e->family == family)
			g_ptr_array_add(packages, e);
	}
	guint before = packages->len;
	for (guint i = 0; i < a->arrivals->len; i++) {
		struct arrival *arrival = a->arrivals->pdata[i];
		if (arrival->entry->family == family)
			g_ptr_array_add(packages, arrival->entry);
	}
	*changed = packages->len > before;
	g_ptr_array_sort(packages, entry_compare);
	return packages;
}

/* What is published is no longer to be taken back. */
static void keep_arrivals(struct adding *a, const struct family *family)
{
	for (guint i = 0; i < a->arrivals->len; i++) {
		struct arrival *arrival = a->arrivals->pdata[i];
		if (arrival->entry->family == family)
			arrival->placed = FALSE;
	}
}

static gboolean publish_all(struct adding *a, GError **error)
{
	const struct family *before = NULL;

	for (gsize i = 0; families[i] != NULL; i++) {
		gboolean changed = FALSE;
		g_autoptr(GPtrArray) packages = packages_of(a, families[i], &changed);
		if (!changed)
			continue;
		if (!families[i]->publish(&a->p->site, packages, error)) {
			if (before != NULL)
				g_prefix_error(error, "the .%s packages are published, the .%s packages are not: ",
					       before->name, families[i]->name);
			return FALSE;
		}
		keep_arrivals(a, families[i]);
		before = families[i];
	}
	return TRUE;
}

static void take_back(struct adding *a)
{
	for (guint i = 0; i < a->arrivals->len; i++) {
		const struct arrival *arrival = a->arrivals->pdata[i];
		if (arrival->placed)
			unlink(arrival->final);
	}
}

/* The publication's list is what is published now, in order. */
static void adopt(struct adding *a)
{
	publication *p = a->p;

	for (guint i = 0; i < a->arrivals->len; i++)
		g_ptr_array_add(p->packages, g_steal_pointer(&((struct arrival *)a->arrivals->pdata[i])->entry));
	g_ptr_array_sort(p->packages, entry_compare);
}

GPtrArray *publication_add(publication *p, char *const *files, GError **error)
{
	g_auto(adding) a = {0};

	if (!adding_begin(&a, p, error))
		return NULL;
	for (char *const *file = files; *file != NULL; file++)
		if (!take_in(&a, *file, error))
			return NULL;
	if (!place_all(&a, error) || !publish_all(&a, error)) {
		take_back(&a);
		return NULL;
	}
	adopt(&a);
	return g_steal_pointer(&a.added);
}
