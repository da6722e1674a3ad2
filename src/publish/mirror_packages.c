/* The packages of a mirror: which it lacks, and how they come to their places before any index names them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/mirror_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- what is missing ---- */

static GHashTable *known(struct mirror_attempt *a)
{
	if (a->known == NULL)
		a->known = mirror_names(a->m->dir);
	return a->known;
}

/*
 * Whether the mirror has a package. One that its indexes name was proved when it came; with an unchanged part these are
 * the very indexes that name it now. FALSE with an error: it has other bytes under that name.
 */
static gboolean check_present(struct mirror_attempt *a, const struct download *d, gboolean *present, GError **error)
{
	g_autofree char *path = mirror_path(a->m, d->path);
	gboolean there = mirror_is_file(path, d->size), changed = a->apt.changed || a->dnf.changed;
	const char *digest = changed ? g_hash_table_lookup(known(a), d->path) : d->digest;

	if (digest != NULL && strlen(digest) != strlen(d->digest))
		digest = NULL; /* of another kind, which says nothing */
	*present = there && g_strcmp0(digest, d->digest) == 0;
	if (*present || digest == NULL || strcmp(digest, d->digest) == 0) {
		*present = *present || (there && mirror_is_whole(path, d));
		return TRUE;
	}
	return mirror_failed(
		a->m, PUBLISH_ERROR_DIGEST, d->path,
		"signed with other bytes than before, but a published package never changes; what is right, the "
		"publisher must say. A mirror in a new directory takes it as it is",
		error);
}

/* The same bytes may be in the mirror at another path: in another suite, for rpms. */
static void share_known(struct mirror_attempt *a, GPtrArray *missing)
{
	g_autoptr(GHashTable) by_digest = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer path, digest;

	g_hash_table_iter_init(&iter, known(a));
	while (g_hash_table_iter_next(&iter, &path, &digest))
		g_hash_table_insert(by_digest, digest, path);
	for (guint i = 0; i < missing->len; i++) {
		struct download *d = missing->pdata[i];
		const char *other = g_hash_table_lookup(by_digest, d->digest);
		g_autofree char *from = other ? mirror_path(a->m, other) : NULL;
		g_autofree char *to = g_build_filename(a->m->parts, d->digest, NULL);
		if (from != NULL && mirror_is_whole(from, d) && link(from, to) == 0)
			continue; /* source_fetch finds it there */
	}
}

/* Of a source on the same file system packages become links, which need none. */
static gboolean check_space(const struct mirror *m, const GPtrArray *missing, GError **error)
{
	guint64 needed = 0;
	struct statvfs v;
	struct stat from, to;

	if (stat(m->options->source, &from) == 0 && stat(m->dir, &to) == 0 && from.st_dev == to.st_dev)
		return TRUE;
	for (guint i = 0; i < missing->len; i++) {
		const struct download *d = missing->pdata[i];
		g_autofree char *part = g_strdup_printf("%s/%s.part", m->parts, d->digest);
		g_autofree char *whole = g_build_filename(m->parts, d->digest, NULL);
		struct stat st;
		if (stat(whole, &st) < 0 && stat(part, &st) < 0)
			st.st_size = 0;
		needed += d->size - MIN(d->size, (guint64)st.st_size);
	}
	if (statvfs(m->dir, &v) < 0 || needed <= (guint64)v.f_bavail * v.f_frsize)
		return TRUE;
	g_autofree char *needs = g_format_size(needed);
	g_autofree char *has = g_format_size((guint64)v.f_bavail * v.f_frsize);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
		    "%s: %s are missing, but only %s are free; nothing was changed", m->dir, needs, has);
	return FALSE;
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
	const struct download *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

/* What the mirror lacks, by path; each digest once, the others of it in TWINS. */
static GPtrArray *missing_packages(struct mirror_attempt *a, GPtrArray *twins, GError **error)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	g_autoptr(GHashTable) digests = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer download;

	g_hash_table_iter_init(&iter, a->wants);
	while (g_hash_table_iter_next(&iter, NULL, &download))
		g_ptr_array_add(all, download);
	g_ptr_array_sort(all, compare_paths);
	for (guint i = 0; i < all->len; i++) {
		struct download *d = all->pdata[i];
		gboolean present = FALSE;
		if (!check_present(a, d, &present, error))
			return NULL;
		if (!present)
			g_ptr_array_add(g_hash_table_add(digests, d->digest) ? missing : twins, d);
	}
	return g_steal_pointer(&missing);
}

/* ---- into place ---- */

gboolean mirror_sync(const struct mirror *m, GError **error)
{
	int fd = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = fd >= 0 && syncfs(fd) == 0;
	int errnum = errno;

	if (fd >= 0)
		close(fd);
	return ok || file_error(error, errnum, m->dir, "write");
}

static gboolean make_parent(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return file_make_dirs(folder, error);
}

static gboolean place(const struct mirror *m, const struct download *d, GError **error)
{
	g_autofree char *to = mirror_path(m, d->path);

	if (!make_parent(to, error))
		return FALSE;
	return rename(d->staged, to) == 0 || file_error(error, errno, to, "write");
}

/* Another name for a package that was placed. */
static gboolean place_twin(const struct mirror *m, const struct download *d, GHashTable *placed, GError **error)
{
	const struct download *first = g_hash_table_lookup(placed, d->digest);
	g_autofree char *from = mirror_path(m, first->path);
	g_autofree char *to = mirror_path(m, d->path);
	g_autofree char *part = g_strdup_printf("%s/%s.part", m->parts, d->digest);

	unlink(part);
	if (!make_parent(to, error))
		return FALSE;
	if (link(from, part) < 0) {
		g_autoptr(GBytes) bytes = file_read(from, G_MAXSSIZE, error);
		gsize size = 0;
		const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		return bytes != NULL && file_replace(to, data, size, 0644, error);
	}
	return rename(part, to) == 0 || file_error(error, errno, to, "write");
}

static gboolean place_all(const struct mirror *m, GPtrArray *missing, GPtrArray *twins, GError **error)
{
	g_autoptr(GHashTable) placed = g_hash_table_new(g_str_hash, g_str_equal);

	if (missing->len == 0)
		return TRUE;
	if (!mirror_sync(m, error)) /* the bytes first, then the names */
		return FALSE;
	for (guint i = 0; i < missing->len; i++) {
		struct download *d = missing->pdata[i];
		if (!place(m, d, error))
			return FALSE;
		g_hash_table_insert(placed, d->digest, d);
	}
	for (guint i = 0; i < twins->len; i++)
		if (!place_twin(m, twins->pdata[i], placed, error))
			return FALSE;
	return mirror_sync(m, error);
}

gboolean mirror_packages_fetch(struct mirror_attempt *a, GError **error)
{
	g_autoptr(GPtrArray) twins = g_ptr_array_new();
	g_autoptr(GPtrArray) missing = missing_packages(a, twins, error);
	struct mirror *m = a->m;

	if (missing == NULL)
		return FALSE;
	if (missing->len > 0)
		share_known(a, missing);
	for (guint i = 0; i < missing->len; i++)
		m->tally.total += ((const struct download *)missing->pdata[i])->size;
	return check_space(m, missing, error) && source_fetch(m->source, missing, m->parts, &m->tally, error) &&
	       place_all(m, missing, twins, error);
}
