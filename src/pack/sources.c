/* Patterns in the `src` of contents: see sources.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/sources.h"
#include "pack/error.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

static gboolean refuse(GError **error, const char *path, const char *why)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s", path, why);
	return FALSE;
}

gboolean sources_is_pattern(const char *text)
{
	return strpbrk(text, "*?[{\\") != NULL;
}

/* ---- braces ---- */

/* The end of the group that opens at `open`: its closing brace; NULL without one. */
static const char *group_end(const char *open)
{
	int depth = 0;

	for (const char *p = open; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '{')
			depth++;
		else if (*p == '}' && --depth == 0)
			return p;
	}
	return NULL;
}

static const char *find_open(const char *p)
{
	for (; *p != '\0' && *p != '{'; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '{' ? p : NULL;
}

/* Appends every pattern without braces that this one stands for. */
static gboolean expand_braces(const char *pattern, GPtrArray *out, GError **error)
{
	const char *open = find_open(pattern), *close = open == NULL ? NULL : group_end(open);
	const char *begin = open == NULL ? NULL : open + 1;
	int depth = 0;

	if (open != NULL && close == NULL)
		return refuse(error, pattern, "'{' without a '}'");
	if (open == NULL) {
		g_ptr_array_add(out, g_strdup(pattern));
		return out->len <= SOURCES_MOST_PATTERNS ||
		       refuse(error, pattern, "the braces stand for too many names");
	}
	for (const char *p = begin; p <= close; p++) {
		if (*p == '\\' && p < close)
			p++;
		else if (*p == '{')
			depth++;
		else if (*p == '}' && p < close)
			depth--;
		else if (p == close || (*p == ',' && depth == 0)) {
			g_autofree char *one = g_strdup_printf("%.*s%.*s%s", (int)(open - pattern), pattern,
							       (int)(p - begin), begin, close + 1);
			if (!expand_braces(one, out, error))
				return FALSE;
			begin = p + 1;
		}
	}
	return TRUE;
}

/* ---- folders ---- */

struct search {
	GHashTable *found; /* char *, a set */
	GError **error;
};

/* The names in a folder, sorted; NULL when it is not one. */
static GPtrArray *names_in(const char *folder, GError **error)
{
	GError *local = NULL;
	g_autoptr(GDir) dir = g_dir_open(*folder == '\0' ? "." : folder, 0, &local);
	const char *name;

	if (dir == NULL && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
	    !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOTDIR)) {
		refuse(error, folder, local->message);
		g_error_free(local);
		return NULL;
	}
	g_clear_error(&local);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	return names;
}

static gboolean search_in(struct search *s, const char *folder, char **parts, int levels);

/* NAME in `folder` matched parts[0]; go on with the rest, or take it. */
static gboolean take(struct search *s, const char *folder, const char *name, char **parts, int levels)
{
	g_autofree char *path = g_strconcat(folder, name, NULL);
	struct stat st;

	if (parts[1] == NULL) {
		if (lstat(path, &st) == 0)
			g_hash_table_add(s->found, g_steal_pointer(&path));
		return TRUE;
	}
	g_autofree char *inside = g_strconcat(path, "/", NULL);
	return search_in(s, inside, parts + 1, levels);
}

/* `**`: the rest of the pattern here, and in every folder below; links to folders are not followed. */
static gboolean search_below(struct search *s, const char *folder, char **parts, int levels)
{
	g_autoptr(GPtrArray) names = NULL;
	static char star[] = "*";
	char *everything[] = {star, NULL};

	while (parts[1] != NULL && g_str_equal(parts[1], "**"))
		parts++;
	if (levels > SOURCES_MOST_LEVELS)
		return refuse(s->error, folder, "** finds folders that are nested too deeply");
	if (!search_in(s, folder, parts[1] == NULL ? everything : parts + 1, levels))
		return FALSE;
	names = names_in(folder, s->error);
	for (guint i = 0; names != NULL && i < names->len; i++) {
		g_autofree char *inside = g_strconcat(folder, names->pdata[i], "/", NULL);
		g_autofree char *path = g_strconcat(folder, names->pdata[i], NULL);
		struct stat st;
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && !search_below(s, inside, parts, levels + 1))
			return FALSE;
	}
	return names != NULL;
}

static gboolean search_in(struct search *s, const char *folder, char **parts, int levels)
{
	g_autoptr(GPtrArray) names = NULL;

	if (g_str_equal(parts[0], "**"))
		return search_below(s, folder, parts, levels);
	if (!sources_is_pattern(parts[0]))
		return take(s, folder, parts[0], parts, levels);
	names = names_in(folder, s->error);
	for (guint i = 0; names != NULL && i < names->len; i++)
		if (fnmatch(parts[0], names->pdata[i], 0) == 0 && !take(s, folder, names->pdata[i], parts, levels))
			return FALSE;
	return names != NULL;
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The folder before the first component with a pattern, with its slash. */
static char *folder_before(const char *pattern)
{
	gsize length = strcspn(pattern, "*?[{\\");

	while (length > 0 && pattern[length - 1] != '/')
		length--;
	return g_strndup(pattern, length);
}

GPtrArray *sources_match(const char *pattern, gsize *stem, GError **error)
{
	g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct search search = {found, error};
	g_autofree char *folder = folder_before(pattern);
	gsize length = strlen(folder);

	*stem = length;
	if (strlen(pattern) > SOURCES_LONGEST) {
		refuse(error, folder, "the pattern is too long");
		return NULL;
	}
	if (!expand_braces(pattern + length, patterns, error))
		return NULL;
	for (guint i = 0; i < patterns->len; i++) {
		g_auto(GStrv) parts = g_strsplit(patterns->pdata[i], "/", -1);
		if (parts[0] != NULL && !search_in(&search, folder, parts, 0))
			return NULL;
	}
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer path;
	g_hash_table_iter_init(&iter, found);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		g_ptr_array_add(paths, g_strdup(path));
	g_ptr_array_sort(paths, by_bytes);
	return paths;
}
