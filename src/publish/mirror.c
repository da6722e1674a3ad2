/* The order of the steps of a mirror: see mirror.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/mirror.h"
#include "core/file.h"
#include "publish/fetch.h"
#include "publish/generation.h"
#include "publish/mirror_private.h"
#include "publish/release.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* How often a suite is begun anew because its publisher was at work, and how long before. */
#define MOST_TRIES 5
#define PAUSE_US (200 * 1000)

/* Both parts of one suite, as one publication has them. */
struct attempt {
	struct mirror *m;
	const char *suite; /* NULL: the dnf repository at the top */
	struct mirror_part apt, dnf;
	GHashTable *wants; /* path -> struct download *: every package named */
	GHashTable *known; /* path -> digest: what the mirror's indexes name; made when it is needed */
	gboolean torn;     /* the parts were of two publications */
};

/* ---- small things ---- */

char *mirror_path(const struct mirror *m, const char *path)
{
	return g_build_filename(m->dir, path, NULL);
}

gboolean mirror_failed(const struct mirror *m, enum publish_error code, const char *file, const char *what,
		       GError **error)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "%s: %s: %s", m->options->source, file, what);
	return FALSE;
}

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

static void part_init(struct mirror_part *part)
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
	g_free(part->state_sha256);
	g_free(part->repomd_sha256);
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

static void attempt_init(struct attempt *a, struct mirror *m, const char *suite)
{
	*a = (struct attempt){.m = m, .suite = suite};
	part_init(&a->apt);
	part_init(&a->dnf);
	a->wants = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, download_free);
}

static void attempt_clear(struct attempt *a)
{
	mirror_part_clear(&a->apt);
	mirror_part_clear(&a->dnf);
	g_hash_table_unref(a->wants);
	g_clear_pointer(&a->known, g_hash_table_unref);
}
typedef struct attempt attempt;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(attempt, attempt_clear)

static gboolean is_file(const char *path, guint64 size)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (guint64)st.st_size == size;
}

/* Whether a file has these bytes. */
static gboolean is_whole(const char *path, const struct download *d)
{
	g_autofree char *found = is_file(path, d->size) ? download_digest_file(path, d->kind, NULL) : NULL;

	return g_strcmp0(found, d->digest) == 0;
}

/* ---- top files ---- */

/* What the mirror has of a suite, the source must have: else somebody hides it. */
static gboolean check_hidden(const struct mirror *m, const struct mirror_part *part, const char *top, GError **error)
{
	g_autofree char *file = g_build_filename(part->directory, top, NULL);
	g_autofree char *path = mirror_path(m, file);

	if (part->found || access(path, F_OK) < 0)
		return TRUE;
	return mirror_failed(m, PUBLISH_ERROR_ABSENT, file, "not there any more, but the mirror has it", error);
}

/* The Release file says which repomd.xml belongs to it. */
static gboolean check_pair(struct attempt *a, GError **error)
{
	if (!a->apt.found || a->apt.repomd_sha256 == NULL)
		return TRUE;
	if (!a->dnf.found)
		return mirror_failed(a->m, PUBLISH_ERROR_ABSENT, a->dnf.directory,
				     "not there, but the Release file of the suite names it", error);
	const struct mirror_top *repomd = a->dnf.tops->pdata[a->dnf.tops->len - 1];
	gsize size = 0;
	const void *data = g_bytes_get_data(repomd->bytes, &size);
	g_autofree char *found = digest_of(DIGEST_SHA256, data, size);
	if (strcmp(found, a->apt.repomd_sha256) == 0)
		return TRUE;
	a->torn = TRUE;
	return mirror_failed(a->m, PUBLISH_ERROR_DIGEST, a->dnf.directory,
			     "repomd.xml is not the one of the Release file: the two are of different publications", error);
}

static gboolean plan(struct attempt *a, GError **error)
{
	g_autofree char *top = a->suite ? g_build_filename("rpm", a->suite, NULL) : g_strdup("");

	if (a->suite != NULL && (!mirror_plan_apt(a->m, a->suite, &a->apt, error) ||
				 !check_hidden(a->m, &a->apt, "InRelease", error)))
		return FALSE;
	if (!mirror_plan_dnf(a->m, top, &a->dnf, error) || !check_hidden(a->m, &a->dnf, "repomd.xml", error))
		return FALSE;
	return check_pair(a, error);
}

