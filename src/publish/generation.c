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

/* A name in the directory being filled, while a file is on its way to it where there is no exchange. */
#define UNDERWAY ".underway"

struct generation {
	char *directory;
	const char *const *last;
	GPtrArray *paths;      /* char *, in the order added */
	GHashTable *contents;  /* path -> GBytes */
	GHashTable *kept;      /* path -> the path that it has now */
	GPtrArray *lasting;    /* char * */
	GPtrArray *signatures; /* struct generation_signature * */
};

static void signature_free(gpointer data)
{
	struct generation_signature *s = data;

	g_free(s->path);
	g_bytes_unref(s->text);
	g_free(s);
}

generation *generation_new(const char *directory, const char *const *last)
{
	generation *g = g_new(generation, 1);

	g->directory = g_strdup(directory);
	g->last = last;
	g->paths = g_ptr_array_new_with_free_func(g_free);
	g->contents = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
	g->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g->lasting = g_ptr_array_new_with_free_func(g_free);
	g->signatures = g_ptr_array_new_with_free_func(signature_free);
	return g;
}

void generation_free(generation *g)
{
	if (g == NULL)
		return;
	g_hash_table_unref(g->contents);
	g_ptr_array_unref(g->paths);
	g_hash_table_unref(g->kept);
	g_ptr_array_unref(g->lasting);
	g_ptr_array_unref(g->signatures);
	g_free(g->directory);
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

void generation_add_lasting(generation *g, const char *path, GBytes *contents)
{
	generation_add(g, path, contents);
	g_ptr_array_add(g->lasting, g_strdup(path));
}

void generation_add_signature(generation *g, const char *path, GBytes *text, enum keyring_signature kind)
{
	struct generation_signature *s = g_new(struct generation_signature, 1);

	*s = (struct generation_signature){.path = g_strdup(path), .kind = kind, .text = g_bytes_ref(text)};
	g_ptr_array_add(g->signatures, s);
}

void generation_keep(generation *g, const char *path)
{
	g_hash_table_insert(g->kept, g_strdup(path), g_strdup(path));
}

void generation_carry(generation *g, const char *path, const char *lasting)
{
	generation_keep(g, lasting);
	g_hash_table_insert(g->kept, g_strdup(path), g_strdup(lasting));
	g_ptr_array_add(g->lasting, g_strdup(lasting));
}

const GPtrArray *generation_lasting(const generation *g)
{
	return g->lasting;
}

const GPtrArray *generation_signatures(const generation *g)
{
	return g->signatures;
}

GBytes *generation_find(const generation *g, const char *path)
{
	return g_hash_table_lookup(g->contents, path);
}

gboolean generation_sign(generation *g, keyring *keys, GError **error)
{
	for (guint i = 0; i < g->signatures->len; i++) {
		const struct generation_signature *s = g->signatures->pdata[i];
		g_autoptr(GBytes) signature = keyring_sign(keys, s->text, s->kind, error);
		if (signature == NULL)
			return FALSE;
		generation_add(g, s->path, signature);
	}
	return TRUE;
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

static gboolean carry_all(generation *g, const char *next, GError **error)
{
	GHashTableIter iter;
	gpointer path, now;

	g_hash_table_iter_init(&iter, g->kept);
	while (g_hash_table_iter_next(&iter, &path, &now)) {
		g_autofree char *from = g_build_filename(g->directory, now, NULL);
		g_autofree char *to = g_build_filename(next, path, NULL);
		if (strcmp(path, now) != 0 && access(from, F_OK) < 0)
			return file_error(error, errno, from, "read");
		if (!carry_over(from, to, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean write_next(generation *g, const char *next, GError **error)
{
	g_autoptr(GHashTable) written = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_autofree char *parent = g_path_get_dirname(next);

	if (!generation_remove_tree(next, error) || !file_make_dirs(next, error))
		return FALSE;
	for (guint i = 0; i < g->paths->len; i++) {
		const char *path = g->paths->pdata[i];
		g_autofree char *to = g_build_filename(next, path, NULL);
		if (!write_file(to, g_hash_table_lookup(g->contents, path), written, error))
			return FALSE;
	}
	return carry_all(g, next, error) && sync_tree(next, error) && generation_sync(parent, error);
}

char *generation_hidden(const char *directory)
{
	g_autofree char *parent = g_path_get_dirname(directory);
	g_autofree char *name = g_path_get_basename(directory);
	g_autofree char *hidden = g_strdup_printf(".%s.next", name);

	return g_build_filename(parent, hidden, NULL);
}

gboolean generation_write(generation *g, GError **error)
{
	g_autofree char *next = generation_hidden(g->directory);

	if (write_next(g, next, error))
		return TRUE;
	generation_remove_tree(next, NULL);
	return FALSE;
}

/* ---- in its place ---- */

/* The files below TOP/RELATIVE, by their path from TOP, which is key and value. */
static gboolean note_files(const char *top, const char *relative, GHashTable *files, GError **error)
{
	g_autofree char *here = g_build_filename(top, relative, NULL);
	g_autoptr(GDir) dir = g_dir_open(here, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = *relative ? g_build_filename(relative, name, NULL) : g_strdup(name);
		g_autofree char *full = g_build_filename(top, path, NULL);
		if (!g_file_test(full, G_FILE_TEST_IS_DIR))
			g_hash_table_add(files, g_steal_pointer(&path));
		else if (!note_files(top, path, files, error))
			return FALSE;
	}
	return TRUE;
}

/* The file of the hidden directory gets its name in the directory, too. */
static gboolean replace_one(const char *next, const char *directory, const char *path, GError **error)
{
	g_autofree char *from = g_build_filename(next, path, NULL);
	g_autofree char *to = g_build_filename(directory, path, NULL);
	g_autofree char *underway = g_build_filename(directory, UNDERWAY, NULL);
	g_autofree char *parent = g_path_get_dirname(to);

	if (!generation_remove_tree(underway, error) || !make_parent(to, error) || !carry_over(from, underway, error))
		return FALSE;
	if (rename(underway, to) < 0)
		return file_error(error, errno, to, "write");
	unlink(underway); /* rename leaves it where both are one file already */
	return generation_sync(parent, error);
}

static gboolean replace_last(const char *next, const char *directory, const char *const *last, GError **error)
{
	for (; *last != NULL; last++) {
		g_autofree char *from = g_build_filename(next, *last, NULL);
		if (access(from, F_OK) == 0 && !replace_one(next, directory, *last, error))
			return FALSE;
	}
	return TRUE;
}

/* Files of the directory that the generation does not have go; those that cannot are left. */
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

static gboolean replace_each(const char *next, const char *directory, const char *const *last, GError **error)
{
	g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer path;

	if (!note_files(next, "", files, error))
		return FALSE;
	g_hash_table_iter_init(&iter, files);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!g_strv_contains(last, path) && !replace_one(next, directory, path, error))
			return FALSE;
	if (!replace_last(next, directory, last, error))
		return FALSE;
	prune(directory, "", files);
	return TRUE;
}

/* exchanged: set when a second exchange would undo it. */
static gboolean swap(const char *next, const char *directory, const char *const *last, gboolean *exchanged,
		     GError **error)
{
	if (access(directory, F_OK) < 0 && errno == ENOENT)
		return rename(next, directory) == 0 || file_error(error, errno, directory, "make");
	*exchanged = renameat2(AT_FDCWD, next, AT_FDCWD, directory, RENAME_EXCHANGE) == 0;
	if (*exchanged)
		return TRUE;
	if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
		return replace_each(next, directory, last, error);
	return file_error(error, errno, directory, "replace");
}

gboolean generation_commit(const char *directory, const char *const *last, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(directory);
	g_autofree char *next = generation_hidden(directory);
	gboolean exchanged = FALSE;
	g_autoptr(GError) cause = NULL;

	if (!swap(next, directory, last, &exchanged, error))
		return FALSE;
	if (!generation_sync(parent, &cause) && exchanged && generation_revert(directory)) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	return TRUE;
}

gboolean generation_revert(const char *directory)
{
	g_autofree char *next = generation_hidden(directory);

	return renameat2(AT_FDCWD, next, AT_FDCWD, directory, RENAME_EXCHANGE) == 0;
}

void generation_discard(const char *directory)
{
	g_autofree char *next = generation_hidden(directory), *parent = g_path_get_dirname(directory);

	if (access(next, F_OK) < 0)
		return;
	generation_remove_tree(next, NULL);
	generation_sync(parent, NULL);
}
