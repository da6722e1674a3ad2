/* The dnf family: rpm/SUITE/repodata and rpm/SUITE/Packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/codec.h"
#include "publish/createrepo.h"
#include "publish/error.h"
#include "publish/family.h"
#include "publish/generation.h"
#include "publish/repomd.h"
#include "publish/rpmindex.h"
#include "publish/rpmread.h"

#include <string.h>

#define MOST_INDEX (1024 * 1024 * 1024)
#define MOST_REPOMD (1024 * 1024)

static entry *read_rpm(const struct site *site, intake *in, const char *copy, GError **error)
{
	struct rpmread proof = {0};

	GBytes *keys = keyring_certificate(site->keys, (const char *const *)site->settings->signed_by, error);

	if (keys == NULL || createrepo_load(error) == NULL || !rpmread_check(in, keys, &proof, error))
		return NULL;
	entry *e = rpmindex_entry(intake_name(in), copy, site->settings->suite, &proof, error);
	g_free(proof.sum.sha256);
	return e;
}

/*
 * A file of the published metadata that has this SHA-256. Between the two steps by which a publication appears, and
 * after a crash there, it is in the hidden directory; the third look is for the case that it moved meanwhile.
 */
static GBytes *find_file(const struct site *site, const char *name, const char *sha256, gsize most, GError **error)
{
	g_autofree char *directory = family_directory(&family_rpm, site);
	g_autofree char *hidden = generation_hidden(directory);
	const char *const places[] = {directory, hidden, directory};
	g_autofree char *found = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(places[i], name, NULL);
		g_autoptr(GBytes) bytes = file_read(path, most, i == 2 && found == NULL ? error : NULL);
		gsize size = 0;
		const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		g_autofree char *digest = bytes ? digest_of(DIGEST_SHA256, data, size) : NULL;
		if (g_strcmp0(digest, sha256) == 0)
			return g_steal_pointer(&bytes);
		if (digest != NULL && found == NULL)
			found = g_steal_pointer(&digest);
	}
	if (found != NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s/%s: its SHA-256 is %s, what is signed says %s; it was changed behind abide's back",
			    directory, name, found, sha256);
	return NULL;
}

/* In a suite made before there were states, the Release file says nothing of it: its own signature counts. */
static GBytes *read_signed(const struct site *site, GError **error)
{
	g_autofree char *directory = family_directory(&family_rpm, site);
	g_autofree char *path = g_build_filename(directory, "repomd.xml", NULL);
	g_autofree char *asc = g_strconcat(path, ".asc", NULL);
	g_autoptr(GBytes) text = file_read(path, MOST_REPOMD, error);
	g_autoptr(GBytes) signature = text ? file_read(asc, MOST_REPOMD, error) : NULL;

	if (signature == NULL)
		return NULL;
	if (keyring_verify_detached(site->keys, text, signature,
				    (const char *const *)site->settings->signed_by, error))
		return g_steal_pointer(&text);
	g_prefix_error(error, "%s: ", path);
	return NULL;
}

static repomd *load_repomd(const struct site *site, GError **error)
{
	const char *sha256 = site->settings->repomd_sha256;
	g_autoptr(GBytes) text =
		sha256 ? find_file(site, "repomd.xml", sha256, MOST_REPOMD, error) : read_signed(site, error);
	repomd *r = text ? repomd_parse(text, error) : NULL;

	if (text != NULL && r == NULL)
		g_prefix_error(error, "rpm/%s/repodata/repomd.xml: ", site->settings->suite);
	return r;
}

/* The file's name in repodata/. */
static const char *name_of(const struct repomd_file *file)
{
	return file->href + strlen("repodata/");
}

static GBytes *load_part(const struct site *site, const struct repomd_file *file, GError **error)
{
	g_autoptr(GBytes) bytes = find_file(site, name_of(file), file->sha256, MOST_INDEX, error);
	GBytes *text = bytes ? codec_decode(bytes, MOST_INDEX, error) : NULL;

	if (bytes != NULL && text == NULL)
		g_prefix_error(error, "rpm/%s/%s: ", site->settings->suite, file->href);
	return text;
}

