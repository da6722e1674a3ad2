/* The states of a suite, and the files that only earlier ones need: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/verify_private.h"

#include <string.h>

#define SHA256_DIGITS 64

static void add_items(struct verify_suite *s, const GPtrArray *items, gboolean removed_only)
{
	for (guint i = 0; i < items->len; i++) {
		const struct state_item *item = items->pdata[i];
		if (!removed_only || !item->added)
			verify_add_package(s, item->family, item->path, item->sha256, item->size);
	}
}

/* The digest that a name is made of: "by-hash/SHA256/DIGEST", "DIGEST-primary.xml.gz". Caller frees; NULL: none. */
static char *digest_in_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	return strspn(name, "0123456789abcdef") == SHA256_DIGITS ? g_strndup(name, SHA256_DIGITS) : NULL;
}

/* An index that was replaced stays a while for readers in the middle; then it may be gone. */
static void check_retired(struct verify_suite *s, const struct state_retired *retired)
{
	g_auto(GStrv) parts = g_strsplit(retired->family->directory, "%s", 2);
	g_autofree char *folder = g_strjoinv(s->name, parts), *path = g_build_filename(folder, retired->path, NULL);
	g_autofree char *sha256 = digest_in_name(path), *full = g_build_filename(s->v->dir, path, NULL);

	if (sha256 == NULL || g_hash_table_contains(s->v->known, path) || !g_file_test(full, G_FILE_TEST_EXISTS))
		return;
	g_autoptr(GBytes) bytes = verify_file(s, path, -1, sha256);
}

/* What the oldest state that is kept removed, no kept state has. */
static void check_state(struct verify_suite *s, const struct site *site, const state *st, gboolean oldest)
{
	g_autofree char *path = chain_path(site, st->number);

	verify_known(s->v, g_strdup(path + strlen(site->dir) + 1));
	add_items(s, st->staged, FALSE);
	if (!oldest)
		add_items(s, st->changes, TRUE);
	for (guint i = 0; i < st->retired->len; i++)
		check_retired(s, st->retired->pdata[i]);
}

/* Whether each state's changes fit those after it, down to the oldest. */
static void check_fit(struct verify_suite *s, const struct site *site, guint64 oldest)
{
	publication p = {.site = *site, .packages = s->entries};
	GError *error = NULL;
	g_autoptr(GHashTable) set = chain_packages(&p, oldest, &error);

	if (set == NULL)
		verify_note_error(s->v, s->name, "history", error);
}

void verify_history(struct verify_suite *s)
{
	struct site site = {.dir = (char *)s->v->dir, .settings = s->settings, .keys = s->v->keys};
	g_autofree char *folder = g_strdup_printf("history/%s", s->name);
	GError *error = NULL;
	g_autoptr(GPtrArray) states = NULL;

	if (s->settings->state_sha256 == NULL)
		return;
	states = chain_load(&site, 0, &error);
	if (states == NULL) {
		verify_note_error(s->v, s->name, folder, error);
		verify_blind_all(s);
		return;
	}
	for (guint i = 0; i < states->len; i++)
		check_state(s, &site, states->pdata[i], i + 1 == states->len);
	if (s->whole)
		check_fit(s, &site, ((const state *)states->pdata[states->len - 1])->number);
}