/* ---- indexes ---- */

/* An index that the mirror has already, under any of its names. */
static gboolean is_present(const struct mirror *m, const struct mirror_part *part, struct mirror_index *index)
{
	gboolean all = TRUE;

	for (gsize i = 0; i < G_N_ELEMENTS(index->names); i++) {
		g_autofree char *path = index->names[i] ? g_build_filename(m->dir, part->directory, index->names[i], NULL)
							 : NULL;
		if (path == NULL)
			continue;
		if (!is_whole(path, index->download))
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
					     "not there, in none of the compressions that the Release file lists", error);
	}
	return TRUE;
}

static gboolean fetch_indexes(struct attempt *a, GError **error)
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

/* ---- packages ---- */

struct wanting {
	struct attempt *a;
	struct mirror_part *part;
};

static gboolean want(const char *path, enum digest_kind kind, const char *digest, guint64 size, gpointer user,
		     GError **error)
{
	const struct wanting *w = user;
	g_autofree char *full = g_strconcat(w->part->base, path, NULL);
	struct download *d = g_hash_table_lookup(w->a->wants, full);

	if (d != NULL) {
		if (d->kind == kind && d->size == size && g_ascii_strcasecmp(d->digest, digest) == 0)
			return TRUE;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: named with two different digests", full);
		return FALSE;
	}
	if (g_str_has_prefix(full, "dists/") || g_str_has_prefix(path, "repodata/") || g_str_has_prefix(full, "keys/") ||
	    g_str_has_prefix(full, "history/")) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "%s: a package among the metadata; repositories that keep them there cannot be mirrored", full);
		return FALSE;
	}
	d = download_new(full, kind, digest, size);
	d->shareable = TRUE;
	g_hash_table_insert(w->a->wants, d->path, d);
	w->part->packages++;
	w->part->size += size;
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

static gboolean read_index(struct attempt *a, struct mirror_part *part, const struct mirror_index *index, GError **error)
{
	struct wanting w = {a, part};
	const char *file = index->download->staged;
	gboolean ok = part == &a->apt ? mirror_named_apt(file, index->open_size, want, &w, error)
				      : mirror_named_dnf(file, index->open_size, want, &w, error);

	if (!ok)
		g_prefix_error(error, "%s: %s: ", a->m->options->source, index->download->path);
	return ok;
}

static gboolean read_indexes(struct attempt *a, struct mirror_part *part, GError **error)
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

static GHashTable *known(struct attempt *a)
{
	if (a->known == NULL)
		a->known = mirror_names(a->m->dir);
	return a->known;
}

/*
 * Whether the mirror has a package. One that its indexes name was proved when it came; with an unchanged part these are the
 * very indexes that name it now. FALSE with an error: it has other bytes under that name.
 */
static gboolean check_present(struct attempt *a, const struct download *d, gboolean *present, GError **error)
{
	g_autofree char *path = mirror_path(a->m, d->path);
	gboolean there = is_file(path, d->size), changed = a->apt.changed || a->dnf.changed;
	const char *digest = changed ? g_hash_table_lookup(known(a), d->path) : d->digest;

	if (digest != NULL && strlen(digest) != strlen(d->digest))
		digest = NULL; /* of another kind, which says nothing */
	*present = there && g_strcmp0(digest, d->digest) == 0;
	if (*present || digest == NULL || strcmp(digest, d->digest) == 0) {
		*present = *present || (there && is_whole(path, d));
		return TRUE;
	}
	return mirror_failed(a->m, PUBLISH_ERROR_DIGEST, d->path,
			     "signed with other bytes than before, but a published package never changes; what is right, the "
			     "publisher must say. A mirror in a new directory takes it as it is",
			     error);
}

/* The same bytes may be in the mirror at another path: in another suite, for rpms. */
static void share_known(struct attempt *a, GPtrArray *missing)
{
	g_autoptr(GHashTable) by_digest = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer path, digest;

	g_hash_table_iter_init(&iter, known(a));
	while (g_hash_table_iter_next(&iter, &path, &digest))
		g_hash_table_insert(by_digest, digest, path);
	for (guint i = 0; i < missing->len; i++) {
		struct download *d = missing->pdata[i];
		const char *other = g_hash_table_lookup(by_digest, d->digest);
		g_autofree char *from = other ? mirror_path(a->m, other) : NULL;
		g_autofree char *to = g_build_filename(a->m->parts, d->digest, NULL);
		if (from != NULL && is_whole(from, d) && link(from, to) == 0)
			continue; /* source_fetch finds it there */
	}
}

