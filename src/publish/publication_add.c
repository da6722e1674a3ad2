/* Adding packages to a repository: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/generation.h"
#include "publish/stage.h"
#include "publish/transaction.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Where packages wait until all of them are known to be good; what a crash leaves here, the next publisher removes. */
#define STAGING ".incoming"

static void added_free(gpointer data)
{
	struct publication_added *a = data;

	g_free(a->source);
	entry_free(a->own);
	g_free(a);
}

/* The work of one publication_add. */
struct adding {
	publication *p;
	const struct publication_gate *gate;
	transaction *t;
	char *staging;
	GPtrArray *added;    /* struct publication_added * */
	GPtrArray *entries;  /* entry *: those given that are new here; its own until their fate is known */
	GPtrArray *arriving; /* struct member *: the same, and their copies */
	GHashTable *by_path; /* path -> entry: the same */
	GPtrArray *stage_entries, *waiting; /* likewise what waits in the stage, but for what was given again */
};
typedef struct adding adding;

static void adding_clear(struct adding *a)
{
	transaction_free(a->t);
	if (a->staging != NULL)
		generation_remove_tree(a->staging, NULL);
	g_free(a->staging);
	if (a->added != NULL)
		g_ptr_array_unref(a->added);
	g_ptr_array_unref(a->arriving);
	g_ptr_array_unref(a->waiting);
	g_hash_table_unref(a->by_path);
	g_ptr_array_unref(a->entries);
	g_ptr_array_unref(a->stage_entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(adding, adding_clear)

static gboolean adding_begin(struct adding *a, publication *p, const struct publication_gate *gate, GError **error)
{
	*a = (struct adding){.p = p,
			     .gate = gate,
			     .t = transaction_new(p, "add"),
			     .staging = g_build_filename(p->site.dir, STAGING, NULL),
			     .added = g_ptr_array_new_with_free_func(added_free),
			     .entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free),
			     .arriving = members_new(),
			     .by_path = g_hash_table_new(g_str_hash, g_str_equal),
			     .stage_entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free),
			     .waiting = members_new()};
	return generation_remove_tree(a->staging, error) && file_make_dirs(a->staging, error);
}

static gboolean refuse_other_bytes(GError **error, const char *file, const entry *e, const char *published)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: %s %s %s is published with other bytes and never changes: published SHA-256 %s, this file %s; "
		    "give it a new version",
		    file, e->name, e->version, e->arch, published, e->sha256);
	return FALSE;
}

static entry *read_package(struct adding *a, const char *file, const char *staged, GError **error)
{
	g_autoptr(intake) in = intake_open(file, staged, error);
	const struct family *family = in ? family_of(in, error) : NULL;
	g_autoptr(entry) e = family ? family->read(&a->p->site, in, staged, error) : NULL;

	return e && publication_load(a->p, e->family, error) ? g_steal_pointer(&e) : NULL;
}

/* The digest of a file that this suite's indexes do not name: from another suite, or left by a crash. */
static char *digest_of_file(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, G_MAXSSIZE, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const void *data = g_bytes_get_data(bytes, &size);
	return digest_of(DIGEST_SHA256, data, size);
}

static gboolean check_other_suites(struct adding *a, const char *file, const entry *e, const char *sha256,
				   GError **error)
{
	g_autofree char *dists = g_build_filename(a->p->site.dir, "dists", NULL);
	g_autoptr(GDir) dir = g_dir_open(dists, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		if (*name == '.' || strcmp(name, a->p->site.settings->suite) == 0)
			continue;
		g_autoptr(publication) other = publication_open(a->p->site.dir, name, error);
		if (other == NULL)
			return FALSE;
		if (publication_find(other, e->path) != NULL)
			return refuse_other_bytes(error, file, e, sha256);
	}
	return TRUE;
}

