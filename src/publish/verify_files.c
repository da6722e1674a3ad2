/* Package files, and files that nobody knows: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/parallel.h"
#include "publish/claim.h"
#include "publish/error.h"
#include "publish/intake.h"
#include "publish/mirror.h"
#include "publish/journal.h"
#include "publish/rpmread.h"
#include "publish/verify_private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Nobody has deeper directories than we. */
#define MOST_DEPTH 32

/* ---- packages ---- */

/* All packages whose contents are to be read, and what came of it. */
struct reading {
	struct verify *v;
	GPtrArray *packages; /* struct verify_package * */
	GError **errors;     /* of each; NULL: none */
	GMutex mutex;        /* of what is told: */
	guint64 done, total; /* bytes */
};

static gint compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp((*(struct verify_package *const *)a)->path, (*(struct verify_package *const *)b)->path);
}

static GPtrArray *sorted_packages(const struct verify *v)
{
	GPtrArray *packages = g_ptr_array_new();
	GHashTableIter at;
	gpointer package;

	g_hash_table_iter_init(&at, v->packages);
	while (g_hash_table_iter_next(&at, NULL, &package))
		g_ptr_array_add(packages, package);
	g_ptr_array_sort(packages, compare_paths);
	return packages;
}

/* Whether it is a regular file of the size that was signed. */
static gboolean check_file(struct verify *v, const struct verify_package *p)
{
	g_autofree char *full = g_build_filename(v->dir, p->path, NULL);
	struct stat st;
	char *text = NULL;

	if (lstat(full, &st) < 0)
		text = g_strdup_printf("cannot be read: %s", g_strerror(errno));
	else if (!S_ISREG(st.st_mode))
		text = g_strdup("not a regular file");
	else if ((guint64)st.st_size != p->size)
		text = g_strdup_printf("its size is %" G_GINT64_FORMAT ", the signed index says %" G_GUINT64_FORMAT,
				       (gint64)st.st_size, p->size);
	if (text != NULL)
		verify_note(v, VERIFY_DIGEST, FALSE, p->suite, p->path, text);
	return text == NULL;
}

/* An .rpm is proved by its own signature, too: dnf asks for it. */
static gboolean read_sum(const struct verify *v, const struct verify_package *p, struct intake_sum *sum, GError **error)
{
	g_autofree char *full = g_build_filename(v->dir, p->path, NULL);
	g_autoptr(intake) in = intake_open(full, NULL, error);
	struct rpmread proof = {0};

	if (in == NULL)
		return FALSE;
	if (p->family != &family_rpm || p->certificate == NULL)
		return intake_finish(in, sum, error);
	if (!rpmread_check(in, p->certificate, &proof, error))
		return FALSE;
	*sum = proof.sum;
	return TRUE;
}

static void tell(struct reading *r, const struct verify_package *p)
{
	g_mutex_lock(&r->mutex);
	r->done += p->size;
	progress_report(r->v->options->progress, PROGRESS_BYTES, r->done, r->total, p->path);
	g_mutex_unlock(&r->mutex);
}

static void read_one(guint i, gpointer user)
{
	struct reading *r = user;
	const struct verify_package *p = r->packages->pdata[i];
	struct intake_sum sum = {0};

	tell(r, p);
	if (!read_sum(r->v, p, &sum, &r->errors[i]))
		return;
	if (strcmp(sum.sha256, p->sha256) != 0)
		g_set_error(&r->errors[i], PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "its SHA-256 is %s, the signed index says %s; it was changed behind abide's back",
			    sum.sha256, p->sha256);
	g_free(sum.sha256);
}

static void read_all(struct verify *v, GPtrArray *packages)
{
	struct reading r = {.v = v,
			    .packages = packages,
			    .errors = g_new0(GError *, packages->len + 1),
			    .total = v->report->bytes};

	g_mutex_init(&r.mutex);
	parallel_run(packages->len, read_one, &r);
	for (guint i = 0; i < packages->len; i++) {
		const struct verify_package *p = packages->pdata[i];
		if (r.errors[i] != NULL)
			verify_note_error(v, p->suite, p->path, r.errors[i]);
	}
	g_free(r.errors);
	g_mutex_clear(&r.mutex);
}

