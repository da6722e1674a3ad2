/* Signatures made on another machine: see elsewhere.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/elsewhere.h"
#include "core/digest.h"
#include "core/file.h"
#include "publish/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define STATE "state"
#define RELEASE "Release"
#define REPOMD "repomd.xml"

#define MOST_TEXT (64 * 1024 * 1024)

const struct elsewhere_signature elsewhere_signatures[] = {
	{RELEASE, "InRelease", KEYRING_CLEAR},
	{RELEASE, "Release.gpg", KEYRING_DETACHED},
	{REPOMD, "repomd.xml.asc", KEYRING_REPOMD},
	{NULL, NULL, 0},
};

static GBytes *read_file(const char *folder, const char *name, gsize most, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return file_read(path, most, error);
}

static gboolean write_file(const char *folder, const char *name, GBytes *contents, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	gsize size = 0;
	const void *data = g_bytes_get_data(contents, &size);

	return file_replace(path, data, size, 0644, error);
}

static char *sha256_of(GBytes *bytes)
{
	gsize size = 0;
	const void *data = g_bytes_get_data(bytes, &size);

	return digest_of(DIGEST_SHA256, data, size);
}

static const struct elsewhere_signature *find_signature(const char *path)
{
	for (const struct elsewhere_signature *s = elsewhere_signatures; s->text != NULL; s++)
		if (strcmp(s->path, path) == 0)
			return s;
	g_error("%s: a signature that cannot be made elsewhere", path);
}

/* ---- there ---- */

static gboolean remove_earlier(const char *folder, GError **error)
{
	static const char *const names[] = {STATE, RELEASE, REPOMD, "InRelease", "Release.gpg", "repomd.xml.asc"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		if (unlink(path) < 0 && errno != ENOENT)
			return file_error(error, errno, path, "remove");
	}
	return TRUE;
}

gboolean elsewhere_write(const char *folder, generation *const *generations, gsize n, const char *state_file,
			 GError **error)
{
	g_autoptr(GBytes) state = g_bytes_new_static(state_file, strlen(state_file));

	if (!file_make_dirs(folder, error) || !remove_earlier(folder, error))
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		const GPtrArray *signatures = generations[i] ? generation_signatures(generations[i]) : NULL;
		for (guint j = 0; signatures != NULL && j < signatures->len; j++) {
			const struct generation_signature *s = signatures->pdata[j];
			if (!write_file(folder, find_signature(s->path)->text, s->text, error))
				return FALSE;
		}
	}
	return write_file(folder, STATE, state, error);
}

static gboolean has(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return access(path, F_OK) == 0;
}

gboolean elsewhere_is(const char *folder)
{
	return has(folder, STATE) && has(folder, RELEASE);
}

void elsewhere_free(struct elsewhere *e)
{
	if (e == NULL)
		return;
	release_free(e->release);
	state_free(e->state);
	g_free(e);
}

static gboolean check_digest(const char *folder, const char *name, GBytes *bytes, const char *expected, GError **error)
{
	g_autofree char *found = sha256_of(bytes);

	if (g_strcmp0(found, expected) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s/%s: its SHA-256 is %s, the Release file beside it says %s; prepare it again", folder, name,
		    found, expected ? expected : "nothing");
	return FALSE;
}

elsewhere *elsewhere_read(const char *folder, GError **error)
{
	g_autoptr(elsewhere) e = g_new0(elsewhere, 1);
	g_autoptr(GBytes) text = read_file(folder, RELEASE, MOST_TEXT, error);
	g_autoptr(GBytes) file = text ? read_file(folder, STATE, MOST_TEXT, error) : NULL;
	g_autofree char *name = g_build_filename(folder, STATE, NULL);
	gsize size = 0;

	if (file == NULL)
		return NULL;
	const char *data = g_bytes_get_data(text, &size);
	e->release = release_parse(data, size, error);
	if (e->release == NULL) {
		g_prefix_error(error, "%s: ", folder);
		return NULL;
	}
	if (!check_digest(folder, STATE, file, e->release->state_sha256, error))
		return NULL;
	data = g_bytes_get_data(file, &size);
	e->state = state_parse(name, data, size, error);
	e->has_repomd = has(folder, REPOMD);
	if (e->state == NULL || !e->has_repomd)
		return e->state ? g_steal_pointer(&e) : NULL;
	g_autoptr(GBytes) repomd = read_file(folder, REPOMD, MOST_TEXT, error);
	return repomd && check_digest(folder, REPOMD, repomd, e->release->repomd_sha256, error) ? g_steal_pointer(&e)
												: NULL;
}

gboolean elsewhere_sign(const char *folder, const elsewhere *e, keyring *keys, GError **error)
{
	if (!keyring_choose_all(keys, (const char *const *)e->release->signed_by, error))
		return FALSE;
	for (const struct elsewhere_signature *s = elsewhere_signatures; s->text != NULL; s++) {
		if (!e->has_repomd && strcmp(s->text, REPOMD) == 0)
			continue;
		g_autoptr(GBytes) text = read_file(folder, s->text, MOST_TEXT, error);
		g_autoptr(GBytes) signature = text ? keyring_sign(keys, text, s->kind, error) : NULL;
		if (signature == NULL || !write_file(folder, s->path, signature, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- and back ---- */

static gboolean check_text(const char *folder, const char *name, GBytes *now, GError **error)
{
	g_autoptr(GBytes) prepared = read_file(folder, name, MOST_TEXT, error);

	if (prepared == NULL)
		return FALSE;
	if (g_bytes_equal(prepared, now))
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_STALE,
		    "%s/%s: not what this command publishes; give it the same packages and options as when it was "
		    "prepared, or prepare it again",
		    folder, name);
	return FALSE;
}

static GBytes *take_one(const char *folder, const struct generation_signature *s, keyring *keys,
			const char *const *fingerprints, GError **error)
{
	const struct elsewhere_signature *where = find_signature(s->path);
	g_autoptr(GBytes) file = NULL;

	if (!check_text(folder, where->text, s->text, error) ||
	    (file = read_file(folder, where->path, MOST_TEXT, error)) == NULL)
		return NULL;
	GBytes *signature = keyring_accept(keys, file, s->text, s->kind, fingerprints, error);
	if (signature == NULL)
		g_prefix_error(error, "%s/%s: ", folder, where->path);
	return signature;
}

gboolean elsewhere_take(const char *folder, generation *g, keyring *keys, const char *const *fingerprints,
			GError **error)
{
	const GPtrArray *signatures = generation_signatures(g);

	for (guint i = 0; i < signatures->len; i++) {
		const struct generation_signature *s = signatures->pdata[i];
		g_autoptr(GBytes) signature = take_one(folder, s, keys, fingerprints, error);
		if (signature == NULL)
			return FALSE;
		generation_add(g, s->path, signature);
	}
	return TRUE;
}