static gboolean load_rpms(const struct site *site, GPtrArray *entries, GError **error)
{
	g_autoptr(repomd) r = load_repomd(site, error);
	GBytes *parts[RPMINDEX_PARTS] = {NULL};
	gboolean ok = r != NULL;

	for (gsize i = 0; ok && i < RPMINDEX_PARTS; i++)
		ok = (parts[i] = load_part(site, &r->files[i], error)) != NULL;
	ok = ok && rpmindex_parse(parts, site->settings->suite, entries, error);
	for (gsize i = 0; i < RPMINDEX_PARTS; i++)
		g_clear_pointer(&parts[i], g_bytes_unref);
	return ok;
}

/* The file as it was published before, to copy stretches from; NULL: there is none, or not as it was signed. */
static GBytes *published_part(const struct site *site, const repomd *old, enum rpmindex_part part)
{
	const struct repomd_file *file = old ? &old->files[part] : NULL;

	return file ? find_file(site, name_of(file), file->sha256, MOST_INDEX, NULL) : NULL;
}

static gboolean add_part(const struct site *site, const repomd *old, repomd *md, generation *next,
			 const GPtrArray *entries, enum rpmindex_part part, GError **error)
{
	g_autoptr(segments) s = segments_new(FALSE);
	g_autoptr(GBytes) published = published_part(site, old, part);
	const struct stretch_codec *codec = site->settings->zstd ? &stretch_zstd : &stretch_gzip;

	segments_into(s, codec, published);
	rpmindex_write(entries, part, s);
	if (!segments_finish(s, error))
		return FALSE;
	g_autoptr(GBytes) packed = segments_file(s, 0);
	repomd_set(md, part, codec->suffix, segments_sha256(s), segments_size(s), packed);
	generation_add_lasting(next, name_of(&md->files[part]), packed);
	return TRUE;
}

static gboolean render_rpms(const struct site *site, GPtrArray *entries, generation *next, release *r, GError **error)
{
	g_autoptr(repomd) md = repomd_new(), old = load_repomd(site, NULL);
	gsize size = 0;

	for (guint part = 0; part < RPMINDEX_PARTS; part++)
		if (!add_part(site, old, md, next, entries, part, error))
			return FALSE;
	g_autoptr(GBytes) text = repomd_text(md, site->when, error);
	if (text == NULL)
		return FALSE;
	generation_add(next, "repomd.xml", text);
	generation_add_signature(next, "repomd.xml.asc", text, KEYRING_REPOMD);
	const void *data = g_bytes_get_data(text, &size);
	r->repomd_sha256 = digest_of(DIGEST_SHA256, data, size);
	return TRUE;
}

static GPtrArray *lasting_rpms(const struct site *site)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(repomd) md = load_repomd(site, NULL); /* what cannot be read has no readers */

	for (gsize i = 0; md != NULL && i < RPMINDEX_PARTS; i++)
		g_ptr_array_add(paths, g_strdup(name_of(&md->files[i])));
	return paths;
}

static gboolean carry_rpms(const struct site *site, generation *next, release *r, GError **error)
{
	r->repomd_sha256 = g_strdup(site->settings->repomd_sha256);
	if (next == NULL)
		return TRUE;
	g_autoptr(GBytes) text = find_file(site, "repomd.xml", r->repomd_sha256, MOST_REPOMD, error);
	g_autoptr(repomd) md = text ? repomd_parse(text, error) : NULL;
	if (md == NULL)
		return FALSE;
	for (gsize i = 0; i < RPMINDEX_PARTS; i++)
		generation_carry(next, name_of(&md->files[i]), name_of(&md->files[i]));
	generation_add(next, "repomd.xml", text);
	generation_add_signature(next, "repomd.xml.asc", text, KEYRING_REPOMD);
	return TRUE;
}

static const char *const pair_rpms[] = {"repomd.xml", "repomd.xml.asc"};
static const char *const last_rpms[] = {"repomd.xml.asc", "repomd.xml", NULL};

const struct family family_rpm = {
	.name = "rpm",
	.magic = (const guint8 *)"\xed\xab\xee\xdb",
	.magic_size = 4,
	.compare = version_compare_rpm,
	.relations = relations_of_rpm,
	.read = read_rpm,
	.load = load_rpms,
	.directory = "rpm/%s/repodata",
	.last = last_rpms,
	.pair = pair_rpms,
	.lasting = lasting_rpms,
	.render = render_rpms,
	.carry = carry_rpms,
};
