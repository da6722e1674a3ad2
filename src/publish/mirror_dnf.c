/* The dnf part of a mirror: repodata/. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/dnfsource.h"
#include "publish/family.h"
#include "publish/mirror_private.h"
#include "publish/unpack.h"

#include <string.h>
#include <unistd.h>

#define REPODATA "repodata/"

/* repomd.xml and its signature are two files: a publisher may have been at work between the two requests. */
#define MOST_TRIES 3

static gboolean read_pair(struct mirror *m, const char *path, GBytes **text, GBytes **signature, GError **error)
{
	g_autofree char *asc = g_strconcat(path, ".asc", NULL);
	g_autoptr(GError) cause = NULL;

	*text = source_read(m->source, path, MIRROR_MOST_REPOMD, &cause);
	if (*text != NULL)
		*signature = source_read(m->source, asc, MIRROR_MOST_SIGNATURE, &cause);
	if (cause == NULL)
		return TRUE;
	if (*text != NULL && g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT))
		return mirror_failed(m, PUBLISH_ERROR_SIGNATURE, path, "not signed: there is no repomd.xml.asc", error);
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

/* The proved text, added to the tops; NULL without an error: there is no repository. */
static GBytes *read_tops(struct mirror *m, const char *path, struct mirror_part *part, GError **error)
{
	for (guint try = 1;; try++) {
		g_autoptr(GBytes) text = NULL, signature = NULL;
		g_autoptr(GError) cause = NULL;
		if (read_pair(m, path, &text, &signature, &cause))
			part->signers = keyring_signers_detached(m->keys, text, signature, &cause);
		else if (text == NULL && g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT))
			return NULL;
		part->found = TRUE;
		if (part->signers != NULL) {
			mirror_part_add_top(part, "repomd.xml.asc", signature);
			mirror_part_add_top(part, "repomd.xml", text);
			return g_steal_pointer(&text);
		}
		if (try == MOST_TRIES || text == NULL || signature == NULL) {
			if (signature != NULL)
				g_prefix_error(&cause, "%s: %s.asc: ", m->options->source, path);
			g_propagate_error(error, g_steal_pointer(&cause));
			return NULL;
		}
	}
}

/* ---- what the mirror has ---- */

static dnfsource *present(const struct mirror *m, const char *directory, GBytes **text, GBytes **signature)
{
	g_autofree char *path = g_build_filename(m->dir, directory, "repomd.xml", NULL);
	g_autofree char *asc = g_strconcat(path, ".asc", NULL);
	gsize size = 0;

	*text = access(path, F_OK) == 0 ? file_read(path, MIRROR_MOST_REPOMD, NULL) : NULL;
	*signature = *text ? file_read(asc, MIRROR_MOST_SIGNATURE, NULL) : NULL;
	const char *data = *text ? g_bytes_get_data(*text, &size) : NULL;
	return data ? dnfsource_parse(data, size, NULL) : NULL;
}

static gboolean check_trust(struct mirror *m, const dnfsource *d, struct mirror_part *part, GError **error)
{
	g_autoptr(GBytes) text = NULL, signature = NULL;
	g_autoptr(dnfsource) before = present(m, part->directory, &text, &signature);
	gboolean asked = before != NULL && signature != NULL && m->options->key == NULL;
	g_auto(GStrv) signers = asked ? keyring_signers_detached(m->keys, text, signature, NULL) : NULL;
	struct mirror_age age = {.date = d->date}, old = {.date = before ? before->date : 0};

	for (guint i = 0; before != NULL && i < before->files->len; i++) {
		const struct dnfsource_file *f = before->files->pdata[i];
		g_ptr_array_add(part->keep, g_strdup(f->href + strlen(REPODATA)));
	}
	return mirror_trust_signers(m, part->directory, part->signers, signers, error) &&
	       mirror_trust_age(m, part->directory, &age, before ? &old : NULL, error);
}

/* ---- files ---- */

static void add_file(const struct dnfsource_file *f, struct mirror_part *part)
{
	g_autofree char *path = g_strconcat(part->base, f->href, NULL);
	struct download *d = download_new(path, f->kind, f->digest, f->size);
	struct mirror_index *index = mirror_part_add_index(part, d, NULL, f->href + strlen(REPODATA));

	index->open_size = f->open_size ? f->open_size : MIRROR_MOST_INDEX;
	if (strcmp(f->type, "primary") == 0)
		index->group = g_strdup(f->type);
}

gboolean mirror_plan_dnf(struct mirror *m, const char *top, struct mirror_part *part, GError **error)
{
	GError *cause = NULL;
	gsize size = 0;

	part->last = family_rpm.last;
	part->base = *top ? g_strconcat(top, "/", NULL) : g_strdup("");
	part->directory = g_strconcat(part->base, "repodata", NULL);
	g_autofree char *path = g_strconcat(part->directory, "/repomd.xml", NULL);
	g_autoptr(GBytes) text = read_tops(m, path, part, &cause);
	if (text == NULL) {
		if (cause != NULL)
			g_propagate_error(error, cause);
		return cause == NULL;
	}
	const char *data = g_bytes_get_data(text, &size);
	g_autoptr(dnfsource) d = dnfsource_parse(data, size, error);
	if (d == NULL) {
		g_prefix_error(error, "%s: %s: ", m->options->source, path);
		return FALSE;
	}
	if (!check_trust(m, d, part, error))
		return FALSE;
	for (guint i = 0; i < d->files->len; i++)
		add_file(d->files->pdata[i], part);
	part->date = d->date;
	return TRUE;
}

gboolean mirror_named_dnf(const char *file, guint64 ceiling, aptsource_named_fn fn, gpointer user, GError **error)
{
	g_autoptr(dnfsource_scan) scan = dnfsource_scan_new(fn, user);

	if (!unpack_file(file, ceiling, dnfsource_scan_data, scan, error))
		return FALSE;
	if (dnfsource_scan_end(scan, error))
		return TRUE;
	g_prefix_error(error, "%s: ", file);
	return FALSE;
}
