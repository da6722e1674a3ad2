/* What a publication is about to do: see journal.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/journal.h"
#include "core/file.h"
#include "publish/deb822.h"
#include "publish/error.h"
#include "publish/generation.h"
#include "publish/release.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_JOURNAL (64 * 1024)
#define SHA256_DIGITS 64

static const char *const folders[] = {"keys/", "bases/"};

journal *journal_new(const char *suite, guint64 state)
{
	journal *j = g_new0(journal, 1);

	j->suite = g_strdup(suite);
	j->state = state;
	j->follows = g_ptr_array_new_with_free_func(g_free);
	return j;
}

void journal_free(journal *j)
{
	if (j == NULL)
		return;
	g_free(j->suite);
	g_free(j->repomd_signature);
	g_ptr_array_unref(j->follows);
	g_free(j);
}

/* ---- its text ---- */

static char *text_of(const journal *j)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "Suite: %s\nState: %" G_GUINT64_FORMAT "\n", j->suite, j->state);
	if (j->repomd_signature != NULL)
		g_string_append_printf(text, "Repomd-Signature: %s\n", j->repomd_signature);
	if (j->follows->len > 0)
		g_string_append(text, "Follows:");
	for (guint i = 0; i < j->follows->len; i++)
		g_string_append_printf(text, " %s", (const char *)j->follows->pdata[i]);
	if (j->follows->len > 0)
		g_string_append_c(text, '\n');
	return g_string_free(text, FALSE);
}

static gboolean may_follow(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		const char *name = g_str_has_prefix(path, folders[i]) ? path + strlen(folders[i]) : NULL;
		if (name != NULL && *name != '\0' && *name != '.' && strchr(name, '/') == NULL)
			return TRUE;
	}
	return FALSE;
}

static gboolean take_follows(journal *j, const char *value)
{
	g_auto(GStrv) paths = g_strsplit(value, " ", -1);

	for (char **path = paths; *path != NULL; path++) {
		if (!may_follow(*path))
			return FALSE;
		g_ptr_array_add(j->follows, g_strdup(*path));
	}
	return TRUE;
}

static journal *from_fields(const struct deb822 *d)
{
	g_autofree char *suite = deb822_get(d, "Suite"), *number = deb822_get(d, "State");
	g_autofree char *signature = deb822_get(d, "Repomd-Signature"), *follows = deb822_get(d, "Follows");
	guint64 state = 0;

	if (suite == NULL || !release_is_suite(suite) || number == NULL ||
	    !g_ascii_string_to_unsigned(number, 10, 1, RELEASE_MOST_STATES, &state, NULL))
		return NULL;
	g_autoptr(journal) j = journal_new(suite, state);
	if (follows != NULL && !take_follows(j, follows))
		return NULL;
	if (signature != NULL &&
	    (strlen(signature) != SHA256_DIGITS || strspn(signature, "0123456789abcdef") != SHA256_DIGITS))
		return NULL;
	j->repomd_signature = g_steal_pointer(&signature);
	return g_steal_pointer(&j);
}

journal *journal_parse(const char *name, const char *text, gsize size, GError **error)
{
	g_auto(deb822) d = {0};
	const char *cursor = text;

	if (!deb822_next(&d, &cursor, text + size, error)) {
		g_prefix_error(error, "%s: ", name);
		return NULL;
	}
	journal *j = from_fields(&d);
	if (j == NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: not as abide writes it; if abide publish verify finds no error but this file, remove it",
			    name);
	return j;
}

/* ---- its file ---- */

gboolean journal_write(const journal *j, const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, JOURNAL_FILE, NULL), *text = text_of(j);

	return file_replace(path, text, strlen(text), 0644, error);
}

gboolean journal_read(const char *dir, journal **j, GError **error)
{
	g_autofree char *path = g_build_filename(dir, JOURNAL_FILE, NULL);
	gsize size = 0;

	*j = NULL;
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return TRUE;
	g_autoptr(GBytes) bytes = file_read(path, MOST_JOURNAL, error);
	if (bytes == NULL)
		return FALSE;
	const char *text = g_bytes_get_data(bytes, &size);
	*j = journal_parse(path, text ? text : "", size, error);
	return *j != NULL;
}

void journal_remove(const char *dir)
{
	g_autofree char *path = g_build_filename(dir, JOURNAL_FILE, NULL);

	unlink(path);
}

/* ---- files that follow ---- */

char *journal_waiting(const char *dir, const char *path)
{
	g_autofree char *full = g_build_filename(dir, path, NULL);

	return generation_hidden(full);
}

gboolean journal_complete(const journal *j, const char *dir, GError **error)
{
	for (guint i = 0; i < j->follows->len; i++) {
		g_autofree char *waiting = journal_waiting(dir, j->follows->pdata[i]);
		g_autofree char *path = g_build_filename(dir, j->follows->pdata[i], NULL);
		g_autofree char *folder = g_path_get_dirname(path);
		if (rename(waiting, path) < 0 && errno != ENOENT)
			return file_error(error, errno, path, "write");
		if (!generation_sync(folder, error))
			return FALSE;
	}
	return TRUE;
}

void journal_abandon(const journal *j, const char *dir)
{
	for (guint i = 0; i < j->follows->len; i++) {
		g_autofree char *waiting = journal_waiting(dir, j->follows->pdata[i]), *folder = g_path_get_dirname(waiting);
		unlink(waiting);
		rmdir(folder); /* if it was made for this */
	}
}
