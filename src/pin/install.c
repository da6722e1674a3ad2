/* Whether hosts can install what they are to have: see install.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/install.h"
#include "core/digest.h"
#include "core/parallel.h"
#include "pack/base_text.h"
#include "pin/view_private.h"
#include "publish/closure.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER "(bmsas)"

/* So many questions share one pool of packages, which takes longer to fill than a question to answer. */
#define MOST_IN_POOL 64

/* What is asked of the solver. */
struct question {
	const struct view_base *on;
	guint8 *seen; /* by place in the packages: what is within reach */
	char **names; /* sorted */
	guint8 key[CACHE_KEY_SIZE];
	struct install answer;
	gboolean answered;
};

/* What is known of one base beside one suite. */
struct ground {
	char *digest; /* of its text */
	guint8 *near; /* by place: what its packages can come to need, or be replaced by */
};

struct installs {
	const view_bases *bases;
	const GPtrArray *packages;
	cache *answers;
	GPtrArray *questions;  /* struct question * */
	GHashTable *by_key;    /* GBytes * -> number of the question plus 1 */
	GHashTable *grounds;   /* const struct view_base * -> struct ground * */
	GHashTable *places;    /* const entry * -> its place in packages plus 1 */
	GHashTable *paths;     /* path -> const entry *; made when an answer was kept */
	guint solved;
};

/* Questions about one base, answered with one pool. */
struct piece {
	installs *all;
	const struct view_base *on;
	GPtrArray *questions; /* struct question *, borrowed */
	GError *error;
};

/* ---- making ---- */

static void question_free(gpointer data)
{
	struct question *q = data;

	g_free(q->seen);
	g_strfreev(q->names);
	g_free(q->answer.why);
	if (q->answer.gets != NULL)
		g_ptr_array_unref(q->answer.gets);
	g_free(q);
}

static void ground_free(gpointer data)
{
	struct ground *ground = data;

	g_free(ground->digest);
	g_free(ground->near);
	g_free(ground);
}

installs *installs_new(const view_bases *bases, const GPtrArray *packages, cache *answers)
{
	installs *all = g_new0(installs, 1);

	all->bases = bases;
	all->packages = packages;
	all->answers = answers;
	all->questions = g_ptr_array_new_with_free_func(question_free);
	all->by_key = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	all->grounds = g_hash_table_new_full(NULL, NULL, NULL, ground_free);
	all->places = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < packages->len; i++)
		g_hash_table_insert(all->places, packages->pdata[i], GUINT_TO_POINTER(i + 1));
	return all;
}

void installs_free(installs *all)
{
	if (all == NULL)
		return;
	g_ptr_array_unref(all->questions);
	g_hash_table_unref(all->by_key);
	g_hash_table_unref(all->grounds);
	g_hash_table_unref(all->places);
	if (all->paths != NULL)
		g_hash_table_unref(all->paths);
	g_free(all);
}

/* ---- what a base has to do with a suite ---- */

/* All that looks like a name in a relation; more than there are does no harm. */
static void mark_relation(const needed *n, const struct family *family, const char *text, guint8 *marks)
{
	g_auto(GStrv) words = g_strsplit_set(text ? text : "", " ,|()\t", -1);

	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			needed_mark(n, family, *word, marks);
}

/*
 * What has the name of an installed package may become its successor, and what provides something that one needs may stand
 * in; an .rpm that obsoletes something may come in its place, or keep it away.
 */
static guint8 *near_base(const needed *n, const struct view_base *on)
{
	const GPtrArray *packages = needed_packages(n);
	guint8 *near = g_new0(guint8, packages->len + 1);

	for (guint i = 0; i < on->base->packages->len; i++) {
		const struct base_package *p = on->base->packages->pdata[i];
		if (p->available)
			continue;
		needed_mark(n, on->family, p->name, near);
		mark_relation(n, on->family, p->relations[BASE_DEPENDS], near);
	}
	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (e->family == &family_rpm && strstr(e->record[0], "<rpm:obsoletes>") != NULL)
			near[i] = 1;
	}
	return near;
}

