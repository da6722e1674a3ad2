/* The apt family: dists/SUITE and pool/. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/debcontents.h"
#include "publish/debindex.h"
#include "publish/debread.h"
#include "publish/error.h"
#include "publish/family.h"
#include "publish/generation.h"
#include "publish/segments.h"

#include <string.h>

#define MOST_INDEX (1024 * 1024 * 1024)

static entry *read_deb(const struct site *site, intake *in, const char *copy, GError **error)
{
	struct intake_sum sum = {0};
	g_autofree char *names = NULL;
	g_auto(debread) read = {0};

	(void)copy;
	if (!debread_control(in, &read, site->settings->contents ? &names : NULL, error) ||
	    !intake_finish(in, &sum, error))
		return NULL;
	entry *e = debindex_entry(intake_name(in), read.control, &sum, error);
	if (e != NULL) {
		e->record[1] = g_steal_pointer(&names);
		e->templates = read.templates;
	}
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

/* The packages for all architectures are in every index: their own is needed when there is no other. */
static gboolean is_needed(const struct site *site, const char *path)
{
	static const char all[] = RELEASE_COMPONENT "/binary-all/Packages";

	return g_str_has_suffix(path, "/Packages") &&
	       (strcmp(path, all) != 0 || g_strv_length(site->settings->architectures) == 1);
}

static gboolean load_debs(const struct site *site, GPtrArray *entries, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < site->settings->files->len; i++) {
		const struct release_file *file = site->settings->files->pdata[i];
		g_autoptr(GBytes) index = is_needed(site, file->path) ? read_index(site, file, error) : NULL;
		gsize size = 0;
		if (index == NULL && is_needed(site, file->path))
			return FALSE;
		const char *text = index ? g_bytes_get_data(index, &size) : NULL;
		if (index != NULL && !debindex_parse(text, size, seen, entries, error))
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

/* An index as published; NULL if there is none, or it is not as it was signed. */
static GBytes *published_index(const struct site *site, const char *path)
{
	const struct release_file *file = release_find(site->settings, path);

	return file ? read_index(site, file, NULL) : NULL;
}

static const struct stretch_codec *const codecs[] = {&stretch_gzip, &stretch_xz};

static gboolean add_architecture(const struct site *site, release *r, generation *next, const GPtrArray *entries,
				 const char *arch, GError **error)
{
	g_autofree char *plain = g_strdup_printf(RELEASE_COMPONENT "/binary-%s/Packages", arch);
	g_autoptr(segments) s = segments_new(TRUE);

	for (gsize i = 0; i < G_N_ELEMENTS(codecs); i++) {
		g_autofree char *path = g_strconcat(plain, codecs[i]->suffix, NULL);
		g_autoptr(GBytes) published = published_index(site, path);
		segments_into(s, codecs[i], published);
	}
	debindex_write(entries, arch, s);
	if (!segments_finish(s, error))
		return FALSE;
	g_autoptr(GBytes) text = segments_take_text(s);
	add_index(r, next, plain, text);
	for (guint i = 0; i < G_N_ELEMENTS(codecs); i++) {
		g_autofree char *path = g_strconcat(plain, codecs[i]->suffix, NULL);
		g_autoptr(GBytes) contents = segments_file(s, i);
		add_index(r, next, path, contents);
	}
	return TRUE;
}

/* ---- Contents ---- */

/* The packages of the published index that are there no more. */
static GPtrArray *gone_since(GBytes *index, const GPtrArray *entries, const char *arch, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	gsize size = 0;
	const char *text = index ? g_bytes_get_data(index, &size) : "";
	guint there = 0;

	for (guint i = 0; i < entries->len; i++) {
		entry *e = entries->pdata[i];
		there += e->texts != NULL && debindex_has(arch, e) ? 1 : 0;
		if (e->texts != NULL)
			g_hash_table_add(seen, e->path);
	}
	/* debindex_parse passes over what is seen already; without an index nothing is gone. */
	if (index != NULL && there != debindex_count(text, size) && !debindex_parse(text, size, seen, before, error))
		return NULL;
	return g_steal_pointer(&before);
}

/* The Release file must list the uncompressed index, too, or apt does not ask for the other. */
static gboolean add_contents(const struct site *site, release *r, generation *next, const GPtrArray *entries,
			     const char *arch, GError **error)
{
	g_autofree char *path = g_strdup_printf(RELEASE_COMPONENT "/Contents-%s", arch);
	g_autofree char *gz = g_strconcat(path, stretch_gzip.suffix, NULL);
	g_autofree char *packages = g_strdup_printf(RELEASE_COMPONENT "/binary-%s/Packages", arch);
	g_autoptr(GBytes) index = published_index(site, packages);
	/* Without both, it is made of all packages. */
	g_autoptr(GBytes) old = index ? published_index(site, path) : NULL;
	g_autoptr(GBytes) packed = published_index(site, gz);
	g_autoptr(GPtrArray) gone = gone_since(old ? index : NULL, entries, arch, error);
	g_autoptr(segments) s = segments_new(TRUE);

	segments_into(s, &stretch_gzip, packed);
	if (gone == NULL || !debcontents_render(site->dir, entries, gone, arch, old, s, error) ||
	    !segments_finish(s, error))
		return FALSE;
	g_autoptr(GBytes) text = segments_take_text(s);
	g_autoptr(GBytes) contents = segments_file(s, 0);
	add_index(r, next, path, text);
	add_index(r, next, gz, contents);
	return TRUE;
}

static gboolean render_debs(const struct site *site, GPtrArray *entries, generation *next, release *r, GError **error)
{
	r->architectures = debindex_architectures(entries);
	for (char **arch = r->architectures; *arch != NULL; arch++)
		if (!add_architecture(site, r, next, entries, *arch, error) ||
		    (r->contents && !add_contents(site, r, next, entries, *arch, error)))
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

static gboolean carry_debs(const struct site *site, generation *next, release *r, GError **error)
{
	(void)error;
	r->architectures = g_strdupv(site->settings->architectures);
	for (guint i = 0; i < site->settings->files->len; i++) {
		const struct release_file *file = site->settings->files->pdata[i];
		g_autofree char *by_hash = release_by_hash(file);
		release_add_file(r, file->path, file->sha256, file->size);
		if (next != NULL)
			generation_carry(next, file->path, by_hash);
	}
	return TRUE;
}

static const char *const last_debs[] = {"Release", "Release.gpg", "InRelease", NULL};

const struct family family_deb = {
	.name = "deb",
	.magic = (const guint8 *)"!<arch>\ndebian-b",
	.magic_size = 16,
	.compare = version_compare_deb,
	.relations = relations_of_deb,
	.read = read_deb,
	.load = load_debs,
	.directory = "dists/%s",
	.last = last_debs,
	.lasting = lasting_debs,
	.render = render_debs,
	.carry = carry_debs,
};