void verify_packages(struct verify *v)
{
	g_autoptr(GPtrArray) packages = sorted_packages(v), whole = g_ptr_array_new();

	for (guint i = 0; i < packages->len; i++) {
		const struct verify_package *p = packages->pdata[i];
		v->report->bytes += p->size;
		progress_report(v->options->progress, PROGRESS_PIECES, i, packages->len, p->path);
		if (check_file(v, p))
			g_ptr_array_add(whole, packages->pdata[i]);
	}
	if (v->options->packages) {
		read_all(v, whole);
		return;
	}
	v->report->unread = packages->len;
	v->report->unread_bytes = v->report->bytes;
}

/* ---- strays ---- */

/* What is there besides files that the indexes name. */
static const struct {
	const char *pattern; /* of the path from the top */
	const char *text;    /* what a warning says; NULL: it belongs there */
} ours[] = {
	{CLAIM_FILE, NULL},
	{MIRROR_RETIRED, NULL},
	{MIRROR_PARTS "/*", "left by a mirror that was interrupted; the next one goes on with it"},
	{JOURNAL_FILE, "left by a publication that was interrupted; the next one completes or removes what it did"},
	{"." JOURNAL_FILE ".*", "left by a publication that was interrupted; the next one removes it"},
	{"keys/.*", "left by a publication that was interrupted; the next one completes or removes it"},
	{"bases/.*", "left by a publication that was interrupted; the next one completes or removes it"},
	{"history/*/.*", "left by a publication that was interrupted; the next one removes it"},
	{".incoming/*", "left by a publication that was interrupted; the next one removes it"},
	{"dists/.*.next/*", "left by a publication that was interrupted; the next one completes or removes it"},
	{"bases/*.base", "no suite declares this base; abide publish prune removes it"},
	{"rpm/*/.repodata.next/*", "left by a publication that was interrupted; the next one completes or removes it"},
};

static gboolean is_ours(struct verify *v, const char *path)
{
	if (g_hash_table_contains(v->retired, path)) {
		verify_note(v, VERIFY_STRAY, TRUE, NULL, path,
			    g_strdup("kept by the mirror for readers in the middle of an earlier state; a later refresh removes it"));
		return TRUE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
		if (!g_pattern_match_simple(ours[i].pattern, path))
			continue;
		if (ours[i].text != NULL)
			verify_note(v, VERIFY_STRAY, TRUE, NULL, path, g_strdup(ours[i].text));
		return TRUE;
	}
	return FALSE;
}

/* Whether a path belongs to a suite that is not looked at; the pool and what lies at the top belongs to all. */
static gboolean is_elsewhere(const struct verify *v, const char *path)
{
	static const char *const folders[] = {"dists", "rpm", "history"};
	const char *wanted = v->options->suite;

	if (wanted == NULL)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *mine = g_strdup_printf("%s/%s/", folders[i], wanted);
		if (g_str_has_prefix(path, mine))
			return FALSE;
	}
	return TRUE;
}

static gboolean is_blind(const struct verify *v, const char *path)
{
	for (guint i = 0; i < v->blind->len; i++)
		if (g_str_has_prefix(path, v->blind->pdata[i]))
			return TRUE;
	return FALSE;
}

static void check_path(struct verify *v, const char *path)
{
	if (!g_hash_table_contains(v->known, path) && !is_elsewhere(v, path) && !is_ours(v, path) && !is_blind(v, path))
		verify_note(v, VERIFY_STRAY, FALSE, NULL, path, g_strdup("nothing that is signed names this file"));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *names_in(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
		g_ptr_array_add(names, g_strdup(name));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* folder: from the top; "" is the top. Symbolic links are not followed: none of ours is one. */
static void walk(struct verify *v, const char *folder, guint depth)
{
	g_autofree char *full = g_build_filename(v->dir, folder, NULL);
	g_autoptr(GPtrArray) names = names_in(full);

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path =
			*folder ? g_build_filename(folder, names->pdata[i], NULL) : g_strdup(names->pdata[i]);
		g_autofree char *at = g_build_filename(v->dir, path, NULL);
		struct stat st;
		if (lstat(at, &st) == 0 && S_ISDIR(st.st_mode) && depth < MOST_DEPTH)
			walk(v, path, depth + 1);
		else
			check_path(v, path);
	}
}

void verify_strays(struct verify *v)
{
	v->retired = mirror_retired(v->dir);
	walk(v, "", 0);
	g_clear_pointer(&v->retired, g_hash_table_unref);
}