static const struct ground *ground_of(installs *all, const struct view_base *on)
{
	struct ground *ground = g_hash_table_lookup(all->grounds, on);

	if (ground != NULL)
		return ground;
	g_autofree char *text = base_text(on->base);
	ground = g_new0(struct ground, 1);
	ground->digest = digest_of(DIGEST_SHA256, text, strlen(text));
	ground->near = near_base(view_bases_needed(all->bases, all->packages), on);
	g_hash_table_insert(all->grounds, (gpointer)on, ground);
	return ground;
}

/* ---- asking ---- */

static gboolean is_same_but_version(const entry *a, const entry *b)
{
	return a->family == b->family && strcmp(a->name, b->name) == 0 && strcmp(a->arch, b->arch) == 0;
}

/* apt looks at no other than the newest. */
static guint8 *seen_of(const installs *all, const struct view_base *on, const GPtrArray *view)
{
	guint8 *seen = g_new0(guint8, all->packages->len + 1);

	for (guint i = 0; i < view->len; i++) {
		const entry *e = view->pdata[i];
		gboolean newer = FALSE;
		for (guint k = i + 1; on->family == &family_deb && k < view->len && !newer &&
				      strcmp(((const entry *)view->pdata[k])->name, e->name) == 0;
		     k++)
			newer = is_same_but_version(e, view->pdata[k]) &&
				e->family->compare(e->version, ((const entry *)view->pdata[k])->version) < 0;
		guint place = GPOINTER_TO_UINT(g_hash_table_lookup(all->places, e));
		if (e->family == on->family && !newer && place > 0)
			seen[place - 1] = 1;
	}
	return seen;
}

static guint8 *within_reach(installs *all, const struct view_base *on, const GPtrArray *view, char *const *names)
{
	const needed *n = view_bases_needed(all->bases, all->packages);
	const struct ground *ground = ground_of(all, on);
	g_autofree guint8 *seen = seen_of(all, on, view), *asked = g_new0(guint8, all->packages->len + 1);
	guint8 *reach = g_new0(guint8, all->packages->len + 1);

	for (; *names != NULL; names++)
		needed_mark(n, on->family, *names, asked);
	for (guint i = 0; i < all->packages->len; i++)
		reach[i] = seen[i] && (asked[i] || ground->near[i]);
	needed_follow(n, seen, reach);
	return reach;
}

static void make_key(installs *all, struct question *q)
{
	cache_key *key = cache_key_new("install");

	cache_key_add(key, ground_of(all, q->on)->digest);
	for (char **name = q->names; *name != NULL; name++)
		cache_key_add(key, *name);
	cache_key_add(key, NULL);
	for (guint i = 0; i < all->packages->len; i++)
		if (q->seen[i])
			cache_key_add(key, ((const entry *)all->packages->pdata[i])->sha256);
	cache_key_end(key, q->key);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

guint installs_ask(installs *all, const struct view_base *on, const GPtrArray *view, const char *const *names, guint n)
{
	struct question *q = g_new0(struct question, 1);

	q->on = on;
	q->names = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++)
		q->names[i] = g_strdup(names[i]);
	qsort(q->names, n, sizeof *q->names, compare_names);
	q->seen = within_reach(all, on, view, q->names);
	make_key(all, q);
	g_autoptr(GBytes) key = g_bytes_new(q->key, sizeof q->key);
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(all->by_key, key));
	if (number > 0) {
		question_free(q);
		return number - 1;
	}
	g_ptr_array_add(all->questions, q);
	g_hash_table_insert(all->by_key, g_steal_pointer(&key), GUINT_TO_POINTER(all->questions->len));
	return all->questions->len - 1;
}

/* ---- answers that were kept ---- */

static const entry *entry_at(installs *all, const char *path)
{
	if (all->paths == NULL) {
		all->paths = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint i = 0; i < all->packages->len; i++) {
			entry *e = all->packages->pdata[i];
			g_hash_table_insert(all->paths, e->path, e);
		}
	}
	return g_hash_table_lookup(all->paths, path);
}

