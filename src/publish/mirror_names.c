/* Which packages the indexes in a mirror name, and the removal of those that none names any more. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/generation.h"
#include "publish/mirror_private.h"
#include "publish/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_RETIRED (256 * 1024 * 1024)

struct naming {
	const char *base;
	GHashTable *names;
};

static gboolean note(const char *path, enum digest_kind kind, const char *digest, guint64 size, gpointer user,
		     GError **error)
{
	const struct naming *n = user;

	(void)kind, (void)size, (void)error;
	g_hash_table_replace(n->names, g_strconcat(n->base, path, NULL), g_ascii_strdown(digest, -1));
	return TRUE;
}

/* ---- one directory of metadata ---- */

static gboolean is_plain(const char *path)
{
	char begin[8] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, begin, sizeof begin);

	if (fd >= 0)
		close(fd);
	return n == sizeof begin && memcmp(begin, "Package:", sizeof begin) == 0;
}

/* A folder of indexes: all variants of one are there, so where some are plain, those say it all. */
static void note_indexes(const char *folder, GHashTable *names)
{
	g_autoptr(GPtrArray) plain = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) packed = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	struct naming naming = {"", names};
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(folder, name, NULL);
		g_ptr_array_add(is_plain(path) ? plain : packed, path);
	}
	GPtrArray *files = plain->len > 0 ? plain : packed;
	for (guint i = 0; i < files->len; i++)
		mirror_named_apt(files->pdata[i], MIRROR_MOST_INDEX, note, &naming, NULL);
}

/* Folders of apt's indexes: binary-ARCH, and below it by-hash/SHA256. */
static void walk_apt(const char *top, guint depth, gboolean binary, GHashTable *names)
{
	g_autoptr(GDir) dir = g_dir_open(top, 0, NULL);
	const char *name;

	if (binary)
		note_indexes(top, names);
	while (dir != NULL && depth > 0 && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(top, name, NULL);
		struct stat st;
		if (*name != '.' && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			walk_apt(path, depth - 1, binary || g_str_has_prefix(name, "binary-"), names);
	}
}

static void walk_dnf(const char *top, const char *base, GHashTable *names)
{
	g_autoptr(GDir) dir = g_dir_open(top, 0, NULL);
	struct naming naming = {base, names};
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(top, name, NULL);
		if (strstr(name, "primary.xml") != NULL)
			mirror_named_dnf(path, MIRROR_MOST_INDEX, note, &naming, NULL);
	}
}

/* Components may have slashes in them ("updates/main"), but not many. */
#define DEEPEST 8

void mirror_names_of(const char *dir, const char *directory, const char *base, GHashTable *names)
{
	g_autofree char *top = g_build_filename(dir, directory, NULL);

	if (g_str_has_suffix(directory, "repodata"))
		walk_dnf(top, base, names);
	else
		walk_apt(top, DEEPEST, FALSE, names);
}

/* ---- all of them ---- */

static void each_below(const char *dir, const char *folder, const char *rest, GHashTable *names)
{
	g_autofree char *top = g_build_filename(dir, folder, NULL);
	g_autoptr(GDir) d = g_dir_open(top, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *directory = g_build_filename(folder, name, *rest ? rest : NULL, NULL);
		g_autofree char *base = *rest ? g_strconcat(folder, "/", name, "/", NULL) : g_strdup("");
		if (*name != '.')
			mirror_names_of(dir, directory, base, names);
		if (*name != '.' && strcmp(folder, "dists") == 0)
			mirror_records_names(dir, name, names);
	}
}

GHashTable *mirror_names(const char *dir)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	each_below(dir, "dists", "", names);
	each_below(dir, "rpm", "repodata", names);
	mirror_names_of(dir, "repodata", "", names);
	return names;
}

/* ---- what nothing names any more ---- */

/* "SECONDS PATH" */
static void read_line(const char *line, GHashTable *paths)
{
	char *end = NULL;
	gint64 since = g_ascii_strtoll(line, &end, 10);

	if (end != line && *end == ' ' && download_path_is_safe(end + 1))
		g_hash_table_insert(paths, g_strdup(end + 1), g_memdup2(&since, sizeof since));
}

