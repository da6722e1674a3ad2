/* The apt family: dists/SUITE and pool/. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/codec.h"
#include "publish/debindex.h"
#include "publish/debread.h"
#include "publish/error.h"
#include "publish/family.h"
#include "publish/generation.h"

#include <string.h>

#define MOST_INDEX (1024 * 1024 * 1024)

static entry *read_deb(const struct site *site, intake *in, const char *copy, GError **error)
{
	struct intake_sum sum = {0};
	g_autofree char *control = debread_control(in, error);

	(void)site, (void)copy;
	if (control == NULL || !intake_finish(in, &sum, error))
		return NULL;
	entry *e = debindex_entry(intake_name(in), control, &sum, error);
	g_free(sum.sha256);
	return e;
}

/* The index's bytes, once they are those that the Release file names. */
static GBytes *read_index(const struct site *site, const struct release_file *file, GError **error)
{
	g_autofree char *path = g_build_filename(site->dir, "dists", site->settings->suite, file->path, NULL);
	g_autoptr(GBytes) bytes = file_read(path, MOST_INDEX, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);
	if (size == file->size && strcmp(sha256, file->sha256) == 0)
		return g_steal_pointer(&bytes);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed Release file says %s; it was changed behind abide's back", path,
		    sha256, file->sha256);
	return NULL;
}

/* Every listed index is checked; the uncompressed ones are read. */
static gboolean load_debs(const struct site *site, GPtrArray *entries, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < site->settings->files->len; i++) {
		const struct release_file *file = site->settings->files->pdata[i];
		g_autoptr(GBytes) index = read_index(site, file, error);
		gsize size = 0;
		if (index == NULL)
			return FALSE;
		const char *text = g_bytes_get_data(index, &size);
		if (g_str_has_suffix(file->path, "/Packages") && !debindex_parse(text, size, seen, entries, error))
			return FALSE;
	}
	return TRUE;
}

static void add_index(release *r, generation *next, const char *path, GBytes *contents)
{
	gsize size = 0;
	const void *data = g_bytes_get_data(contents, &size);
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);

	release_add_file(r, path, sha256, size);
	const struct release_file *file = release_find(r, path);
	g_autofree char *by_hash = release_by_hash(file);
	generation_add(next, by_hash, contents);
	generation_add(next, path, contents);
}

static gboolean add_architecture(release *r, generation *next, GPtrArray *entries, const char *arch, GError **error)
{
	g_autofree char *plain = g_strdup_printf(RELEASE_COMPONENT "/binary-%s/Packages", arch);
	g_autofree char *gz = g_strconcat(plain, ".gz", NULL);
	g_autofree char *xz = g_strconcat(plain, ".xz", NULL);
	g_autoptr(GBytes) text = debindex_text(entries, arch);
	g_autoptr(GBytes) gz_bytes = codec_encode(CODEC_GZIP, text, error);
	g_autoptr(GBytes) xz_bytes = gz_bytes ? codec_encode(CODEC_XZ, text, error) : NULL;

	if (xz_bytes == NULL)
		return FALSE;
	add_index(r, next, plain, text);
	add_index(r, next, gz, gz_bytes);
	add_index(r, next, xz, xz_bytes);
	return TRUE;
}

/* The same settings, a new date, and the indexes of these entries. */
static release *next_release(const struct site *site, GPtrArray *entries, generation *next, GError **error)
{
	g_autoptr(release) r = release_new();
	const release *old = site->settings;

	r->origin = g_strdup(old->origin);
	r->label = g_strdup(old->label);
	r->suite = g_strdup(old->suite);
	r->codename = g_strdup(old->codename);
	r->signed_by = g_strdup(old->signed_by);
	r->valid_days = old->valid_days;
	r->date = site->when;
	r->architectures = debindex_architectures(entries);
	for (char **arch = r->architectures; *arch != NULL; arch++)
		if (!add_architecture(r, next, entries, *arch, error))
			return NULL;
	return g_steal_pointer(&r);
}

static gboolean add_signed(const struct site *site, const release *r, generation *next, GError **error)
{
	char *text = release_text(r);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
	g_autoptr(GBytes) detached = keyring_sign(site->keys, bytes, KEYRING_DETACHED, error);
	g_autoptr(GBytes) clear = detached ? keyring_sign(site->keys, bytes, KEYRING_CLEAR, error) : NULL;

	if (clear == NULL)
		return FALSE;
	generation_add(next, "Release", bytes);
	generation_add(next, "Release.gpg", detached);
	generation_add(next, "InRelease", clear);
	return TRUE;
}

static gboolean publish_debs(const struct site *site, GPtrArray *entries, GError **error)
{
	g_autofree char *dists = g_build_filename(site->dir, "dists", site->settings->suite, NULL);
	g_autoptr(generation) next = generation_new();
	g_autoptr(release) r = next_release(site, entries, next, error);

	if (r == NULL || !add_signed(site, r, next, error))
		return FALSE;
	for (guint i = 0; i < site->settings->files->len; i++) {
		g_autofree char *by_hash = release_by_hash(site->settings->files->pdata[i]);
		generation_keep(next, by_hash);
	}
	return generation_publish(next, dists, error);
}

const struct family family_deb = {
	.name = "deb",
	.magic = (const guint8 *)"!<arch>\ndebian-b",
	.magic_size = 16,
	.compare = version_compare_deb,
	.read = read_deb,
	.load = load_debs,
	.relations = relations_of_deb,
	.publish = publish_debs,
};