static gboolean check_space(const struct mirror *m, const GPtrArray *missing, GError **error)
{
	guint64 needed = 0;
	struct statvfs v;

	for (guint i = 0; i < missing->len; i++) {
		const struct download *d = missing->pdata[i];
		g_autofree char *part = g_strdup_printf("%s/%s.part", m->parts, d->digest);
		g_autofree char *whole = g_build_filename(m->parts, d->digest, NULL);
		struct stat st;
		if (stat(whole, &st) < 0 && stat(part, &st) < 0)
			st.st_size = 0;
		needed += d->size - MIN(d->size, (guint64)st.st_size);
	}
	if (statvfs(m->dir, &v) < 0 || needed <= (guint64)v.f_bavail * v.f_frsize)
		return TRUE;
	g_autofree char *needs = g_format_size(needed);
	g_autofree char *has = g_format_size((guint64)v.f_bavail * v.f_frsize);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "%s: %s are missing, but only %s are free; nothing was changed",
		    m->dir, needs, has);
	return FALSE;
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
	const struct download *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

/* What the mirror lacks, by path; each digest once, the others of it in TWINS. */
static GPtrArray *missing_packages(struct attempt *a, GPtrArray *twins, GError **error)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	g_autoptr(GHashTable) digests = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer download;

	g_hash_table_iter_init(&iter, a->wants);
	while (g_hash_table_iter_next(&iter, NULL, &download))
		g_ptr_array_add(all, download);
	g_ptr_array_sort(all, compare_paths);
	for (guint i = 0; i < all->len; i++) {
		struct download *d = all->pdata[i];
		gboolean present = FALSE;
		if (!check_present(a, d, &present, error))
			return NULL;
		if (!present)
			g_ptr_array_add(g_hash_table_add(digests, d->digest) ? missing : twins, d);
	}
	return g_steal_pointer(&missing);
}

/* ---- into place ---- */

static gboolean sync_all(const struct mirror *m, GError **error)
{
	int fd = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = fd >= 0 && syncfs(fd) == 0;
	int errnum = errno;

	if (fd >= 0)
		close(fd);
	return ok || file_error(error, errnum, m->dir, "write");
}

static gboolean make_parent(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return file_make_dirs(folder, error);
}

static gboolean place(const struct mirror *m, const struct download *d, GError **error)
{
	g_autofree char *to = mirror_path(m, d->path);

	if (!make_parent(to, error))
		return FALSE;
	return rename(d->staged, to) == 0 || file_error(error, errno, to, "write");
}

/* Another name for a package that was placed. */
static gboolean place_twin(const struct mirror *m, const struct download *d, GHashTable *placed, GError **error)
{
	const struct download *first = g_hash_table_lookup(placed, d->digest);
	g_autofree char *from = mirror_path(m, first->path);
	g_autofree char *to = mirror_path(m, d->path);
	g_autofree char *part = g_strdup_printf("%s/%s.part", m->parts, d->digest);

	unlink(part);
	if (!make_parent(to, error))
		return FALSE;
	if (link(from, part) < 0) {
		g_autoptr(GBytes) bytes = file_read(from, G_MAXSSIZE, error);
		gsize size = 0;
		const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		return bytes != NULL && file_replace(to, data, size, 0644, error);
	}
	return rename(part, to) == 0 || file_error(error, errno, to, "write");
}

static gboolean place_all(const struct mirror *m, GPtrArray *missing, GPtrArray *twins, GError **error)
{
	g_autoptr(GHashTable) placed = g_hash_table_new(g_str_hash, g_str_equal);

	if (missing->len == 0)
		return TRUE;
	if (!sync_all(m, error)) /* the bytes first, then the names */
		return FALSE;
	for (guint i = 0; i < missing->len; i++) {
		struct download *d = missing->pdata[i];
		if (!place(m, d, error))
			return FALSE;
		g_hash_table_insert(placed, d->digest, d);
	}
	for (guint i = 0; i < twins->len; i++)
		if (!place_twin(m, twins->pdata[i], placed, error))
			return FALSE;
	return sync_all(m, error);
}