/* Suites share the pool: what another one has published stays. What a crash left behind is replaced. */
static gboolean check_place(struct adding *a, const char *file, const entry *e, GError **error)
{
	g_autofree char *place = g_build_filename(a->p->site.dir, e->path, NULL);

	if (access(place, F_OK) < 0)
		return TRUE;
	g_autofree char *sha256 = digest_of_file(place, error);
	if (sha256 == NULL)
		return FALSE;
	return strcmp(sha256, e->sha256) == 0 || check_other_suites(a, file, e, sha256, error);
}

static void note_fate(struct adding *a, const char *file, const entry *e, enum publication_fate fate, entry *own)
{
	struct publication_added *result = g_new(struct publication_added, 1);

	*result = (struct publication_added){g_strdup(file), e, fate, own};
	g_ptr_array_add(a->added, result);
}

/* What is known under the path of E: published, given in this command, or waiting. */
static const char *known_digest(struct adding *a, const entry *e, const entry **known)
{
	const struct state_item *waits = stage_find(a->p->last, e->path);

	*known = transaction_find(a->t, e->path);
	if (*known == NULL)
		*known = g_hash_table_lookup(a->by_path, e->path);
	return *known ? (*known)->sha256 : waits ? waits->sha256 : NULL;
}

static gboolean take_in(struct adding *a, const char *file, GError **error)
{
	g_autofree char *copy = g_strdup_printf("%s/%u", a->staging, a->added->len);
	g_autoptr(entry) e = read_package(a, file, copy, error);
	const entry *known = NULL;
	const char *sha256 = e ? known_digest(a, e, &known) : NULL;

	if (e == NULL)
		return FALSE;
	if (sha256 != NULL && strcmp(sha256, e->sha256) != 0)
		return refuse_other_bytes(error, file, e, sha256);
	if (sha256 == NULL && !check_place(a, file, e, error))
		return FALSE;
	if (known != NULL || (sha256 != NULL && a->gate->stage)) {
		entry *own = known ? NULL : g_steal_pointer(&e);
		note_fate(a, file, known ? known : own, PUBLICATION_ALREADY, own);
		return unlink(copy) == 0 || file_error(error, errno, copy, "remove");
	}
	note_fate(a, file, e, PUBLICATION_ADDED, NULL);
	members_add(a->arriving, e, copy, TRUE);
	g_hash_table_insert(a->by_path, e->path, e);
	g_ptr_array_add(a->entries, g_steal_pointer(&e));
	return TRUE;
}

/* ---- what becomes of them ---- */

static void add_members(GPtrArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++) {
		const struct member *m = from->pdata[i];
		members_add(to, m->entry, m->file, m->arriving);
	}
}

/* The suite as it would be, with what waits in the stage or without. */
static struct users *judge(struct adding *a, gboolean with_stage, GError **error)
{
	g_autoptr(GPtrArray) members = members_new();

	for (guint i = 0; i < a->p->packages->len; i++) {
		const entry *e = a->p->packages->pdata[i];
		g_autofree char *file = g_build_filename(a->p->site.dir, e->path, NULL);
		members_add(members, e, file, FALSE);
	}
	add_members(members, a->arriving);
	if (with_stage)
		add_members(members, a->waiting);
	members_sort(members);
	return users_judge(members, &a->gate->waivers, error);
}

static void publish_given(struct adding *a)
{
	for (guint i = 0; i < a->arriving->len; i++) {
		const struct member *m = a->arriving->pdata[i];
		stage_drop(transaction_state(a->t), m->entry->path);
		transaction_add(a->t, a->entries->pdata[i], m->file);
	}
	g_free(g_ptr_array_steal(a->entries, NULL));
}

static void publish_stage(struct adding *a)
{
	for (guint i = 0; i < a->stage_entries->len; i++) {
		entry *e = a->stage_entries->pdata[i];
		stage_drop(transaction_state(a->t), e->path);
		note_fate(a, NULL, e, PUBLICATION_MOVED, NULL);
		transaction_add(a->t, e, NULL);
	}
	g_free(g_ptr_array_steal(a->stage_entries, NULL));
}

