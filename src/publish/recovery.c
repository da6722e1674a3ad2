/* What a crash left of a publication: see recovery.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/recovery.h"
#include "core/digest.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/journal.h"
#include "publish/prune.h"
#include "publish/publication.h"

#include <string.h>
#include <unistd.h>

#define MOST_REPOMD (1024 * 1024)

static gboolean has_file(const char *directory, const char *name, const char *sha256)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GBytes) bytes = file_read(path, MOST_REPOMD, NULL);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *found = bytes ? digest_of(DIGEST_SHA256, data, size) : NULL;

	return g_strcmp0(found, sha256) == 0;
}

gboolean recovery_has_repomd(const char *directory, const char *sha256)
{
	return has_file(directory, "repomd.xml", sha256);
}

/* repomd.xml names everything else, but for its signature. signature: NULL if repomd.xml tells. */
static gboolean is_whole(const char *directory, const char *repomd, const char *signature)
{
	return has_file(directory, "repomd.xml", repomd) &&
	       (signature == NULL || has_file(directory, "repomd.xml.asc", signature));
}

/* The rpms' metadata is that of the signed state, or becomes it. */
static gboolean complete(const struct site *site, const char *signature, GError **error)
{
	const char *sha256 = site->settings->repomd_sha256;
	g_autofree char *directory = family_directory(&family_rpm, site);
	g_autofree char *hidden = generation_hidden(directory);

	if (sha256 == NULL || is_whole(directory, sha256, signature))
		return TRUE;
	if (is_whole(hidden, sha256, signature))
		return generation_commit(directory, family_rpm.last, error);
	if (has_file(directory, "repomd.xml", sha256))
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s/repomd.xml: its SHA-256 is not the one that is signed, %s; it was changed behind abide's back",
		    directory, sha256);
	return FALSE;
}

static void remove_temporaries(const char *dir, const char *folder)
{
	g_autofree char *full = g_build_filename(dir, folder, NULL);

	file_remove_temporaries(full);
}

static void discard_hidden(const struct site *site)
{
	for (gsize i = 0; i < FAMILIES; i++) {
		g_autofree char *directory = family_directory(families[i], site);
		generation_discard(directory);
	}
}

/* ---- by the journal ---- */

/* A state that was never published. Of a suite that never was, its folders go, too, where they are empty. */
static void remove_unpublished(const struct site *site, guint64 number, gboolean suite)
{
	g_autofree char *path = chain_path(site, number), *history = g_path_get_dirname(path);
	g_autofree char *repodata = family_directory(&family_rpm, site), *rpms = g_path_get_dirname(repodata);

	unlink(path);
	if (suite)
		return;
	rmdir(history);
	rmdir(rpms);
}

static gboolean finish(const struct site *site, const journal *j, gboolean suite, GError **error)
{
	static const char *const folders[] = {"keys", "bases"};
	g_autofree char *history = g_build_filename("history", j->suite, NULL);
	gboolean published = suite && site->settings->state >= j->state;

	if (published && (!complete(site, j->repomd_signature, error) || !journal_complete(j, site->dir, error)))
		return FALSE;
	discard_hidden(site);
	remove_temporaries(site->dir, history);
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		remove_temporaries(site->dir, folders[i]);
	if (!published) {
		journal_abandon(j, site->dir);
		remove_unpublished(site, j->state, suite);
	}
	if (!prune_again(site, suite, error) || !publication_sweep_bases(site, error))
		return FALSE;
	journal_remove(site->dir);
	return TRUE;
}

/* own: the settings of a suite, if they are known already; NULL: none are. */
static gboolean settle_journal(const char *dir, keyring *keys, release *own, GError **error)
{
	g_autoptr(journal) j = NULL;
	g_autoptr(release) other = NULL;

	if (!journal_read(dir, &j, error))
		return FALSE;
	if (j == NULL)
		return TRUE;
	struct site site = {.dir = (char *)dir, .keys = keys, .settings = own};
	if (own != NULL && strcmp(own->suite, j->suite) == 0)
		return finish(&site, j, TRUE, error);
	g_autofree char *inrelease = g_build_filename(dir, "dists", j->suite, "InRelease", NULL);
	gboolean suite = access(inrelease, F_OK) == 0;
	other = suite ? publication_settings_of(keys, dir, j->suite, error) : release_new();
	if (other == NULL)
		return FALSE;
	if (!suite)
		other->suite = g_strdup(j->suite);
	site.settings = other;
	return finish(&site, j, suite, error);
}

gboolean recovery_settle_any(const char *dir, keyring *keys, GError **error)
{
	remove_temporaries(dir, "");
	return settle_journal(dir, keys, NULL, error);
}

gboolean recovery_settle(const struct site *site, GError **error)
{
	g_autofree char *staging = g_build_filename(site->dir, PUBLICATION_STAGING, NULL);

	remove_temporaries(site->dir, "");
	if (!settle_journal(site->dir, site->keys, site->settings, error) || !complete(site, NULL, error))
		return FALSE;
	discard_hidden(site);
	return generation_remove_tree(staging, error);
}
