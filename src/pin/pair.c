/* Which programs run with which libraries: see pair.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pair.h"
#include "core/digest.h"
#include "core/parallel.h"
#include "pin/pair_private.h"
#include "pin/sight.h"

#include <string.h>

struct pairing {
	struct bench bench;
	GPtrArray *members;    /* struct member *: all packages, sorted */
	GHashTable *member_of; /* const entry * -> struct member * */
	GHashTable *providers; /* "deb:libc6" -> GPtrArray of const entry *: who has that name or provides it; NULL: not asked */
	GHashTable *pairs;     /* struct pair *, a set by program and library */
	GPtrArray *wanted;     /* struct pair *: those not judged yet */
	guint opened;
};

/* ---- what is asked ---- */

static void pair_free(gpointer data)
{
	struct pair *p = data;

	g_free(p->file);
	g_free(p->soname);
	g_free(p->reason);
	g_free(p->waivers);
	g_ptr_array_unref(p->findings);
	g_free(p);
}

static guint hash_pair(gconstpointer data)
{
	const struct pair *p = data;

	return g_direct_hash(p->program) * 31 + g_direct_hash(p->library);
}

static gboolean same_pair(gconstpointer a, gconstpointer b)
{
	const struct pair *x = a, *y = b;

	return x->program == y->program && x->library == y->library;
}

static char *digest_of_waivers(const struct users_waivers *w)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	if (w == NULL || w->list == NULL)
		return NULL;
	g_autofree char *today = g_strdup_printf("%u", g_date_get_julian(&w->today));
	digest_update(d, today, strlen(today) + 1);
	for (guint i = 0; i < w->list->n; i++) {
		const struct waiver *item = &w->list->items[i];
		const char *const texts[] = {item->rule, item->subject, item->reason, item->author, item->until};
		for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
			digest_update(d, texts[k] ? texts[k] : "", texts[k] ? strlen(texts[k]) + 1 : 1);
	}
	return digest_hex(d);
}

pairing *pairing_new(const publication *p, cache *answers, const struct users_waivers *waivers)
{
	pairing *pg = g_new0(pairing, 1);

	pg->members = members_new();
	pg->member_of = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < p->packages->len; i++) {
		const entry *e = p->packages->pdata[i];
		members_add_published(pg->members, e, p->site.dir, MEMBER_STAYS);
		g_hash_table_insert(pg->member_of, (gpointer)e, pg->members->pdata[i]);
	}
	members_sort(pg->members);
	pg->bench = (struct bench){p, pg->members, answers, waivers, digest_of_waivers(waivers)};
	pg->pairs = g_hash_table_new_full(hash_pair, same_pair, pair_free, NULL);
	pg->wanted = g_ptr_array_new();
	return pg;
}

void pairing_free(pairing *pg)
{
	if (pg == NULL)
		return;
	g_free(pg->bench.waivers_digest);
	g_hash_table_unref(pg->member_of);
	g_clear_pointer(&pg->providers, g_hash_table_unref);
	g_hash_table_unref(pg->pairs);
	g_ptr_array_unref(pg->wanted);
	g_ptr_array_unref(pg->members);
	g_free(pg);
}

static gboolean has_code(const entry *e)
{
	return strcmp(e->arch, "all") != 0 && strcmp(e->arch, "noarch") != 0;
}

static gboolean can_serve(const entry *program, const entry *library)
{
	return program->family == library->family && has_code(library) && strcmp(program->name, library->name) != 0 &&
	       (!has_code(program) || strcmp(program->arch, library->arch) == 0);
}

/* The pair, if need be a new one that nothing is known of. */
static struct pair *want(const pairing *pg, const entry *program, const entry *library)
{
	const struct pair asked = {.program = program, .library = library};
	struct pair *p = g_hash_table_lookup(pg->pairs, &asked);

	if (p != NULL)
		return p;
	p = g_memdup2(&asked, sizeof asked);
	p->findings = g_ptr_array_new_with_free_func(pair_finding_free);
	g_hash_table_add(pg->pairs, p);
	return p;
}

void pairing_want(pairing *pg, const entry *program, const entry *library)
{
	const struct pair asked = {.program = program, .library = library};

	if (can_serve(program, library) && !g_hash_table_contains(pg->pairs, &asked))
		g_ptr_array_add(pg->wanted, want(pg, program, library));
}

const struct pair *pairing_find(const pairing *pg, const entry *program, const entry *library)
{
	const struct pair asked = {.program = program, .library = library};

	return g_hash_table_lookup(pg->pairs, &asked);
}

