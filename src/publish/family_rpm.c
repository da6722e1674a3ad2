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

	if (createrepo_load(error) == NULL || !rpmread_check(in, site->certificate, &proof, error))
		return NULL;
	entry *e = rpmindex_entry(intake_name(in), copy, site->settings->suite, &proof, error);
	g_free(proof.sum.sha256);
	return e;
}

static char *rpm_dir(const struct site *site)
{
	return g_build_filename(site->dir, "rpm", site->settings->suite, NULL);
}

/* repomd.xml, once its signature is found good. */
static repomd *load_repomd(const struct site *site, GError **error)
{
	g_autofree char *top = rpm_dir(site);
	g_autofree char *path = g_build_filename(top, "repodata", "repomd.xml", NULL);
	g_autofree char *asc = g_strconcat(path, ".asc", NULL);
	g_autoptr(GBytes) text = file_read(path, MOST_REPOMD, error);
	g_autoptr(GBytes) signature = text ? file_read(asc, MOST_REPOMD, error) : NULL;

	const char *const keys[] = {site->settings->signed_by, NULL};
	if (signature == NULL)
		return NULL;
	if (!keyring_verify_detached(site->keys, text, signature, keys, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	repomd *r = repomd_parse(text, error);
	if (r == NULL)
		g_prefix_error(error, "%s: ", path);
	return r;
}

static GBytes *load_part(const struct site *site, const struct repomd_file *file, GError **error)
{
	g_autofree char *top = rpm_dir(site);
	g_autofree char *path = g_build_filename(top, file->href, NULL);
	g_autoptr(GBytes) bytes = file_read(path, MOST_INDEX, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, data, size);
	if (strcmp(sha256, file->sha256) != 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "%s: its SHA-256 is %s, the signed repomd.xml says %s; it was changed behind abide's back",
			    path, sha256, file->sha256);
		return NULL;
	}
	GBytes *text = codec_decode(bytes, MOST_INDEX, error);
	if (text == NULL)
		g_prefix_error(error, "%s: ", path);
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

static gboolean add_part(repomd *r, generation *next, GPtrArray *entries, enum rpmindex_part part, GError **error)
{
	g_autoptr(GBytes) text = rpmindex_text(entries, part);
	g_autoptr(GBytes) packed = codec_encode(CODEC_GZIP, text, error);

	if (packed == NULL)
		return FALSE;
	repomd_set(r, part, text, packed);
	generation_add(next, r->files[part].href + strlen("repodata/"), packed);
	return TRUE;
}

/* The previous generation's files stay for readers in the middle. What cannot be read has no readers. */
static void keep_previous(const struct site *site, generation *next)
{
	g_autofree char *top = rpm_dir(site);
	g_autofree char *path = g_build_filename(top, "repodata", "repomd.xml", NULL);
	g_autoptr(GBytes) text = file_read(path, MOST_REPOMD, NULL);
	g_autoptr(repomd) old = text ? repomd_parse(text, NULL) : NULL;

	for (gsize i = 0; old != NULL && i < RPMINDEX_PARTS; i++)
		generation_keep(next, old->files[i].href + strlen("repodata/"));
}

static gboolean publish_rpms(const struct site *site, GPtrArray *entries, GError **error)
{
	g_autofree char *top = rpm_dir(site);
	g_autofree char *repodata = g_build_filename(top, "repodata", NULL);
	g_autoptr(generation) next = generation_new();
	g_autoptr(repomd) r = repomd_new();

	for (guint part = 0; part < RPMINDEX_PARTS; part++)
		if (!add_part(r, next, entries, part, error))
			return FALSE;
	g_autoptr(GBytes) text = repomd_text(r, site->when, error);
	g_autoptr(GBytes) signature = text ? keyring_sign(site->keys, text, KEYRING_REPOMD, error) : NULL;
	if (signature == NULL)
		return FALSE;
	generation_add(next, "repomd.xml.asc", signature);
	generation_add(next, "repomd.xml", text);
	keep_previous(site, next);
	return generation_publish(next, repodata, error);
}

const struct family family_rpm = {
	.name = "rpm",
	.magic = (const guint8 *)"\xed\xab\xee\xdb",
	.magic_size = 4,
	.compare = version_compare_rpm,
	.read = read_rpm,
	.load = load_rpms,
	.publish = publish_rpms,
};