static gboolean recall(installs *all, struct question *q)
{
	g_autoptr(GVariant) kept = cache_find(all->answers, q->key, ANSWER);
	g_autoptr(GVariantIter) paths = NULL;
	g_autoptr(GPtrArray) gets = g_ptr_array_new();
	g_autofree char *why = NULL;
	gboolean found;
	const char *path;

	if (kept == NULL)
		return FALSE;
	g_variant_get(kept, ANSWER, &found, &why, &paths);
	while (g_variant_iter_next(paths, "&s", &path)) {
		const entry *e = entry_at(all, path);
		if (e == NULL)
			return FALSE;
		g_ptr_array_add(gets, (gpointer)e);
	}
	q->answer = (struct install){TRUE, found, g_steal_pointer(&why), g_steal_pointer(&gets)};
	q->answered = TRUE;
	return TRUE;
}

static void keep(installs *all, const struct question *q)
{
	GVariantBuilder paths;

	g_variant_builder_init(&paths, G_VARIANT_TYPE("as"));
	for (guint i = 0; i < q->answer.gets->len; i++)
		g_variant_builder_add(&paths, "s", ((const entry *)q->answer.gets->pdata[i])->path);
	cache_put(all->answers, q->key, g_variant_new(ANSWER, q->answer.found, q->answer.why, &paths));
}

/* ---- answering ---- */

static void answer(struct piece *p, closure *c, struct question *q)
{
	const GPtrArray *entries = closure_entries(c);
	g_autofree guint8 *seen = g_new0(guint8, entries->len + 1);

	for (guint i = 0; i < entries->len; i++)
		seen[i] = q->seen[GPOINTER_TO_UINT(g_hash_table_lookup(p->all->places, entries->pdata[i])) - 1];
	q->answer.known = TRUE;
	q->answer.gets = g_ptr_array_new();
	q->answer.found = closure_request(c, seen, (const char *const *)q->names, g_strv_length(q->names),
					  q->answer.gets, &q->answer.why);
	g_ptr_array_sort(q->answer.gets, entry_compare);
	q->answered = TRUE;
}

static void answer_piece(guint i, gpointer user)
{
	struct piece *p = &((struct piece *)user)[i];
	g_autoptr(closure) c = closure_new(p->on->base, p->all->packages, &p->error);

	for (guint k = 0; c != NULL && k < p->questions->len; k++)
		answer(p, c, p->questions->pdata[k]);
}

/* The piece that takes one more question about this base. */
static struct piece *piece_for(installs *all, GArray *pieces, const struct view_base *on)
{
	for (guint i = pieces->len; i-- > 0;) {
		struct piece *p = &g_array_index(pieces, struct piece, i);
		if (p->on == on && p->questions->len < MOST_IN_POOL)
			return p;
	}
	struct piece p = {.all = all, .on = on, .questions = g_ptr_array_new()};
	g_array_append_val(pieces, p);
	return &g_array_index(pieces, struct piece, pieces->len - 1);
}

static void hand_out(installs *all, GArray *pieces)
{
	for (guint i = 0; i < all->questions->len; i++) {
		struct question *q = all->questions->pdata[i];
		if (q->answered)
			continue;
		if (q->on->base->packages->len == 0) {
			q->answer.gets = g_ptr_array_new();
			q->answered = TRUE;
		} else if (!recall(all, q)) {
			g_ptr_array_add(piece_for(all, pieces, q->on)->questions, q);
		}
	}
}

gboolean installs_answer(installs *all, GError **error)
{
	g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	gboolean good = TRUE;

	hand_out(all, pieces);
	parallel_run(pieces->len, answer_piece, pieces->data);
	for (guint i = 0; i < pieces->len; i++) {
		struct piece *p = &g_array_index(pieces, struct piece, i);
		for (guint k = 0; p->error == NULL && k < p->questions->len; k++)
			keep(all, p->questions->pdata[k]);
		all->solved += p->questions->len;
		g_ptr_array_unref(p->questions);
		if (p->error == NULL)
			continue;
		if (good)
			g_propagate_error(error, g_steal_pointer(&p->error));
		g_clear_error(&p->error);
		good = FALSE;
	}
	return good;
}

const struct install *installs_find(const installs *all, guint question)
{
	return &((const struct question *)all->questions->pdata[question])->answer;
}

guint installs_solved(const installs *all)
{
	return all->solved;
}
