/* One directory of metadata in a mirror: its files fetched, read for what they name, and shown to clients at once. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/family.h"
#include "publish/mirror_private.h"
#include "publish/readers.h"
#include "publish/transaction.h"

#include <string.h>
#include <unistd.h>

static void top_free(gpointer data)
{
	struct mirror_top *t = data;

	g_free(t->name);
	g_bytes_unref(t->bytes);
	g_free(t);
}

static void index_free(gpointer data)
{
	struct mirror_index *i = data;

	download_free(i->download);
	g_free(i->names[0]);
	g_free(i->names[1]);
	g_free(i->group);
	g_free(i);
}

void mirror_part_init(struct mirror_part *part)
{
	part->tops = g_ptr_array_new_with_free_func(top_free);
	part->indexes = g_ptr_array_new_with_free_func(index_free);
	part->keep = g_ptr_array_new_with_free_func(g_free);
}

void mirror_part_clear(struct mirror_part *part)
{
	g_free(part->directory);
	g_free(part->base);
	g_ptr_array_unref(part->tops);
	g_ptr_array_unref(part->indexes);
	g_ptr_array_unref(part->keep);
	g_strfreev(part->signers);
	release_free(part->settings);
}

void mirror_part_add_top(struct mirror_part *part, const char *name, GBytes *bytes)
{
	struct mirror_top *t = g_new(struct mirror_top, 1);

	*t = (struct mirror_top){.name = g_strdup(name), .bytes = g_bytes_ref(bytes)};
	g_ptr_array_add(part->tops, t);
}

struct mirror_index *mirror_part_add_index(struct mirror_part *part, struct download *download, const char *lasting,
					   const char *name)
{
	struct mirror_index *i = g_new0(struct mirror_index, 1);

	i->download = download;
	i->names[0] = g_strdup(lasting);
	i->names[1] = g_strdup(name);
	g_ptr_array_add(part->indexes, i);
	return i;
}

/* ---- indexes ---- */

/* An index that the mirror has already, under any of its names. */
static gboolean is_present(const struct mirror *m, const struct mirror_part *part, struct mirror_index *index)
{
	gboolean all = TRUE;

	for (gsize i = 0; i < G_N_ELEMENTS(index->names); i++) {
		g_autofree char *path =
			index->names[i] ? g_build_filename(m->dir, part->directory, index->names[i], NULL) : NULL;
		if (path == NULL)
			continue;
		if (!mirror_is_whole(path, index->download))
			all = FALSE;
		else if (index->download->staged == NULL)
			index->download->staged = g_steal_pointer(&path);
	}
	return all;
}

static gboolean tops_differ(const struct mirror *m, const struct mirror_part *part)
{
	for (guint i = 0; i < part->tops->len; i++) {
		const struct mirror_top *t = part->tops->pdata[i];
		g_autofree char *path = g_build_filename(m->dir, part->directory, t->name, NULL);
		g_autoptr(GBytes) now = access(path, F_OK) == 0 ? file_read(path, MIRROR_MOST_RELEASE, NULL) : NULL;
		if (now == NULL || !g_bytes_equal(now, t->bytes))
			return TRUE;
	}
	return FALSE;
}

/* One of each group must be there, as it names packages; those are fetched first that can be read. */
static gboolean check_groups(const struct mirror *m, const struct mirror_part *part, GError **error)
{
	g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		if (index->group != NULL && index->download->staged != NULL)
			g_hash_table_add(groups, index->group);
	}
	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		if (index->group != NULL && !g_hash_table_contains(groups, index->group))
			return mirror_failed(m, PUBLISH_ERROR_ABSENT, index->download->path,
					     "not there, in none of the compressions that the Release file lists",
					     error);
	}
	return TRUE;
}

