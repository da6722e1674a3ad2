/* Deciding about what arrives: see admission.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/admission.h"
#include "publish/departure.h"
#include "publish/stage.h"

struct admission {
	publication *p;
	transaction *t;
	const struct publication_gate *gate;
	GPtrArray *entries;  /* entry *: its own until it is decided */
	GPtrArray *arriving; /* struct member *: the same, and their copies */
	GHashTable *by_path; /* path -> entry: the same */
	GPtrArray *stage_entries, *waiting; /* likewise what waits in the stage, but for what arrives again */
	GPtrArray *added;    /* while it is settled */
};

admission *admission_new(publication *p, transaction *t, const struct publication_gate *gate)
{
	admission *a = g_new0(admission, 1);

	*a = (admission){.p = p,
			 .t = t,
			 .gate = gate,
			 .entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free),
			 .arriving = members_new(),
			 .by_path = g_hash_table_new(g_str_hash, g_str_equal),
			 .stage_entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free),
			 .waiting = members_new()};
	return a;
}

void admission_free(admission *a)
{
	if (a == NULL)
		return;
	g_ptr_array_unref(a->arriving);
	g_ptr_array_unref(a->waiting);
	g_hash_table_unref(a->by_path);
	g_ptr_array_unref(a->entries);
	g_ptr_array_unref(a->stage_entries);
	g_free(a);
}

const char *admission_known(admission *a, const char *path, const entry **known)
{
	const struct state_item *waits = stage_find(a->p->last, path);

	*known = transaction_find(a->t, path);
	if (*known == NULL)
		*known = g_hash_table_lookup(a->by_path, path);
	return *known ? (*known)->sha256 : waits ? waits->sha256 : NULL;
}

void admission_add(admission *a, entry *e, const char *copy)
{
	members_add(a->arriving, e, copy, MEMBER_ARRIVES);
	g_hash_table_insert(a->by_path, e->path, e);
	g_ptr_array_add(a->entries, e);
}

static void add_members(GPtrArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++) {
		const struct member *m = from->pdata[i];
		members_add(to, m->entry, m->file, m->move);
	}
}

/* The suite as it would be, with what waits in the stage or without. */
static struct users *judge(admission *a, gboolean with_stage, GError **error)
{
	g_autoptr(GPtrArray) members = members_new();

	for (guint i = 0; i < a->p->packages->len; i++)
		members_add_published(members, a->p->packages->pdata[i], a->p->site.dir, MEMBER_STAYS);
	add_members(members, a->arriving);
	if (with_stage)
		add_members(members, a->waiting);
	members_sort(members);
	return users_judge(members, &a->gate->waivers, error);
}

static void publish_given(admission *a)
{
	for (guint i = 0; i < a->arriving->len; i++) {
		const struct member *m = a->arriving->pdata[i];
		stage_drop(transaction_state(a->t), m->entry->path);
		transaction_add(a->t, a->entries->pdata[i], m->file);
	}
	g_free(g_ptr_array_steal(a->entries, NULL));
}

static void publish_stage(admission *a)
{
	for (guint i = 0; i < a->stage_entries->len; i++) {
		entry *e = a->stage_entries->pdata[i];
		struct publication_added *result = g_new0(struct publication_added, 1);
		result->entry = e;
		result->fate = PUBLICATION_MOVED;
		g_ptr_array_add(a->added, result);
		transaction_add(a->t, e, NULL);
	}
	g_free(g_ptr_array_steal(a->stage_entries, NULL));
	g_ptr_array_set_size(transaction_state(a->t)->staged, 0);
}

static void stage_given(admission *a)
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

/* One line: what would not run, and what can be done. WITH_STAGE: why the stage does not help; NULL without one. */
static gboolean refuse(const admission *a, const GError *cause, const GError *with_stage, GError **error)
{
	g_set_error(error, cause->domain, cause->code,
		    "%s: suite %s: %s%s%s; add with it what was built again or is missing, keep it in the stage until that "
		    "comes (--stage), or waive the finding (--waivers)",
		    a->p->site.dir, a->p->site.settings->suite, cause->message,
		    with_stage ? "; with the packages in the stage " : "", with_stage ? with_stage->message : "");
	return FALSE;
}

/* What is given alone, as it does not run with the stage. */
static gboolean settle_alone(admission *a, const GError *with_stage, struct users **judged, GError **error)
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
static gboolean settle(admission *a, struct users **judged, GError **error)
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
	departure_record(a->t, *judged);
	return TRUE;
}

gboolean admission_settle(admission *a, const char *folder, GPtrArray *added, struct users **judged, gboolean *changes,
			  GError **error)
{
	a->added = added;
	*changes = FALSE;
	if (!stage_read(a->p, folder, a->by_path, a->stage_entries, a->waiting, error))
		return FALSE;
	if (a->arriving->len == 0 && (!a->gate->stage || a->waiting->len == 0))
		return TRUE;
	if (!settle(a, judged, error))
		return FALSE;
	*changes = a->arriving->len > 0 || a->stage_entries->len == 0;
	g_ptr_array_set_size(a->arriving, 0); /* there may be very many, and what follows needs memory */
	g_hash_table_remove_all(a->by_path);
	return TRUE;
}