guint pairing_opened(const pairing *pg)
{
	return pg->opened;
}

/* ---- names ---- */

/* A walk over the names in a record. */
struct walk {
	pairing *pairing;
	const entry *at;
	GHashTable *found; /* const char *, a set */
};

static char *name_key(const struct family *family, const char *name)
{
	return g_strconcat(family->name, ":", name, NULL);
}

static void note_provider(const struct relations_name *name, gpointer user)
{
	struct walk *w = user;
	g_autofree char *key = name_key(w->at->family, name->name);
	GPtrArray *list = g_hash_table_lookup(w->pairing->providers, key);

	if (list == NULL)
		g_hash_table_insert(w->pairing->providers, g_steal_pointer(&key), list = g_ptr_array_new());
	if (list->len == 0 || list->pdata[list->len - 1] != w->at)
		g_ptr_array_add(list, (gpointer)w->at);
}

static void index_providers(pairing *pg)
{
	struct walk w = {.pairing = pg};

	pg->providers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < pg->members->len; i++) {
		const struct member *m = pg->members->pdata[i];
		const struct relations_name own = {.name = m->entry->name};
		w.at = m->entry;
		if (!has_code(w.at))
			continue;
		note_provider(&own, &w);
		members_each_relation(m, RELATIONS_PROVIDES, note_provider, &w);
	}
}

static void note_needed(const struct relations_name *name, gpointer user)
{
	struct walk *w = user;
	g_autofree char *key = name_key(w->at->family, name->name);
	const GPtrArray *list = g_hash_table_lookup(w->pairing->providers, key);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const entry *library = list->pdata[i];
		if (can_serve(w->at, library))
			g_hash_table_add(w->found, library->name);
	}
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *pairing_names(pairing *pg, const entry *program)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);
	struct walk w = {pg, program, found};
	const struct member *m = g_hash_table_lookup(pg->member_of, program);
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	if (pg->providers == NULL)
		index_providers(pg);
	members_each_relation(m, RELATIONS_NEEDS, note_needed, &w);
	g_hash_table_iter_init(&iter, found);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_ptr_array_add(names, name);
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* ---- libraries ---- */

void shelf_free(gpointer data)
{
	struct shelf *s = data;

	g_free(s->id);
	g_mutex_clear(&s->lock);
	g_clear_pointer(&s->libraries, g_ptr_array_unref);
	g_clear_pointer(&s->unreached, g_ptr_array_unref);
	g_clear_error(&s->error);
	g_free(s);
}

static struct shelf *shelf_new(const struct member *m, const GPtrArray *members)
{
	struct shelf *s = g_new0(struct shelf, 1);

	s->member = m;
	s->id = elffiles_identity(m, members);
	g_mutex_init(&s->lock);
	return s;
}

gboolean shelf_open(struct shelf *s, const GPtrArray *members)
{
	g_mutex_lock(&s->lock);
	if (!s->opened) {
		s->opened = TRUE;
		s->libraries = elffiles_libraries(s->member, members, &s->error);
		s->unreached = g_ptr_array_new_with_free_func(g_free);
		for (guint i = 0; s->libraries != NULL && i < s->libraries->len; i++) {
			const struct elflibrary *l = s->libraries->pdata[i];
			g_ptr_array_add(s->unreached, sight_unreached(l->facts));
		}
	}
	g_mutex_unlock(&s->lock);
	return s->libraries != NULL;
}

/* ---- batches: what is judged together, so that libraries need not all be in memory at once ---- */

struct batch {
	const pairing *pairing;
	GHashTable *series; /* package name -> GPtrArray of struct shelf *: all versions, in order */
	GPtrArray *shelves; /* struct shelf *, all of them */
	GPtrArray *pieces;  /* struct piece * */
	GHashTable *piece_of; /* const entry * -> struct piece * */
	GHashTable *group_of; /* struct piece * -> GHashTable: series -> struct group * */
};
typedef struct batch batch;

static batch *batch_new(const pairing *pg)
{
	batch *b = g_new0(batch, 1);

	b->pairing = pg;
	b->series = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	b->shelves = g_ptr_array_new_with_free_func(shelf_free);
	b->pieces = g_ptr_array_new_with_free_func(piece_free);
	b->piece_of = g_hash_table_new(NULL, NULL);
	b->group_of = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
	return b;
}

