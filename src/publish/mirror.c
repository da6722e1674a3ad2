/* The order of the steps of a mirror: see mirror.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/mirror.h"
#include "core/file.h"
#include "publish/fetch.h"
#include "publish/generation.h"
#include "publish/mirror_private.h"
#include "publish/publication.h"
#include "publish/release.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a suite is begun anew because its publisher was at work, and how long before. */
#define MOST_TRIES 5
#define PAUSE_US (200 * 1000)

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

gboolean mirror_is_file(const char *path, guint64 size)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (guint64)st.st_size == size;
}

gboolean mirror_is_whole(const char *path, const struct download *d)
{
	g_autofree char *found = mirror_is_file(path, d->size) ? download_digest_file(path, d->kind, NULL) : NULL;

	return g_strcmp0(found, d->digest) == 0;
}

static void attempt_init(struct mirror_attempt *a, struct mirror *m, const char *suite)
{
	*a = (struct mirror_attempt){.m = m, .suite = suite};
	mirror_part_init(&a->apt);
	mirror_part_init(&a->dnf);
	a->wants = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, download_free);
	a->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	a->records = g_ptr_array_new_with_free_func(mirror_record_free);
}

static void mirror_attempt_clear(struct mirror_attempt *a)
{
	mirror_part_clear(&a->apt);
	mirror_part_clear(&a->dnf);
	g_hash_table_unref(a->wants);
	g_hash_table_unref(a->names);
	g_ptr_array_unref(a->records);
	g_clear_pointer(&a->known, g_hash_table_unref);
}
typedef struct mirror_attempt mirror_attempt;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(mirror_attempt, mirror_attempt_clear)

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
static gboolean check_pair(struct mirror_attempt *a, GError **error)
{
	const char *sha256 = a->apt.settings ? a->apt.settings->repomd_sha256 : NULL;

	if (sha256 == NULL)
		return TRUE;
	if (!a->dnf.found)
		return mirror_failed(a->m, PUBLISH_ERROR_ABSENT, a->dnf.directory,
				     "not there, but the Release file of the suite names it", error);
	const struct mirror_top *repomd = a->dnf.tops->pdata[a->dnf.tops->len - 1];
	gsize size = 0;
	const void *data = g_bytes_get_data(repomd->bytes, &size);
	g_autofree char *found = digest_of(DIGEST_SHA256, data, size);
	if (strcmp(found, sha256) == 0)
		return TRUE;
	a->torn = TRUE;
	return mirror_failed(a->m, PUBLISH_ERROR_DIGEST, a->dnf.directory,
			     "repomd.xml is not the one of the Release file: the two are of different publications",
			     error);
}

static gboolean plan(struct mirror_attempt *a, GError **error)
{
	g_autofree char *top = a->suite ? g_build_filename("rpm", a->suite, NULL) : g_strdup("");

	if (a->suite != NULL &&
	    (!mirror_plan_apt(a->m, a->suite, &a->apt, error) || !check_hidden(a->m, &a->apt, "InRelease", error)))
		return FALSE;
	if (!mirror_plan_dnf(a->m, top, &a->dnf, error) || !check_hidden(a->m, &a->dnf, "repomd.xml", error))
		return FALSE;
	return check_pair(a, error);
}

/* ---- what clients see ---- */

static void note_names(struct mirror_attempt *a, const struct mirror_part *part)
{
	for (guint i = 0; i < part->indexes->len; i++) {
		const struct mirror_index *index = part->indexes->pdata[i];
		for (gsize n = 0; n < G_N_ELEMENTS(index->names); n++)
			if (index->names[n] != NULL)
				g_hash_table_add(a->names, g_build_filename(part->directory, index->names[n], NULL));
	}
}

/* What only the generations before the present one name: with the next one nothing does. */
static gboolean retire(struct mirror_attempt *a, GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const struct mirror_part *parts[] = {&a->apt, &a->dnf};

	for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
		if (!parts[p]->changed)
			continue;
		mirror_names_of(a->m->dir, parts[p]->directory, parts[p]->base, names);
		for (guint i = 0; i < parts[p]->keep->len; i++)
			g_hash_table_replace(
				names, g_build_filename(parts[p]->directory, parts[p]->keep->pdata[i], NULL), NULL);
	}
	if (a->apt.changed)
		mirror_records_names(a->m->dir, a->suite, names);
	return mirror_retire(a, names, error);
}

