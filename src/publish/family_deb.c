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

/*
 * The index's bytes, once they are those that the Release file names. Read under the name that no publication changes.
 */
static GBytes *read_index(const struct site *site, const struct release_file *file, GError **error)
{
	g_autofree char *top = family_directory(&family_deb, site);
	g_autofree char *by_hash = release_by_hash(file);
	g_autofree char *path = g_build_filename(top, by_hash, NULL);
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
	generation_add_lasting(next, by_hash, contents);
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

static gboolean render_debs(const struct site *site, GPtrArray *entries, generation *next, release *r, GError **error)
{
	(void)site;
	r->architectures = debindex_architectures(entries);
	for (char **arch = r->architectures; *arch != NULL; arch++)
		if (!add_architecture(r, next, entries, *arch, error))
			return FALSE;
	return TRUE;
}

static GPtrArray *lasting_debs(const struct site *site)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < site->settings->files->len; i++)
		g_ptr_array_add(paths, release_by_hash(site->settings->files->pdata[i]));
	return paths;
}

static void carry_debs(const struct site *site, generation *next, release *r)
{
	r->architectures = g_strdupv(site->settings->architectures);
	for (guint i = 0; i < site->settings->files->len; i++) {
		const struct release_file *file = site->settings->files->pdata[i];
		g_autofree char *by_hash = release_by_hash(file);
		release_add_file(r, file->path, file->sha256, file->size);
		if (next != NULL)
			generation_carry(next, file->path, by_hash);
	}
}

static const char *const last_debs[] = {"Release", "Release.gpg", "InRelease", NULL};

const struct family family_deb = {
	.name = "deb",
	.magic = (const guint8 *)"!<arch>\ndebian-b",
	.magic_size = 16,
	.compare = version_compare_deb,
	.read = read_deb,
	.load = load_debs,
	.directory = "dists/%s",
	.last = last_debs,
	.lasting = lasting_debs,
	.render = render_debs,
	.carry = carry_debs,
};