gboolean mirror_indexes_fetch(struct mirror_attempt *a, GError **error)
{
	struct mirror_part *parts[] = {&a->apt, &a->dnf};
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	struct mirror *m = a->m;

	for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
		if (!parts[p]->found)
			continue;
		parts[p]->changed = tops_differ(m, parts[p]);
		for (guint i = 0; i < parts[p]->indexes->len; i++) {
			struct mirror_index *index = parts[p]->indexes->pdata[i];
			gboolean all = is_present(m, parts[p], index);
			if (index->download->staged == NULL) {
				g_ptr_array_add(missing, index->download);
				m->tally.total += index->download->size;
			} else if (!all) {
				parts[p]->changed = TRUE; /* a name of it is missing or bad */
			}
		}
	}
	if (!source_fetch(m->source, missing, m->parts, &m->tally, error))
		return FALSE;
	for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
		if (!check_groups(m, parts[p], error))
			return FALSE;
		for (guint i = 0; i < parts[p]->indexes->len; i++) {
			const struct mirror_index *index = parts[p]->indexes->pdata[i];
			if (index->download->staged != NULL && g_str_has_prefix(index->download->staged, m->parts))
				parts[p]->changed = TRUE;
		}
	}
	return TRUE;
}

/* ---- what they name ---- */

struct wanting {
	struct mirror_attempt *a;
	struct mirror_part *part;
};

gboolean mirror_is_metadata(const char *path)
{
	static const char *const folders[] = {"dists/", "repodata/", "keys/", "history/", "bases/"};

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(path, folders[i]))
			return TRUE;
	return g_pattern_match_simple("rpm/*/repodata/*", path);
}

gboolean mirror_want(struct mirror_attempt *a, const char *path, enum digest_kind kind, const char *digest,
		     guint64 size, gboolean *fresh, GError **error)
{
	struct download *d = g_hash_table_lookup(a->wants, path);

	if (fresh != NULL)
		*fresh = d == NULL;
	if (d != NULL) {
		if (d->kind == kind && d->size == size && g_ascii_strcasecmp(d->digest, digest) == 0)
			return TRUE;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: named with two different digests", path);
		return FALSE;
	}
	if (mirror_is_metadata(path)) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: a package among the metadata; repositories that keep them there cannot be mirrored",
			    path);
		return FALSE;
	}
	d = download_new(path, kind, digest, size);
	d->shareable = TRUE;
	g_hash_table_insert(a->wants, d->path, d);
	return TRUE;
}

static gboolean want(const char *path, enum digest_kind kind, const char *digest, guint64 size, gpointer user,
		     GError **error)
{
	const struct wanting *w = user;
	g_autofree char *full = g_strconcat(w->part->base, path, NULL);
	gboolean fresh = FALSE;

	if (!mirror_want(w->a, full, kind, digest, size, &fresh, error))
		return FALSE;
	w->part->packages += fresh ? 1 : 0;
	w->part->size += fresh ? size : 0;
	return TRUE;
}

/* What costs least to read first; what libarchive cannot read is in no group's first place. */
static guint rank(const struct mirror_index *index)
{
	static const char *const order[] = {".zst", ".gz", ".xz", ".bz2"};
	const char *path = index->download->path;

	for (guint i = 0; i < G_N_ELEMENTS(order); i++)
		if (g_str_has_suffix(path, order[i]))
			return i + 1;
	return g_str_has_suffix(path, ".lzma") || g_str_has_suffix(path, ".lz4") ? G_N_ELEMENTS(order) + 1 : 0;
}

static gboolean read_index(struct mirror_attempt *a, struct mirror_part *part, const struct mirror_index *index,
			   GError **error)
{
	struct wanting w = {a, part};
	const char *file = index->download->staged;
	gboolean ok = part == &a->apt ? mirror_named_apt(file, index->open_size, want, &w, error)
				      : mirror_named_dnf(file, index->open_size, want, &w, error);

	if (!ok)
		g_prefix_error(error, "%s: %s: ", a->m->options->source, index->download->path);
	return ok;
}