GHashTable *mirror_retired(const char *dir)
{
	GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *list = g_build_filename(dir, MIRROR_RETIRED, NULL);
	g_autoptr(GBytes) bytes = access(list, F_OK) == 0 ? file_read(list, MOST_RETIRED, NULL) : NULL;
	gsize size = 0;
	const char *at = bytes ? g_bytes_get_data(bytes, &size) : NULL, *end = at ? at + size : NULL;

	while (at < end) {
		const char *newline = memchr(at, '\n', (gsize)(end - at)), *stop = newline ? newline : end;
		g_autofree char *line = g_strndup(at, (gsize)(stop - at));
		read_line(line, paths);
		at = newline ? newline + 1 : end;
	}
	return paths;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static gboolean write_retired(const struct mirror *m, GHashTable *paths, GError **error)
{
	g_autofree char *list = mirror_path(m, MIRROR_RETIRED);
	g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(paths), compare_names);
	g_autoptr(GString) text = g_string_new(NULL);

	for (GList *l = sorted; l != NULL; l = l->next)
		g_string_append_printf(text, "%" G_GINT64_FORMAT " %s\n",
				       *(gint64 *)g_hash_table_lookup(paths, l->data), (char *)l->data);
	if (text->len == 0)
		return unlink(list) == 0 || errno == ENOENT || file_error(error, errno, list, "remove");
	return file_replace(list, text->str, text->len, 0644, error);
}

/* What the suite has from now on, packages and indexes. */
static gboolean is_current(const struct mirror_attempt *a, const char *path)
{
	return g_hash_table_contains(a->wants, path) || g_hash_table_contains(a->names, path);
}

gboolean mirror_retire(const struct mirror_attempt *a, GHashTable *names, GError **error)
{
	g_autoptr(GHashTable) paths = mirror_retired(a->m->dir);
	gint64 now = a->m->options->now;
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!g_hash_table_contains(paths, path))
			g_hash_table_insert(paths, g_strdup(path), g_memdup2(&now, sizeof now));
	g_hash_table_iter_init(&iter, paths);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (is_current(a, path))
			g_hash_table_iter_remove(&iter);
	return write_retired(a->m, paths, error);
}

/* A file and the folders that are empty without it, up to the mirror's top. */
static void remove_file(const char *dir, const char *path, guint *removed)
{
	g_autofree char *full = g_build_filename(dir, path, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	if (unlink(full) < 0)
		return;
	*removed += 1;
	while (strcmp(folder, ".") != 0) {
		g_autofree char *here = g_build_filename(dir, folder, NULL);
		if (rmdir(here) < 0)
			break;
		char *above = g_path_get_dirname(folder);
		g_free(folder);
		folder = above;
	}
}

static gboolean is_there(const struct mirror *m, const char *path)
{
	g_autofree char *full = mirror_path(m, path);

	return access(full, F_OK) == 0;
}

static gboolean is_below(const struct mirror_part *part, const char *path)
{
	gsize n = strlen(part->directory);

	return part->found && strncmp(path, part->directory, n) == 0 && path[n] == '/';
}

/* Indexes of the suite that no reader can be in the middle of any more. Returns whether there were any. */
static gboolean remove_indexes(const struct mirror_attempt *a, GHashTable *paths, guint *removed)
{
	gint64 end = a->m->options->now - TRANSACTION_READER_SECONDS;
	guint before = *removed;
	GHashTableIter iter;
	gpointer path, since;

	g_hash_table_iter_init(&iter, paths);
	while (g_hash_table_iter_next(&iter, &path, &since)) {
		gboolean ours = is_below(&a->dnf, path) || (a->suite != NULL && is_below(&a->apt, path));
		if (ours && *(gint64 *)since < end && !is_current(a, path))
			remove_file(a->m->dir, path, removed);
	}
	return *removed > before;
}

static void remove_packages(const struct mirror *m, GHashTable *paths, guint *removed)
{
	g_autoptr(GHashTable) named = mirror_names(m->dir);
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, paths);
	while (g_hash_table_iter_next(&iter, &path, NULL)) {
		gboolean package = !mirror_is_metadata(path);
		if (package && !g_hash_table_contains(named, path))
			remove_file(m->dir, path, removed);
		if (!is_there(m, path))
			g_hash_table_iter_remove(&iter);
	}
}

guint mirror_clean(const struct mirror_attempt *a)
{
	g_autoptr(GHashTable) paths = mirror_retired(a->m->dir);
	guint removed = 0;

	if (g_hash_table_size(paths) == 0 ||
	    (!remove_indexes(a, paths, &removed) && !a->apt.changed && !a->dnf.changed))
		return 0;
	remove_packages(a->m, paths, &removed);
	write_retired(a->m, paths, NULL);
	return removed;
}
