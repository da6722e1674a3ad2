/* A directory replaced as a whole: see generation.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/generation.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct generation {
	GPtrArray *paths;     /* char *, in the order added */
	GHashTable *contents; /* path -> GBytes */
	GPtrArray *kept;      /* char * */
};

generation *generation_new(void)
{
	generation *g = g_new(generation, 1);

	g->paths = g_ptr_array_new_with_free_func(g_free);
	g->contents = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
	g->kept = g_ptr_array_new_with_free_func(g_free);
	return g;
}

void generation_free(generation *g)
{
	if (g == NULL)
		return;
	g_hash_table_unref(g->contents);
	g_ptr_array_unref(g->paths);
	g_ptr_array_unref(g->kept);
	g_free(g);
}

void generation_add(generation *g, const char *path, GBytes *contents)
{
	if (g_hash_table_contains(g->contents, path))
		return;
	char *own = g_strdup(path);
	g_ptr_array_add(g->paths, own);
	g_hash_table_insert(g->contents, own, g_bytes_ref(contents));
}

void generation_keep(generation *g, const char *path)
{
	g_ptr_array_add(g->kept, g_strdup(path));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

gboolean generation_remove_tree(const char *path, GError **error)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0 && errno != ENOENT)
		return file_error(error, errno, path, "remove");
	return TRUE;
}

gboolean generation_sync(const char *directory, GError **error)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0) {
		int errnum = errno;
		if (fd >= 0)
			close(fd);
		return file_error(error, errnum, directory, "sync the directory");
	}
	close(fd);
	return TRUE;
}

static gboolean make_parent(const char *path, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(path);

	return file_make_dirs(dir, error);
}

/* written: GBytes -> where it was written first. */
static gboolean write_file(const char *path, GBytes *contents, GHashTable *written, GError **error)
{
	const char *same = g_hash_table_lookup(written, contents);
	gsize size = 0;
	const void *data = g_bytes_get_data(contents, &size);

	if (!make_parent(path, error))
		return FALSE;
	if (same != NULL && link(same, path) == 0)
		return TRUE;
	g_hash_table_insert(written, contents, g_strdup(path));
	return file_replace(path, data, size, 0644, error);
}

static gboolean carry_over(const char *from, const char *to, GError **error)
{
	gsize size = 0;

	if (access(to, F_OK) == 0 || access(from, F_OK) < 0)
		return TRUE;
	if (!make_parent(to, error))
		return FALSE;
	if (link(from, to) == 0)
		return TRUE;
	g_autoptr(GBytes) contents = file_read(from, G_MAXSSIZE, error);
	if (contents == NULL)
		return FALSE;
	const void *data = g_bytes_get_data(contents, &size);
	return file_replace(to, data, size, 0644, error);
}

static gboolean sync_tree(const char *top, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(top, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(top, name, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_DIR) && !sync_tree(path, error))
			return FALSE;
	}
	return generation_sync(top, error);
}

static gboolean write_next(generation *g, const char *directory, const char *next, GError **error)
{
	g_autoptr(GHashTable) written = g_hash_table_new_full(NULL, NULL, NULL, g_free);

	if (!generation_remove_tree(next, error) || !file_make_dirs(next, error))
		return FALSE;
	for (guint i = 0; i < g->paths->len; i++) {
		const char *path = g->paths->pdata[i];
		g_autofree char *to = g_build_filename(next, path, NULL);
		if (!write_file(to, g_hash_table_lookup(g->contents, path), written, error))
			return FALSE;
	}
	for (guint i = 0; i < g->kept->len; i++) {
		g_autofree char *from = g_build_filename(directory, g->kept->pdata[i], NULL);
		g_autofree char *to = g_build_filename(next, g->kept->pdata[i], NULL);
		if (!carry_over(from, to, error))
			return FALSE;
	}
	return sync_tree(next, error);
}

static gboolean move_each(generation *g, const char *next, const char *directory, GError **error)
{
	for (guint i = 0; i < g->paths->len; i++) {
		g_autofree char *from = g_build_filename(next, g->paths->pdata[i], NULL);
		g_autofree char *to = g_build_filename(directory, g->paths->pdata[i], NULL);
		g_autofree char *parent = g_path_get_dirname(to);
		if (!make_parent(to, error))
			return FALSE;
		if (rename(from, to) < 0)
			return file_error(error, errno, to, "write");
		gboolean last = i + 1 == g->paths->len;
		if (!generation_sync(parent, last ? NULL : error) && !last)
			return FALSE; /* after the last file there is no way back */
	}
	return TRUE;
}

/* Files of the directory that are neither of this generation nor kept go; those that cannot are left. */
static void prune(const char *top, const char *relative, GHashTable *stays)
{
	g_autofree char *here = g_build_filename(top, relative, NULL);
	g_autoptr(GDir) dir = g_dir_open(here, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = *relative ? g_build_filename(relative, name, NULL) : g_strdup(name);
		g_autofree char *full = g_build_filename(top, path, NULL);
		if (g_file_test(full, G_FILE_TEST_IS_DIR) && !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
			prune(top, path, stays);
		else if (!g_hash_table_contains(stays, path))
			unlink(full);
	}
}

static gboolean replace_each(generation *g, const char *next, const char *directory, GError **error)
{
	g_autoptr(GHashTable) stays = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < g->paths->len; i++)
		g_hash_table_add(stays, g->paths->pdata[i]);
	for (guint i = 0; i < g->kept->len; i++)
		g_hash_table_add(stays, g->kept->pdata[i]);
	if (!move_each(g, next, directory, error))
		return FALSE;
	prune(directory, "", stays);
	return TRUE;
}

static gboolean swap(generation *g, const char *next, const char *directory, GError **error)
{
	if (access(directory, F_OK) < 0 && errno == ENOENT)
		return rename(next, directory) == 0 || file_error(error, errno, directory, "make");
	if (renameat2(AT_FDCWD, next, AT_FDCWD, directory, RENAME_EXCHANGE) == 0)
		return TRUE;
	if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
		return replace_each(g, next, directory, error);
	return file_error(error, errno, directory, "replace");
}

gboolean generation_publish(generation *g, const char *directory, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(directory);
	g_autofree char *name = g_path_get_basename(directory);
	g_autofree char *hidden = g_strdup_printf(".%s.next", name);
	g_autofree char *next = g_build_filename(parent, hidden, NULL);

	if (!file_make_dirs(parent, error))
		return FALSE;
	if (!write_next(g, directory, next, error) || !swap(g, next, directory, error)) {
		generation_remove_tree(next, NULL);
		return FALSE;
	}
	g_autoptr(GError) cause = NULL;
	if (!generation_sync(parent, &cause) &&
	    renameat2(AT_FDCWD, next, AT_FDCWD, directory, RENAME_EXCHANGE) == 0) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	generation_remove_tree(next, NULL); /* else the next publication does */
	return TRUE;
}