static void stage_given(struct adding *a)
{
	struct state *s = transaction_state(a->t);

	g_free(s->action);
	s->action = g_strdup("stage");
	for (guint i = 0; i < a->arriving->len; i++) {
		const struct member *m = a->arriving->pdata[i];
		transaction_stage(a->t, m->entry, m->file);
	}
	for (guint i = 0; i < a->added->len; i++) {
		struct publication_added *result = a->added->pdata[i];
		if (result->fate != PUBLICATION_ADDED)
			continue;
		result->fate = PUBLICATION_STAGED;
		result->own = (entry *)result->entry;
	}
	g_free(g_ptr_array_steal(a->entries, NULL));
}

/* What was overruled stands in the state. */
static void record_waivers(struct adding *a, const struct users *judged)
{
	for (guint i = 0; i < judged->results->len; i++) {
		const struct users_result *r = judged->results->pdata[i];
		if (r->waivers != NULL)
			g_ptr_array_add(transaction_state(a->t)->waived,
					g_strdup_printf("%s %s %s with %s %s: %s", r->user->family->name, r->user->name,
							r->user->version, r->library->name, r->library->version, r->waivers));
	}
}

/* One line: what would not run, and what can be done. WITH_STAGE: why the stage does not help; NULL without one. */
static gboolean refuse(const struct adding *a, const GError *cause, const GError *with_stage, GError **error)
{
	g_set_error(error, cause->domain, cause->code,
		    "%s: suite %s: %s%s%s; add with it what was built again or is missing, keep it in the stage until that "
		    "comes (--stage), or waive the finding (--waivers)",
		    a->p->site.dir, a->p->site.settings->suite, cause->message,
		    with_stage ? "; with the packages in the stage " : "", with_stage ? with_stage->message : "");
	return FALSE;
}

/* What is given alone, as it does not run with the stage. */
static gboolean settle_alone(struct adding *a, const GError *with_stage, struct users **judged, GError **error)
{
	g_autoptr(GError) cause = NULL;

	users_free(*judged);
	*judged = judge(a, FALSE, error);
	if (*judged == NULL)
		return FALSE;
	if (!users_pass(*judged, &cause))
		return refuse(a, cause, with_stage, error);
	publish_given(a);
	return TRUE;
}

/* All together; or into the stage, if that is wished; or what was given alone. */
static gboolean settle(struct adding *a, struct users **judged, GError **error)
{
	g_autoptr(GError) cause = NULL;

	*judged = judge(a, TRUE, error);
	if (*judged == NULL)
		return FALSE;
	if (users_pass(*judged, &cause)) {
		publish_given(a);
		publish_stage(a);
	} else if (a->gate->stage) {
		stage_given(a);
		return TRUE;
	} else if (a->waiting->len == 0) {
		return refuse(a, cause, NULL, error);
	} else if (!settle_alone(a, cause, judged, error)) {
		return FALSE;
	}
	record_waivers(a, *judged);
	return TRUE;
}

static gboolean is_nothing(const struct adding *a)
{
	return a->arriving->len == 0 && (!a->gate->stage || a->waiting->len == 0);
}

/* Has the stage been judged again, and nothing come of it? */
static gboolean is_unchanged(const struct adding *a)
{
	return a->arriving->len == 0 && a->stage_entries->len > 0;
}

GPtrArray *publication_add(publication *p, char *const *files, const struct publication_gate *gate, struct users **judged,
			   GError **error)
{
	g_auto(adding) a = {0};

	*judged = NULL;
	if (!adding_begin(&a, p, gate, error))
		return NULL;
	for (char *const *file = files; *file != NULL; file++)
		if (!take_in(&a, *file, error))
			return NULL;
	if (!stage_read(p, a.staging, a.by_path, a.stage_entries, a.waiting, error))
		return NULL;
	if (!is_nothing(&a) && (!settle(&a, judged, error) || (!is_unchanged(&a) && !transaction_publish(a.t, error))))
		return NULL;
	return g_steal_pointer(&a.added);
}
