/* A suite that is made to hold a part of another one: see publication_assign in publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/chain.h"
#include "publish/fetch.h"
#include "publish/transaction.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The work of one publication_assign. */
struct assigning {
	publication *p;
	const publication *from;
	transaction *t;
	char *staging;
	guint staged;       /* files in it */
	GHashTable *wanted; /* the paths of all that the suite is to hold: char * */
	gboolean changes;
};
typedef struct assigning assigning;

static void assigning_clear(struct assigning *a)
{
	transaction_free(a->t);
	if (a->staging != NULL)
		generation_remove_tree(a->staging, NULL);
	g_free(a->staging);
	g_clear_pointer(&a->wanted, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(assigning, assigning_clear)

static gboolean refuse_other_bytes(GError **error, const char *place, const char *sha256)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: published with other bytes than those of SHA-256 %s, and what is published never changes", place,
		    sha256);
	return FALSE;
}

static gboolean has_digest(const char *path, const char *sha256, gboolean *has, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, G_MAXSSIZE, error);
	gsize size = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *found = bytes ? digest_of(DIGEST_SHA256, data, size) : NULL;

	*has = g_strcmp0(found, sha256) == 0;
	return bytes != NULL;
}

/* ---- packages that another suite has ---- */

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* The same package under its path in this suite. */
static entry *copy_entry(const entry *theirs, const char *path)
{
	entry *e;

	if (theirs->texts != NULL) {
		e = entry_published(theirs->family, theirs->texts, slice_of(theirs->name), slice_of(theirs->version),
				    slice_of(theirs->arch), slice_of(path), slice_of(theirs->sha256));
		memcpy(e->record, theirs->record, sizeof e->record);
	} else {
		e = g_new0(entry, 1);
		*e = (entry){.family = theirs->family,
			     .name = g_strdup(theirs->name),
			     .version = g_strdup(theirs->version),
			     .arch = g_strdup(theirs->arch),
			     .path = g_strdup(path),
			     .sha256 = g_strdup(theirs->sha256)};
		for (gsize i = 0; i < G_N_ELEMENTS(e->record); i++)
			e->record[i] = g_strdup(theirs->record[i]);
	}
	e->size = theirs->size;
	return e;
}