static gboolean fetch_packages(struct attempt *a, GError **error)
{
	g_autoptr(GPtrArray) twins = g_ptr_array_new();
	g_autoptr(GPtrArray) missing = missing_packages(a, twins, error);
	struct mirror *m = a->m;

	if (missing == NULL)
		return FALSE;
	if (missing->len > 0)
		share_known(a, missing);
	for (guint i = 0; i < missing->len; i++)
		m->tally.total += ((const struct download *)missing->pdata[i])->size;
	return check_space(m, missing, error) && source_fetch(m->source, missing, m->parts, &m->tally, error) &&
	       place_all(m, missing, twins, error);
}

/* ---- what clients see ---- */

static gboolean publish_part(struct mirror *m, const struct mirror_part *part, GError **error)
{
	g_autofree char *directory = mirror_path(m, part->directory);
	g_autoptr(generation) next = generation_new();

	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		if (index->download->staged == NULL)
			continue;
		g_autoptr(GBytes) bytes = file_read(index->download->staged, G_MAXSSIZE, error);
		if (bytes == NULL)
			return FALSE;
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
	return generation_publish(next, directory, error);
}

/* Packages that only the generations before the present one name: with the next one nothing does. */
static gboolean retire(struct attempt *a, GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct mirror_part *parts[] = {&a->apt, &a->dnf};
	GHashTableIter iter;
	gpointer path;

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i]->changed)
			mirror_names_of(a->m->dir, parts[i]->directory, parts[i]->base, names);
	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (g_hash_table_contains(a->wants, path))
			g_hash_table_iter_remove(&iter);
	return mirror_retire(a->m, names, error);
}

static gboolean publish(struct attempt *a, GError **error)
{
	if (!a->apt.changed && !a->dnf.changed)
		return TRUE;
	if (!retire(a, error))
		return FALSE;
	if (a->apt.changed && !publish_part(a->m, &a->apt, error))
		return FALSE;
	if (a->dnf.changed && !publish_part(a->m, &a->dnf, error))
		return FALSE;
	a->m->result->removed += mirror_clean(a->m);
	return TRUE;
}

/* ---- one suite ---- */

static gboolean attempt_run(struct attempt *a, GError **error)
{
	if (!plan(a, error))
		return FALSE;
	if (!a->apt.found && !a->dnf.found)
		return TRUE;
	return fetch_indexes(a, error) && read_indexes(a, &a->apt, error) && read_indexes(a, &a->dnf, error) &&
	       fetch_packages(a, error) && publish(a, error);
}

/* Whether the source's top files are others than those that this attempt began with. */
static gboolean has_moved(const struct attempt *a)
{
	const struct mirror_part *parts[] = {&a->apt, &a->dnf};

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i]->tops->len == 0)
			continue;
		const struct mirror_top *t = parts[i]->tops->pdata[parts[i]->tops->len - 1];
		g_autofree char *path = g_build_filename(parts[i]->directory, t->name, NULL);
		g_autoptr(GBytes) now = source_read(a->m->source, path, MIRROR_MOST_RELEASE, NULL);
		if (now != NULL && !g_bytes_equal(now, t->bytes))
			return TRUE;
	}
	return FALSE;
}

/* What a publisher at work may cause. */
static gboolean may_pass(const GError *cause)
{
	return g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT) ||
	       g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST) ||
	       g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE);
}

static void suite_free(gpointer data)
{
	struct mirror_suite *s = data;

	g_free(s->name);
	g_strfreev(s->signers);
	g_free(s);
}

static void note_suite(struct attempt *a)
{
	struct mirror_part *top = a->apt.found ? &a->apt : &a->dnf;
	struct mirror_suite *s = g_new(struct mirror_suite, 1);

	*s = (struct mirror_suite){.name = g_strdup(a->suite),
				   .signers = g_strdupv(top->signers),
				   .date = top->date,
				   .valid_until = top->valid_until,
				   .state = top->state,
				   .debs = a->apt.packages,
				   .rpms = a->dnf.packages,
				   .size = a->apt.size + a->dnf.size,
				   .changed = a->apt.changed || a->dnf.changed};
	g_ptr_array_add(a->m->result->suites, s);
}