/*
 * What the parts had before, what a run that was stopped left, and bases that no suite declares any more; those stay when gpg does
 * not know the key of another suite, and verify tells of them.
 */
static void remove_leftovers(const struct mirror_attempt *a)
{
	const struct site site = {.dir = (char *)a->m->dir, .keys = a->m->keys};
	const struct mirror_part *parts[] = {&a->apt, &a->dnf};
	g_autofree char *history = a->suite ? g_build_filename("history", a->suite, NULL) : NULL;
	const char *const folders[] = {"", "keys", "bases", history};

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *directory = parts[i]->found ? mirror_path(a->m, parts[i]->directory) : NULL;
		if (directory != NULL)
			generation_discard(directory);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = folders[i] ? mirror_path(a->m, folders[i]) : NULL;
		if (folder != NULL)
			file_remove_temporaries(folder);
	}
	if (a->apt.settings != NULL)
		publication_sweep_bases(&site, NULL);
}

static gboolean publish(struct mirror_attempt *a, GError **error)
{
	gboolean changed = a->apt.changed || a->dnf.changed;

	note_names(a, &a->apt);
	note_names(a, &a->dnf);
	if (!mirror_records_place(a, error))
		return FALSE;
	if (changed && (!retire(a, error) || !mirror_parts_publish(a, error)))
		return FALSE;
	if (changed)
		mirror_records_clean(a);
	remove_leftovers(a);
	a->m->result->removed += mirror_clean(a);
	return TRUE;
}

/* ---- one suite ---- */

static gboolean attempt_run(struct mirror_attempt *a, GError **error)
{
	if (!plan(a, error))
		return FALSE;
	if (!a->apt.found && !a->dnf.found)
		return TRUE;
	return mirror_indexes_fetch(a, error) && mirror_indexes_read(a, &a->apt, error) &&
	       mirror_indexes_read(a, &a->dnf, error) && mirror_records_fetch(a, error) &&
	       mirror_packages_fetch(a, error) && publish(a, error);
}

/* Whether the source's top files are others than those that this attempt began with. */
static gboolean has_moved(const struct mirror_attempt *a)
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

static void note_suite(struct mirror_attempt *a)
{
	struct mirror_part *top = a->apt.found ? &a->apt : &a->dnf;
	struct mirror_suite *s = g_new(struct mirror_suite, 1);

	*s = (struct mirror_suite){.name = g_strdup(a->suite),
				   .signers = g_strdupv(top->signers),
				   .date = top->date,
				   .valid_until = top->valid_until,
				   .state = top->settings ? top->settings->state : 0,
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
		g_auto(mirror_attempt) a = {0};
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
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "suite '%s' is no name of a folder",
				    *suite);
			return FALSE;
		}
		if (!mirror_parts_settle(m, *suite, error) || !mirror_suite_run(m, *suite, &found, error))
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
	g_autoptr(GDir) folder = g_dir_open(m->parts, 0, NULL);
	g_autofree char *retired = g_path_get_basename(MIRROR_RETIRED);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(m->parts, name, NULL);
		if (strcmp(name, retired) != 0)
			generation_remove_tree(path, NULL);
	}
	rmdir(m->parts);
}

mirror_result *mirror_run(const struct mirror_options *options, GError **error)
{
	g_auto(mirror) m = {.options = options, .dir = options->dir, .tally.progress = options->progress};

	m.parts = g_build_filename(options->dir, MIRROR_PARTS, NULL);
	m.result = g_new0(mirror_result, 1);
	m.result->suites = g_ptr_array_new_with_free_func(suite_free);
	m.source = source_open(options->source, &options->limits, error);
	if (m.source == NULL || !check_apart(options, error) || !mirror_trust_open(&m, error) ||
	    !claim_fresh(&m.claim, options->dir, options->wait, error))
		return NULL;
	if (!file_make_dirs(m.parts, error))
		return NULL;
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