static void batch_free(gpointer data)
{
	batch *b = data;

	g_hash_table_unref(b->group_of);
	g_hash_table_unref(b->piece_of);
	g_ptr_array_unref(b->pieces);
	g_hash_table_unref(b->series);
	g_ptr_array_unref(b->shelves);
	g_free(b);
}

/* All versions of a library's package count, not only those that are asked for: one of them is what programs were built with. */
static GPtrArray *series_of(batch *b, const entry *library)
{
	const GPtrArray *members = b->pairing->members;
	GPtrArray *series = g_hash_table_lookup(b->series, library->name);

	if (series != NULL)
		return series;
	series = g_ptr_array_new();
	g_hash_table_insert(b->series, library->name, series);
	for (guint i = 0; i < members->len; i++) {
		const struct member *m = members->pdata[i];
		if (m->entry->family != library->family || strcmp(m->entry->name, library->name) != 0 ||
		    strcmp(m->entry->arch, library->arch) != 0)
			continue;
		struct shelf *s = shelf_new(m, members);
		g_ptr_array_add(b->shelves, s);
		g_ptr_array_add(series, s);
	}
	return series;
}

/* The pairs of a program with all versions: what they are together tells how far each can be trusted. */
static void add_pairs(const batch *b, struct group *g, const entry *program)
{
	for (guint i = 0; i < g->shelves->len; i++) {
		const struct shelf *s = g->shelves->pdata[i];
		g_ptr_array_add(g->pairs, want(b->pairing, program, s->member->entry));
	}
}

static void batch_add(batch *b, const struct pair *p)
{
	struct piece *piece = g_hash_table_lookup(b->piece_of, p->program);
	GPtrArray *series = series_of(b, p->library);

	if (piece == NULL) {
		piece = piece_new(g_hash_table_lookup(b->pairing->member_of, p->program), b->pairing->members);
		g_ptr_array_add(b->pieces, piece);
		g_hash_table_insert(b->piece_of, (gpointer)p->program, piece);
		g_hash_table_insert(b->group_of, piece, g_hash_table_new(NULL, NULL));
	}
	GHashTable *groups = g_hash_table_lookup(b->group_of, piece);
	struct group *g = g_hash_table_lookup(groups, series);
	if (g == NULL) {
		g_hash_table_insert(groups, series, g = piece_add_group(piece, series));
		add_pairs(b, g, p->program);
	}
}

static void open_early(guint i, gpointer user)
{
	batch *b = user;
	struct shelf *s = b->shelves->pdata[i];

	if (s->early)
		shelf_open(s, b->pairing->members);
}

static void judge_piece(guint i, gpointer user)
{
	batch *b = user;

	piece_judge(b->pieces->pdata[i], &b->pairing->bench);
}

static gboolean batch_judge(batch *b, guint *opened, GError **error)
{
	for (guint i = 0; i < b->pieces->len; i++)
		piece_lookup(b->pieces->pdata[i], &b->pairing->bench);
	parallel_run(b->shelves->len, open_early, b);
	parallel_run(b->pieces->len, judge_piece, b);
	for (guint i = 0; i < b->shelves->len; i++)
		*opened += ((const struct shelf *)b->shelves->pdata[i])->opened;
	for (guint i = 0; i < b->pieces->len; i++) {
		struct piece *p = b->pieces->pdata[i];
		*opened += p->opened;
		if (p->error != NULL) {
			g_propagate_error(error, g_steal_pointer(&p->error));
			return FALSE;
		}
	}
	return TRUE;
}

/* One for each family and architecture: then a program with several libraries is opened once. */
static GHashTable *batches_of(const pairing *pg)
{
	GHashTable *batches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, batch_free);

	for (guint i = 0; i < pg->wanted->len; i++) {
		struct pair *p = pg->wanted->pdata[i];
		g_autofree char *key = name_key(p->library->family, p->library->arch);
		batch *b = g_hash_table_lookup(batches, key);
		if (b == NULL)
			g_hash_table_insert(batches, g_steal_pointer(&key), b = batch_new(pg));
		batch_add(b, p);
	}
	return batches;
}

gboolean pairing_judge(pairing *pg, GError **error)
{
	g_autoptr(GHashTable) batches = batches_of(pg);
	GHashTableIter iter;
	gpointer b;

	g_hash_table_iter_init(&iter, batches);
	while (g_hash_table_iter_next(&iter, NULL, &b)) {
		if (!batch_judge(b, &pg->opened, error))
			return FALSE;
		g_hash_table_iter_remove(&iter);
	}
	g_ptr_array_set_size(pg->wanted, 0);
	return TRUE;
}