/* Whether what lies in the package's place is the package; *needed: nothing lies there, so it is to be put there. */
static gboolean check_place(const char *source, const char *place, const char *sha256, gboolean *needed, GError **error)
{
	struct stat theirs, ours;
	gboolean has = FALSE;

	*needed = FALSE;
	if (stat(source, &theirs) < 0)
		return file_error(error, errno, source, "read");
	if (stat(place, &ours) < 0) {
		*needed = errno == ENOENT;
		return *needed || file_error(error, errno, place, "read");
	}
	if (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
		return TRUE;
	return has_digest(place, sha256, &has, error) && (has || refuse_other_bytes(error, place, sha256));
}

/* One more name for the file, in the staging folder; where there are no links a copy, with the bytes of the index. */
static gboolean link_or_copy(const char *source, const char *staged, const char *sha256, GError **error)
{
	if (link(source, staged) == 0)
		return TRUE;
	g_autoptr(intake) in = intake_open(source, staged, error);
	struct intake_sum sum = {0};
	if (in == NULL || !intake_finish(in, &sum, error))
		return FALSE;
	g_autofree char *found = sum.sha256;
	if (strcmp(found, sha256) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed index says %s; it was changed behind abide's back", source, found,
		    sha256);
	return FALSE;
}

static char *next_staged(struct assigning *a)
{
	return g_strdup_printf("%s/%u", a->staging, a->staged++);
}

static gboolean take_over(struct assigning *a, const entry *theirs, GError **error)
{
	const char *dir = a->p->site.dir;
	g_autofree char *path = entry_path_in(theirs, a->from->site.settings->suite, a->p->site.settings->suite);
	const entry *known = transaction_find(a->t, path);
	g_autofree char *source = g_build_filename(dir, theirs->path, NULL), *place = g_build_filename(dir, path, NULL);
	g_autofree char *staged = NULL;
	gboolean needed = FALSE;

	g_hash_table_add(a->wanted, g_strdup(path));
	if (known != NULL)
		return strcmp(known->sha256, theirs->sha256) == 0 || refuse_other_bytes(error, place, theirs->sha256);
	if (!check_place(source, place, theirs->sha256, &needed, error))
		return FALSE;
	if (needed) {
		staged = next_staged(a);
		if (!link_or_copy(source, staged, theirs->sha256, error))
			return FALSE;
	}
	transaction_add(a->t, copy_entry(theirs, path), staged);
	a->changes = TRUE;
	return TRUE;
}

/* ---- packages that no suite has ---- */

/* Whether a suite has that path in a state that is kept; else a crash left what is there. */
static gboolean find_need(const struct assigning *a, const char *path, gboolean *needed, GError **error)
{
	const char *dir = a->p->site.dir;
	g_auto(GStrv) suites = publication_suites(dir);

	*needed = FALSE;
	for (char **suite = suites; *suite != NULL && !*needed; suite++) {
		gboolean own = strcmp(*suite, a->p->site.settings->suite) == 0;
		g_autoptr(publication) other = own ? NULL : publication_open(dir, *suite, error);
		g_autoptr(GHashTable) paths = own || other ? chain_needed(own ? a->p : other, 0, error) : NULL;
		if (paths == NULL)
			return FALSE;
		*needed = g_hash_table_contains(paths, path);
	}
	return TRUE;
}

/* same: set to whether the package lies in its place already; what else lies there is refused if anybody needs it. */
static gboolean check_taken(const struct assigning *a, const entry *e, gboolean *same, GError **error)
{
	g_autofree char *place = g_build_filename(a->p->site.dir, e->path, NULL);
	gboolean needed = FALSE;

	*same = FALSE;
	if (access(place, F_OK) < 0)
		return TRUE;
	if (!has_digest(place, e->sha256, same, error) || (!*same && !find_need(a, e->path, &needed, error)))
		return FALSE;
	return !needed || refuse_other_bytes(error, place, e->sha256);
}

static gboolean take_in(struct assigning *a, const char *file, GError **error)
{
	g_autofree char *staged = next_staged(a);
	g_autoptr(intake) in = intake_open(file, staged, error);
	const struct family *family = in ? family_of(in, error) : NULL;
	g_autoptr(entry) e = family ? family->read(&a->p->site, in, staged, error) : NULL;
	gboolean there = FALSE;

	if (e == NULL || !check_taken(a, e, &there, error))
		return FALSE;
	if (there && unlink(staged) < 0)
		return file_error(error, errno, staged, "remove");
	g_hash_table_add(a->wanted, g_strdup(e->path));
	if (transaction_find(a->t, e->path) != NULL)
		return TRUE;
	transaction_add(a->t, g_steal_pointer(&e), there ? NULL : staged);
	a->changes = TRUE;
	return TRUE;
}

/* ---- the whole ---- */

/* What was looked at is still what is published. */
static gboolean check_from(const publication *p, const publication *from, GError **error)
{
	g_autoptr(release) now = publication_settings_of(p->site.keys, p->site.dir, from->site.settings->suite, error);

	if (now == NULL || now->state == from->site.settings->state)
		return now != NULL;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_STALE,
		    "%s: suite %s was published anew meanwhile; do it again with what it has now", p->site.dir, now->suite);
	return FALSE;
}

static gboolean begin(struct assigning *a, publication *p, const publication *from, const char *action, GError **error)
{
	*a = (struct assigning){.p = p,
				.from = from,
				.t = transaction_new(p, action),
				.staging = g_build_filename(p->site.dir, PUBLICATION_STAGING, NULL),
				.wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	return publication_load_all(p, error) && check_from(p, from, error) &&
	       generation_remove_tree(a->staging, error) && file_make_dirs(a->staging, error);
}

static void remove_others(struct assigning *a)
{
	for (guint i = 0; i < a->p->packages->len; i++) {
		const entry *e = a->p->packages->pdata[i];
		if (g_hash_table_contains(a->wanted, e->path))
			continue;
		transaction_remove(a->t, e);
		a->changes = TRUE;
	}
}

static void note_channel(struct assigning *a, const char *sha256)
{
	struct state *next = transaction_state(a->t);

	a->changes |= g_strcmp0(next->channel_sha256, sha256) != 0;
	g_free(next->channel_sha256);
	next->channel_sha256 = g_strdup(sha256);
}

gboolean publication_assign(publication *p, const publication *from, const struct publication_content *content,
			    const char *action, gboolean *changes, GError **error)
{
	g_auto(assigning) a = {0};

	if (!begin(&a, p, from, action, error))
		return FALSE;
	for (guint i = 0; i < content->entries->len; i++)
		if (!take_over(&a, content->entries->pdata[i], error))
			return FALSE;
	for (char *const *file = content->files; file != NULL && *file != NULL; file++)
		if (!take_in(&a, *file, error))
			return FALSE;
	remove_others(&a);
	note_channel(&a, content->channel_sha256);
	*changes = a.changes;
	return !a.changes || transaction_publish(a.t, error);
}
