/* Public headers as files: see publics.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/publics.h"
#include "inspect/facts.h"
#include "inspect/language.h"

#include <stdlib.h>
#include <string.h>

/* What publics.answers has; 0 is no answer yet. */
enum answer {
	OTHER = 1,
	PUBLIC,
};

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The real path, or what was given when there is none. Caller frees. */
static char *real_path(const char *path)
{
	char *resolved = realpath(path, NULL);
	char *copy = g_strdup(resolved ? resolved : path);

	free(resolved);
	return copy;
}

static void add_folder(GPtrArray *folders, const char *path)
{
	g_autofree char *real = real_path(path);

	g_ptr_array_add(folders, g_strconcat(real, g_str_has_suffix(real, "/") ? "" : "/", NULL));
}

static void add_file(struct publics *p, const char *path, gboolean from_folder)
{
	char *file = g_canonicalize_filename(path, NULL);

	g_ptr_array_add(p->files, file);
	g_hash_table_add(p->real, real_path(file));
	if (from_folder)
		g_hash_table_add(p->from_folder, g_strdup(file));
}

/* Adds every header below a folder, sorted, so that the same folder compiles the same way everywhere. */
static void add_below(struct publics *p, const char *path)
{
	g_autoptr(GPtrArray) inside = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);

	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
		g_ptr_array_add(inside, g_build_filename(path, name, NULL));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(inside, compare_text);
	for (guint i = 0; i < inside->len; i++) {
		const char *entry = inside->pdata[i];
		gboolean is_link = g_file_test(entry, G_FILE_TEST_IS_SYMLINK);
		gboolean is_dir = g_file_test(entry, G_FILE_TEST_IS_DIR);
		if (is_dir && !is_link)
			add_below(p, entry);
		else if (!is_dir && language_is_header(entry))
			add_file(p, entry, TRUE);
	}
}

static gboolean add_path(struct publics *p, const char *path, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		add_folder(p->folders, path);
		add_below(p, path);
		return TRUE;
	}
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS, "%s: no such header or folder", path);
		return FALSE;
	}
	g_autofree char *folder = g_path_get_dirname(path);
	add_folder(p->beside, folder);
	add_file(p, path, FALSE);
	return TRUE;
}

/* Adds the first folder of every "NAME/..." or <NAME/...> that a text includes. */
static void note_included(GHashTable *names, const char *text)
{
	for (const char *at = text; (at = strstr(at, "include")) != NULL;) {
		at += strlen("include");
		const char *name = at + strspn(at, " \t");
		gsize length = *name == '<' || *name == '"' ? strcspn(name + 1, "/<>\"\n") : 0;
		if (length > 0 && name[1 + length] == '/')
			g_hash_table_add(names, g_strndup(name + 1, length));
	}
}

static GHashTable *included_folders(const struct publics *p)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < p->files->len; i++) {
		g_autofree char *text = NULL;
		if (g_file_get_contents(p->files->pdata[i], &text, NULL, NULL))
			note_included(names, text);
	}
	return names;
}

static void add_search(struct publics *p, char *folder)
{
	if (g_ptr_array_find_with_equal_func(p->search, folder, g_str_equal, NULL))
		g_free(folder);
	else
		g_ptr_array_add(p->search, folder);
}

/*
 * The folders themselves; and for a folder foo of headers that are included as <foo/bar.h>, the folder above, or those of
 * an installed release would be found in the place of these.
 */
static void find_search(struct publics *p)
{
	g_autoptr(GHashTable) included = included_folders(p);
	g_autofree char *last = NULL;

	for (const char *const *path = p->paths; *path != NULL; path++) {
		const char *bare = language_path(*path);
		add_search(p, g_file_test(bare, G_FILE_TEST_IS_DIR) ? g_strdup(bare) : g_path_get_dirname(bare));
	}
	for (guint i = 0; i < p->files->len; i++) {
		g_autofree char *folder = g_path_get_dirname(p->files->pdata[i]), *name = g_path_get_basename(folder);
		if (g_strcmp0(folder, last) != 0 && g_hash_table_contains(included, name))
			add_search(p, g_path_get_dirname(folder));
		g_free(last);
		last = g_steal_pointer(&folder);
	}
}

gboolean publics_collect(struct publics *p, GError **error)
{
	p->files = g_ptr_array_new_with_free_func(g_free);
	p->folders = g_ptr_array_new_with_free_func(g_free);
	p->beside = g_ptr_array_new_with_free_func(g_free);
	p->from_folder = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->real = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->search = g_ptr_array_new_with_free_func(g_free);
	p->system = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (const char *const *path = p->paths; *path != NULL; path++)
		if (!add_path(p, language_path(*path), error))
			return FALSE;
	p->is_cxx = language_is_cxx(p->paths, p->files);
	find_search(p);
	if (p->files->len > 0)
		return TRUE;
	g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS, "%s: no header in it", p->paths[0] ? p->paths[0] : "");
	return FALSE;
}

static gboolean find_in_folder(const struct publics *p, const char *file, guint *index)
{
	return g_hash_table_contains(p->from_folder, file) &&
	       g_ptr_array_find_with_equal_func(p->files, file, g_str_equal, index);
}

void publics_leave_out(struct publics *p, const char *file)
{
	guint index;

	if (find_in_folder(p, file, &index))
		g_ptr_array_remove_index(p->files, index);
}

void publics_postpone(struct publics *p, const char *file)
{
	guint index;

	if (find_in_folder(p, file, &index))
		g_ptr_array_add(p->files, g_ptr_array_steal_index(p->files, index));
}

static gboolean is_below(const GPtrArray *folders, const char *real)
{
	for (guint i = 0; i < folders->len; i++)
		if (g_str_has_prefix(real, folders->pdata[i]))
			return TRUE;
	return FALSE;
}

static int find_answer(struct publics *p, const char *path, gboolean is_system)
{
	g_autofree char *real = real_path(path);

	if (g_hash_table_contains(p->real, real) || is_below(p->folders, real))
		return PUBLIC;
	if (is_system)
		g_hash_table_add(p->system, g_strdup(real));
	return is_below(p->beside, real) && !g_hash_table_contains(p->system, real) ? PUBLIC : OTHER;
}

gboolean publics_has(struct publics *p, const char *path, gboolean is_system)
{
	int answer = GPOINTER_TO_INT(g_hash_table_lookup(p->answers, path));

	if (answer == 0) {
		answer = find_answer(p, path, is_system);
		g_hash_table_insert(p->answers, g_strdup(path), GINT_TO_POINTER(answer));
	}
	return answer == PUBLIC;
}

void publics_clear(struct publics *p)
{
	g_clear_pointer(&p->files, g_ptr_array_unref);
	g_clear_pointer(&p->folders, g_ptr_array_unref);
	g_clear_pointer(&p->beside, g_ptr_array_unref);
	g_clear_pointer(&p->from_folder, g_hash_table_unref);
	g_clear_pointer(&p->real, g_hash_table_unref);
	g_clear_pointer(&p->search, g_ptr_array_unref);
	g_clear_pointer(&p->system, g_hash_table_unref);
	g_clear_pointer(&p->answers, g_hash_table_unref);
}
