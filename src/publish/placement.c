/* Packages into their places: see placement.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/placement.h"
#include "core/file.h"
#include "publish/generation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* From so many files on, one flush of the file system costs less than one for each. */
#define MANY_FILES 16

struct move {
	char *from;     /* NULL once it is moved */
	gboolean fresh; /* moved to where nothing was */
	char to[];
};

struct placement {
	char *dir;
	GPtrArray *moves; /* struct move * */
	GPtrArray *made;  /* char *: directories that were not there before, each after those in it */
};

static void move_free(gpointer data)
{
	struct move *m = data;

	g_free(m->from);
	g_free(m);
}

placement *placement_new(const char *dir)
{
	placement *p = g_new(placement, 1);

	p->dir = g_strdup(dir);
	p->moves = g_ptr_array_new_with_free_func(move_free);
	p->made = g_ptr_array_new_with_free_func(g_free);
	return p;
}

void placement_free(placement *p)
{
	if (p == NULL)
		return;
	g_ptr_array_unref(p->moves);
	g_ptr_array_unref(p->made);
	g_free(p->dir);
	g_free(p);
}

void placement_add(placement *p, const char *file, const char *path)
{
	struct move *m = g_malloc(sizeof *m + strlen(p->dir) + strlen(path) + 2);

	*m = (struct move){.from = g_strdup(file)};
	stpcpy(stpcpy(stpcpy(m->to, p->dir), "/"), path);
	g_ptr_array_add(p->moves, m);
}

gboolean placement_is_empty(const placement *p)
{
	return p->moves->len == 0;
}

/* all: everything in the file's file system, too. */
static gboolean flush(const char *path, gboolean all, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gboolean ok = fd >= 0 && (all ? syncfs(fd) : fsync(fd)) == 0;

	if (!ok)
		file_error(error, errno, path, "sync");
	if (fd >= 0)
		close(fd);
	return ok;
}

static gboolean flush_files(placement *p, GError **error)
{
	gboolean many = p->moves->len >= MANY_FILES;

	for (guint i = 0; i < (many ? 1 : p->moves->len); i++)
		if (!flush(((struct move *)p->moves->pdata[i])->from, many, error))
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

gboolean placement_flush(const char *dir, GError **error)
{
	return flush(dir, TRUE, error);
}

static gboolean sync_directories(placement *p, GHashTable *dirs, GError **error)
{
	GHashTableIter iter;
	gpointer dir;

	if (g_hash_table_size(dirs) >= MANY_FILES)
		return flush(p->dir, TRUE, error);
	g_hash_table_iter_init(&iter, dirs);
	while (g_hash_table_iter_next(&iter, &dir, NULL))
		if (!generation_sync(dir, error))
			return FALSE;
	return generation_sync(p->dir, error);
}

/* Where the file system does not tell in one call whether something was there, it is asked before. */
static gboolean move_file(struct move *m, GError **error)
{
	gboolean there = TRUE;

	if (renameat2(AT_FDCWD, m->from, AT_FDCWD, m->to, RENAME_NOREPLACE) == 0) {
		m->fresh = TRUE;
		return TRUE;
	}
	if (errno != EEXIST)
		there = access(m->to, F_OK) == 0;
	if (rename(m->from, m->to) < 0)
		return file_error(error, errno, m->to, "write");
	m->fresh = !there;
	if (there)
		unlink(m->from); /* rename leaves it where both are one file */
	return TRUE;
}

static gboolean make_directory(placement *p, const char *path, GError **error)
{
	g_autofree char *dir = g_strdup(path);
	gint at = 0;

	while (strlen(dir) > strlen(p->dir) && access(dir, F_OK) < 0) {
		char *parent = g_path_get_dirname(dir);
		g_ptr_array_insert(p->made, at++, g_steal_pointer(&dir));
		dir = parent;
	}
	return file_make_dirs(path, error);
}

gboolean placement_run(placement *p, GError **error)
{
	g_autoptr(GHashTable) dirs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (!flush_files(p, error))
		return FALSE;
	for (guint i = 0; i < p->moves->len; i++) {
		struct move *m = p->moves->pdata[i];
		g_autofree char *parent = g_path_get_dirname(m->to);
		if (!g_hash_table_contains(dirs, parent) && !make_directory(p, parent, error))
			return FALSE;
		if (!move_file(m, error))
			return FALSE;
		note_directories(p->dir, m->to, dirs);
		g_clear_pointer(&m->from, g_free);
	}
	return p->moves->len == 0 || sync_directories(p, dirs, error);
}

void placement_undo(placement *p)
{
	for (guint i = 0; i < p->moves->len; i++) {
		struct move *m = p->moves->pdata[i];
		if (m->fresh)
			unlink(m->to);
		m->fresh = FALSE;
	}
	for (guint i = 0; i < p->made->len; i++)
		rmdir(p->made->pdata[i]);
}