gboolean mirror_indexes_read(struct mirror_attempt *a, struct mirror_part *part, GError **error)
{
	g_autoptr(GHashTable) best = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < part->indexes->len; i++) {
		struct mirror_index *index = part->indexes->pdata[i];
		const struct mirror_index *other = index->group ? g_hash_table_lookup(best, index->group) : NULL;
		if (index->group == NULL || index->download->staged == NULL || (other && rank(other) <= rank(index)))
			continue;
		g_hash_table_replace(best, index->group, index);
	}
	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		if (index->group != NULL && g_hash_table_lookup(best, index->group) == index &&
		    !read_index(a, part, index, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- what clients see ---- */

static generation *render(struct mirror *m, const struct mirror_part *part, GError **error)
{
	g_autofree char *directory = mirror_path(m, part->directory);
	g_autoptr(generation) next = generation_new(directory, part->last);

	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		if (index->download->staged == NULL)
			continue;
		g_autoptr(GBytes) bytes = file_read(index->download->staged, G_MAXSSIZE, error);
		if (bytes == NULL)
			return NULL;
		for (gsize n = 0; n < G_N_ELEMENTS(index->names); n++)
			if (index->names[n] != NULL)
				generation_add(next, index->names[n], bytes);
	}
	for (guint i = 0; i < part->tops->len; i++) {
		const struct mirror_top *t = part->tops->pdata[i];
		generation_add(next, t->name, t->bytes);
	}
	for (guint i = 0; i < part->keep->len; i++)
		generation_keep(next, part->keep->pdata[i]);
	return g_steal_pointer(&next);
}

static gboolean write_part(struct mirror *m, const struct mirror_part *part, GError **error)
{
	g_autoptr(generation) next = part->changed ? render(m, part, error) : NULL;

	return !part->changed || (next != NULL && generation_write(next, error));
}

static gboolean commit(const struct mirror_part *part, const char *directory, GError **error)
{
	return !part->changed || generation_commit(directory, part->last, error);
}

/* As transaction.h has it: all is written before anything is seen, and no client is between repomd.xml and its
 * signature. */
gboolean mirror_parts_publish(struct mirror_attempt *a, GError **error)
{
	const char *const *pair = family_rpm.pair;
	g_autofree char *apt = a->apt.changed ? mirror_path(a->m, a->apt.directory) : NULL;
	g_autofree char *dnf = a->dnf.changed ? mirror_path(a->m, a->dnf.directory) : NULL;
	g_autoptr(readers) readers = dnf ? readers_watch(dnf, pair[0], pair[1]) : NULL;
	gboolean ok =
		write_part(a->m, &a->apt, error) && write_part(a->m, &a->dnf, error) && commit(&a->apt, apt, error);

	if (ok && readers != NULL)
		readers_wait(readers, TRANSACTION_READER_PATIENCE, TRANSACTION_READER_LONGEST);
	ok = ok && commit(&a->dnf, dnf, error);
	if (!ok && apt != NULL) /* dnf's, if it is to follow, mirror_parts_settle takes */
		generation_discard(apt);
	return ok;
}

static char *digest_of_file(const char *directory, const char *name)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	return download_digest_file(path, DIGEST_SHA256, NULL);
}

gboolean mirror_parts_settle(const struct mirror *m, const char *suite, GError **error)
{
	g_autofree char *dists = g_build_filename("dists", suite, NULL);
	g_autofree char *text = mirror_present_text(m->dir, dists, NULL);
	g_autoptr(aptsource) a = text ? aptsource_parse(text, strlen(text), NULL) : NULL;
	g_autofree char *directory = g_build_filename(m->dir, "rpm", suite, "repodata", NULL);
	g_autofree char *hidden = generation_hidden(directory);
	g_autofree char *is = digest_of_file(directory, "repomd.xml"), *waits = digest_of_file(hidden, "repomd.xml");

	if (a == NULL || a->repomd_sha256 == NULL || g_strcmp0(is, a->repomd_sha256) == 0 ||
	    g_strcmp0(waits, a->repomd_sha256) != 0)
		return TRUE;
	if (!generation_commit(directory, family_rpm.last, error))
		return FALSE;
	generation_discard(directory);
	return TRUE;
}