/* found: set to FALSE when the source has no such suite. */
static gboolean mirror_suite_run(struct mirror *m, const char *suite, gboolean *found, GError **error)
{
	for (guint try = 1;; try++) {
		g_auto(attempt) a = {0};
		g_autoptr(GError) cause = NULL;
		attempt_init(&a, m, suite);
		if (attempt_run(&a, &cause)) {
			*found = a.apt.found || a.dnf.found;
			if (*found)
				note_suite(&a);
			return TRUE;
		}
		if (try == MOST_TRIES || !may_pass(cause) || !(a.torn || has_moved(&a))) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return FALSE;
		}
		g_usleep(PAUSE_US);
	}
}

/* ---- all suites ---- */

static char **suites_of(const struct mirror *m)
{
	static const char *const first[] = {"stable", NULL};

	if (m->options->suites != NULL && *m->options->suites != NULL)
		return g_strdupv(m->options->suites);
	g_auto(GStrv) present = publication_suites(m->dir);
	return *present != NULL ? g_steal_pointer(&present) : g_strdupv((char **)first);
}

static gboolean no_such_suite(const struct mirror *m, const char *suite, GError **error)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
		    "%s: no signed repository with a suite '%s': neither dists/%s/InRelease is there nor "
		    "rpm/%s/repodata/repomd.xml",
		    m->options->source, suite, suite, suite);
	return FALSE;
}

static gboolean run_suites(struct mirror *m, GError **error)
{
	g_auto(GStrv) suites = suites_of(m);
	gboolean chosen = m->options->suites != NULL && *m->options->suites != NULL, found = FALSE;

	for (char **suite = suites; *suite != NULL; suite++) {
		if (!release_is_suite(*suite)) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "suite '%s' is no name of a folder", *suite);
			return FALSE;
		}
		if (!mirror_suite_run(m, *suite, &found, error))
			return FALSE;
		if (!found && !chosen && suites[1] == NULL && !mirror_suite_run(m, NULL, &found, error))
			return FALSE;
		if (!found)
			return no_such_suite(m, *suite, error);
	}
	return TRUE;
}

/* ---- the run ---- */

void mirror_result_free(mirror_result *r)
{
	if (r == NULL)
		return;
	g_ptr_array_unref(r->suites);
	g_free(r);
}

static void mirror_clear(struct mirror *m)
{
	g_free(m->parts);
	source_free(m->source);
	keyring_free(m->keys);
	g_free(m->fingerprint);
	claim_clear(&m->claim);
	mirror_result_free(m->result);
}
typedef struct mirror mirror;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(mirror, mirror_clear)

static gboolean check_apart(const struct mirror_options *o, GError **error)
{
	g_autofree char *from = realpath(o->source, NULL), *to = realpath(o->dir, NULL);

	if (from == NULL || g_strcmp0(from, to) != 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: cannot be a mirror of itself", o->dir);
	return FALSE;
}

/* A directory that is new stays only if there is something in it that the next run can use. */
static void give_up(struct mirror *m)
{
	if (rmdir(m->parts) == 0 || access(m->parts, F_OK) < 0)
		claim_undo(&m->claim);
}

/* What nobody asks for any more: parts of files that are not signed for now. */
static void sweep(struct mirror *m)
{
	generation_remove_tree(m->parts, NULL);
}

mirror_result *mirror_run(const struct mirror_options *options, GError **error)
{
	g_auto(mirror) m = {.options = options, .dir = options->dir, .tally.progress = options->progress};

	m.parts = g_build_filename(options->dir, MIRROR_PARTS, NULL);
	m.result = g_new0(mirror_result, 1);
	m.result->suites = g_ptr_array_new_with_free_func(suite_free);
	m.source = source_open(options->source, &options->limits, error);
	if (m.source == NULL || !check_apart(options, error) || !mirror_trust_open(&m, error) ||
	    !claim_fresh(&m.claim, options->dir, error))
		return NULL;
	if (!file_make_dirs(m.parts, error))
		return NULL;
	m.result->removed = mirror_clean(&m);
	if (!run_suites(&m, error)) {
		give_up(&m);
		return NULL;
	}
	sweep(&m);
	m.result->fetched = m.tally.files;
	m.result->linked = m.tally.linked;
	m.result->bytes = m.tally.bytes;
	return g_steal_pointer(&m.result);
}
