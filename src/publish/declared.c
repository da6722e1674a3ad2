/* Declared bases: see declared.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/declared.h"
#include "core/digest.h"
#include "core/file.h"
#include "pack/base_text.h"
#include "publish/error.h"
#include "publish/release.h"
#include "publish/transaction.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_BASE (16 * 1024 * 1024)
#define SHA256_DIGITS 64

gboolean declared_is_word(const char *word)
{
	const char *colon = strchr(word, ':');
	g_autofree char *name = colon ? g_strndup(word, (gsize)(colon - word)) : NULL;

	return colon != NULL && release_is_suite(name) && strspn(colon + 1, "0123456789abcdef") == SHA256_DIGITS &&
	       strlen(colon + 1) == SHA256_DIGITS;
}

char *declared_path(const char *word)
{
	return g_strdup_printf("bases/%.*s.base", (int)strcspn(word, ":"), word);
}

/* ---- by name ---- */

static gboolean add_text(GPtrArray *bases, const char *name, GBytes *text, GError **error)
{
	struct base *b = text ? base_parse(name, text, error) : NULL;

	if (b == NULL)
		return FALSE;
	g_ptr_array_add(bases, b);
	return TRUE;
}

/* Those that come with abide under that name, with or without an architecture. FALSE only with an error. */
static gboolean add_shipped(GPtrArray *bases, const char *name, GError **error)
{
	g_auto(GStrv) names = base_names();
	g_autofree char *prefix = g_strconcat(name, "-", NULL);

	for (char **one = names; *one != NULL; one++) {
		if (strcmp(*one, name) != 0 &&
		    (!g_str_has_prefix(*one, prefix) || strchr(*one + strlen(prefix), '-') != NULL))
			continue;
		g_autoptr(GBytes) text = base_shipped(*one, "");
		if (!add_text(bases, *one, text, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_named(GPtrArray *bases, const char *name, GError **error)
{
	guint before = bases->len;

	if (strchr(name, '/') == NULL && !add_shipped(bases, name, error))
		return FALSE;
	if (bases->len > before)
		return TRUE;
	if (access(name, F_OK) < 0 && strchr(name, '/') == NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: no such file, and no base that comes with abide; see abide base list", name);
		return FALSE;
	}
	g_autoptr(GBytes) text = file_read(name, MOST_BASE, error);
	return add_text(bases, name, text, error);
}

GPtrArray *declared_load(const char *const *names, GError **error)
{
	g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func((GDestroyNotify)base_free);

	for (; *names != NULL; names++)
		if (!add_named(bases, *names, error))
			return NULL;
	return g_steal_pointer(&bases);
}

/* ---- of a repository ---- */

static gboolean check_same(const char *path, const char *text, GError **error)
{
	g_autoptr(GBytes) present = file_read(path, MOST_BASE, error);
	gsize size = 0;
	const void *data = present ? g_bytes_get_data(present, &size) : NULL;

	if (present == NULL)
		return FALSE;
	if (size == strlen(text) && memcmp(data, text, size) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
		    "%s: a base of that name is declared already, which is not the same; take that one away first (abide publish "
		    "base --remove), or give this one another name (abide base capture --name)",
		    path);
	return FALSE;
}

/* Has one written. Returns its word. */
static char *write_base(const char *dir, const struct base *b, struct transaction *t, GError **error)
{
	g_autofree char *name = g_strdup_printf("%s-%s", b->name ? b->name : "", b->arch ? b->arch : "");
	g_autofree char *text = base_text(b), *sha256 = digest_of(DIGEST_SHA256, text, strlen(text));
	g_autofree char *word = g_strconcat(name, ":", sha256, NULL), *relative = declared_path(word);
	g_autofree char *path = g_build_filename(dir, relative, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	if (!declared_is_word(word)) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "base '%s': its name cannot be a file's; give it another one (abide base capture --name)",
			    name);
		return NULL;
	}
	if (access(path, F_OK) < 0)
		transaction_follow(t, relative, bytes);
	else if (!check_same(path, text, error))
		return NULL;
	return g_steal_pointer(&word);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **declared_write(const char *dir, const char *const *names, struct transaction *t, GError **error)
{
	g_autoptr(GPtrArray) bases = declared_load(names, error);
	g_auto(GStrv) words = bases ? g_new0(char *, bases->len + 1) : NULL;

	for (guint i = 0; bases != NULL && i < bases->len; i++)
		if ((words[i] = write_base(dir, bases->pdata[i], t, error)) == NULL)
			return NULL;
	if (words == NULL)
		return NULL;
	qsort(words, bases->len, sizeof *words, compare_words);
	for (guint i = 1; i < bases->len; i++)
		if (strcmp(words[i - 1], words[i]) == 0) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "the base %.*s is named twice",
				    (int)strcspn(words[i], ":"), words[i]);
			return NULL;
		}
	return g_steal_pointer(&words);
}

gboolean declared_is_named(const char *word, const char *name)
{
	const char *end = strchr(word, ':');
	gsize all = (gsize)(end - word), size = strlen(name);

	if (size > all || strncmp(word, name, size) != 0)
		return FALSE;
	return size == all || (word[size] == '-' && memchr(word + size + 1, '-', all - size - 1) == NULL);
}

struct base *declared_read(const char *dir, const char *word, GError **error)
{
	g_autofree char *relative = declared_path(word), *path = g_build_filename(dir, relative, NULL);
	g_autoptr(GBytes) text = file_read(path, MOST_BASE, error);
	gsize size = 0;
	const void *data = text ? g_bytes_get_data(text, &size) : NULL;

	if (text == NULL)
		return NULL;
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);
	if (strcmp(sha256, strchr(word, ':') + 1) == 0)
		return base_parse(path, text, error);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed Release file says %s; it was changed behind abide's back", path,
		    sha256, strchr(word, ':') + 1);
	return NULL;
}
