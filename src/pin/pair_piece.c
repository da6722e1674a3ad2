/* One program's package with all versions of its libraries: see pair_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pair_private.h"
#include "core/text.h"
#include "pin/sight.h"
#include "publish/users_pair.h"

#include <string.h>

/* A piece being judged. */
struct visit {
	struct piece *piece;
	const struct bench *bench;
	elfprograms *programs; /* NULL: not opened, or not to be read */
	GPtrArray *surfaces;   /* struct facts * of each program, NULL for one that cannot be read */
	GError *unreadable;    /* why nobody can read the package; NULL: it can be read */
};

static void use_free(gpointer data)
{
	struct use *u = data;

	g_free(u->file);
	g_free(u->soname);
	g_ptr_array_unref(u->names);
	g_free(u);
}

static void unref_variant(gpointer value)
{
	if (value != NULL)
		g_variant_unref(value);
}

static void free_group(gpointer data)
{
	struct group *g = data;

	g_ptr_array_unref(g->shelves);
	g_clear_pointer(&g->meetings, g_ptr_array_unref);
	g_ptr_array_unref(g->pairs);
	g_free(g);
}

void piece_free(gpointer data)
{
	struct piece *p = data;

	g_free(p->id);
	g_ptr_array_unref(p->groups);
	g_clear_error(&p->error);
	g_free(p);
}

struct piece *piece_new(const struct member *member, const GPtrArray *members)
{
	struct piece *p = g_new0(struct piece, 1);

	p->member = member;
	p->id = elffiles_identity(member, members);
	p->groups = g_ptr_array_new_with_free_func(free_group);
	return p;
}

struct group *piece_add_group(struct piece *p, GPtrArray *shelves)
{
	struct group *g = g_new0(struct group, 1);

	g->shelves = g_ptr_array_ref(shelves);
	g->pairs = g_ptr_array_new();
	g_ptr_array_add(p->groups, g);
	return g;
}

/* ---- meetings ---- */

static void meeting_key(const struct piece *p, const struct shelf *s, guint8 key[CACHE_KEY_SIZE])
{
	cache_key *k = cache_key_new("meeting");

	cache_key_add(k, p->id);
	cache_key_add(k, s->id);
	cache_key_end(k, key);
}

void piece_lookup(struct piece *p, const struct bench *b)
{
	guint8 key[CACHE_KEY_SIZE];

	for (guint i = 0; i < p->groups->len; i++) {
		struct group *g = p->groups->pdata[i];
		g->meetings = g_ptr_array_new_full(g->shelves->len, unref_variant);
		for (guint k = 0; k < g->shelves->len; k++) {
			struct shelf *s = g->shelves->pdata[k];
			meeting_key(p, s, key);
			GVariant *kept = cache_find(b->answers, key, MEETING_TYPE);
			s->early |= kept == NULL;
			g_ptr_array_add(g->meetings, kept);
		}
	}
}

/* What is wrong with the repository's own files stops everything; what is in a package is part of the answer. */
static gboolean stops(struct visit *v, const GError *error)
{
	if (error->domain == FACTS_ERROR)
		return FALSE;
	if (v->piece->error == NULL)
		v->piece->error = g_error_copy(error);
	return TRUE;
}

static void add_sonames(GHashTable *sonames, const struct shelf *s)
{
	for (guint i = 0; s->libraries != NULL && i < s->libraries->len; i++)
		g_hash_table_add(sonames, (gpointer)((const struct elflibrary *)s->libraries->pdata[i])->facts->soname);
}

/* The sonames that the versions have which are open, and those that earlier meetings were about. */
static GHashTable *sonames_of(const struct visit *v)
{
	GHashTable *sonames = g_hash_table_new(g_str_hash, g_str_equal);
	const char *soname;

	for (guint i = 0; i < v->piece->groups->len; i++) {
		const struct group *g = v->piece->groups->pdata[i];
		for (guint k = 0; k < g->shelves->len; k++) {
			GVariantIter iter;
			add_sonames(sonames, g->shelves->pdata[k]);
			if (g->meetings->pdata[k] == NULL)
				continue;
			g_variant_iter_init(&iter, g->meetings->pdata[k]);
			while (g_variant_iter_next(&iter, "(&s^&aybaay)", NULL, &soname, NULL, NULL))
				g_hash_table_add(sonames, (gpointer)soname);
		}
	}
	return sonames;
}

static void open_programs(struct visit *v)
{
	g_autoptr(GHashTable) sonames = NULL;
	g_autoptr(GError) cause = NULL;

	if (v->programs != NULL || v->unreadable != NULL || v->piece->error != NULL)
		return;
	sonames = sonames_of(v);
	v->piece->opened = TRUE;
	v->programs = elffiles_programs(v->piece->member, v->bench->members, sonames, &cause);
	if (v->programs == NULL && !stops(v, cause))
		v->unreadable = g_steal_pointer(&cause);
	for (guint i = 0; v->programs != NULL && i < v->programs->container->files->len; i++) {
		const struct container_file *f = v->programs->container->files->pdata[i];
		g_ptr_array_add(v->surfaces, facts_read_surface_fd(f->fd, f->path, NULL));
	}
}

static void add_meeting(GVariantBuilder *out, const struct facts *program, const char *soname,
			const struct elflibrary *library)
{
	g_autoptr(consumer) c = consumer_new(program, NULL, library->facts, NULL);
	GVariantBuilder names;

	g_variant_builder_init(&names, G_VARIANT_TYPE("aay"));
	for (guint i = 0; i < program->n_imports; i++) {
		const char *name = program->imports[i].name;
		guint at = facts_first_export(library->facts, name);
		if (program->imports[i].library == NULL && at < library->facts->n_exports &&
		    strcmp(library->facts->exports[at].name, name) == 0)
			g_variant_builder_add(&names, "^ay", name);
	}
	g_variant_builder_add(out, "(s^aybaay)", program->path, soname, c->verdict->word <= VERDICT_ADDS, &names);
}

/* Each soname of the library's that a program needs, unless its own package has one of that name. */
static void meet(const struct visit *v, const struct shelf *s, const struct facts *program, GVariantBuilder *out)
{
	for (const char **name = program->needed; name != NULL && *name != NULL; name++) {
		const struct elflibrary *library = elffiles_find(s->libraries, *name, program);
		if (library != NULL && !g_hash_table_contains(v->programs->own, *name))
			add_meeting(out, program, *name, library);
	}
}

static void meet_all(struct visit *v, struct group *g)
{
	for (guint k = 0; v->programs != NULL && k < g->shelves->len; k++) {
		struct shelf *s = g->shelves->pdata[k];
		GVariantBuilder out;
		guint8 key[CACHE_KEY_SIZE];
		if (g->meetings->pdata[k] != NULL || s->libraries == NULL)
			continue;
		g_variant_builder_init(&out, G_VARIANT_TYPE(MEETING_TYPE));
		for (guint i = 0; i < v->surfaces->len; i++)
			if (v->surfaces->pdata[i] != NULL)
				meet(v, s, v->surfaces->pdata[i], &out);
		g->meetings->pdata[k] = g_variant_ref_sink(g_variant_builder_end(&out));
		meeting_key(v->piece, s, key);
		cache_put(v->bench->answers, key, g->meetings->pdata[k]);
	}
}

static gboolean is_met(const struct group *g)
{
	for (guint k = 0; k < g->shelves->len; k++)
		if (g->meetings->pdata[k] == NULL)
			return FALSE;
	return TRUE;
}

/* ---- uses ---- */

static struct use *find_use(GPtrArray *uses, const char *file, const char *soname)
{
	for (guint i = 0; i < uses->len; i++) {
		struct use *u = uses->pdata[i];
		if (strcmp(u->file, file) == 0 && strcmp(u->soname, soname) == 0)
			return u;
	}
	struct use *u = g_new0(struct use, 1);
	u->file = g_strdup(file);
	u->soname = g_strdup(soname);
	u->names = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(uses, u);
	return u;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_names(struct use *u, const char **names)
{
	for (; *names != NULL; names++)
		if (!g_ptr_array_find_with_equal_func(u->names, *names, g_str_equal, NULL))
			g_ptr_array_add(u->names, g_strdup(*names));
	g_ptr_array_sort(u->names, compare_names);
}

/* Has this version everything that the program uses? */
static gboolean suffices(const struct group *g, guint k, const struct use *u)
{
	const char *file, *soname;
	gboolean fits;
	GVariantIter iter;

	if (g->meetings->pdata[k] == NULL)
		return FALSE;
	g_variant_iter_init(&iter, g->meetings->pdata[k]);
	for (const char **names; g_variant_iter_next(&iter, "(&s^&ayb^a&ay)", &file, &soname, &fits, &names);) {
		guint n = g_strv_length((char **)names);
		g_free(names);
		if (strcmp(file, u->file) == 0 && strcmp(soname, u->soname) == 0)
			return fits && n == u->names->len;
	}
	return FALSE;
}

/* The length of a version without what packaging adds to it. */
static gsize upstream_length(const char *version)
{
	const char *dash = strrchr(version, '-');

	return dash ? (gsize)(dash - version) : strlen(version);
}

static gboolean same_upstream(const struct shelf *a, const struct shelf *b)
{
	const char *x = a->member->entry->version, *y = b->member->entry->version;
	gsize n = upstream_length(x);

	return n == upstream_length(y) && strncmp(x, y, n) == 0;
}

/* The newest package of the oldest upstream version that the dependency allows; -1 when it allows all or none. */
static gint least_allowed(const struct piece *p, const struct group *g)
{
	gint found = -1;

	for (guint k = 0; k < g->shelves->len; k++) {
		struct shelf *s = g->shelves->pdata[k];
		if (found >= 0 && !same_upstream(g->shelves->pdata[found], s))
			break;
		if (!links_allow(p->member, s->member))
			continue;
		if (k == 0)
			return -1;
		found = (gint)k;
	}
	return found;
}

/* What the program is taken to be built with: see struct pair. */
static struct shelf *before_of(const struct piece *p, const struct group *g, const struct use *u)
{
	gint least = least_allowed(p, g);

	if (least >= 0 && suffices(g, (guint)least, u))
		return g->shelves->pdata[least];
	for (guint k = 0; k < g->shelves->len; k++)
		if (suffices(g, k, u))
			return g->shelves->pdata[k];
	return NULL;
}

/* All that the program's package needs of the library's, in any of its versions. */
static GPtrArray *uses_of(const struct piece *p, const struct group *g)
{
	GPtrArray *uses = g_ptr_array_new_with_free_func(use_free);
	const char *file, *soname;

	for (guint k = 0; k < g->shelves->len; k++) {
		GVariantIter iter;
		if (g->meetings->pdata[k] == NULL)
			continue;
		g_variant_iter_init(&iter, g->meetings->pdata[k]);
		for (const char **names; g_variant_iter_next(&iter, "(&s^&ayb^a&ay)", &file, &soname, NULL, &names);
		     g_free(names))
			add_names(find_use(uses, file, soname), names);
	}
	for (guint i = 0; i < uses->len; i++) {
		struct use *u = uses->pdata[i];
		u->before = before_of(p, g, u);
	}
	return uses;
}

/* ---- pairs ---- */

static gpointer copy_finding(gconstpointer data, gpointer user)
{
	const struct pair_finding *f = data;
	struct pair_finding *copy = g_new(struct pair_finding, 1);

	(void)user;
	*copy = (struct pair_finding){g_strdup(f->rule), g_strdup(f->subject), g_strdup(f->change), g_strdupv(f->symbols)};
	return copy;
}

/* The worst use decides; of equal ones the first. */
static void take_outcome(struct pair *p, const struct use *u, const struct outcome *o)
{
	p->told = o->told && (p->told || !p->linked);
	if (p->linked && o->word <= p->word)
		return;
	g_free(p->file);
	g_free(p->soname);
	g_free(p->reason);
	g_free(p->waivers);
	g_ptr_array_unref(p->findings);
	p->linked = TRUE;
	p->word = o->word;
	p->file = g_strdup(u->file);
	p->soname = text_one_line(u->soname);
	p->reason = g_strdup(o->reason);
	p->waivers = g_strdup(o->waivers);
	p->findings = g_ptr_array_copy(o->findings, (GCopyFunc)copy_finding, NULL);
	g_ptr_array_set_free_func(p->findings, pair_finding_free);
	p->before = u->before ? u->before->member->entry : NULL;
}

static const struct elflibrary *library_in(struct shelf *s, const struct visit *v, const struct use *u,
					   const struct program *p)
{
	if (s == NULL || !shelf_open(s, v->bench->members))
		return NULL;
	return elffiles_find(s->libraries, u->soname, p->surface);
}

static const guint8 *unreached_in(const struct shelf *s, const struct elflibrary *library)
{
	for (guint i = 0; i < s->libraries->len; i++)
		if (s->libraries->pdata[i] == library)
			return s->unreached->pdata[i];
	g_assert_not_reached();
}

static char *not_in(const char *soname, const struct shelf *s)
{
	g_autofree char *shown = text_one_line(soname);

	return g_strdup_printf("%s is not in %s", shown, s->member->entry->name);
}

/* What looks the same to the program is judged once. */
static struct outcome *outcome_for(struct visit *v, const struct use *u, struct program *p, struct shelf *s,
				   const struct elflibrary *before, const sight *sight, GHashTable *known)
{
	const struct elflibrary *library = library_in(s, v, u, p);

	if (s->error != NULL)
		return stops(v, s->error) ? NULL : outcome_new(USERS_UNKNOWN, text_one_line(s->error->message));
	if (library == NULL)
		return outcome_new(USERS_BREAKS, not_in(u->soname, s));
	g_autofree char *looks = sight_of(sight, library->facts, unreached_in(s, library));
	struct outcome *o = g_hash_table_lookup(known, looks);
	if (o == NULL) {
		o = outcome_judge(p, u, library, before, v->bench->waivers);
		g_hash_table_insert(known, g_steal_pointer(&looks), o);
	}
	return g_rc_box_acquire(o);
}

static void judge_use(struct visit *v, const struct group *g, const struct use *u, struct program *p, const GArray *left)
{
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, outcome_unref);
	const struct elflibrary *before = library_in(u->before, v, u, p);
	g_autoptr(sight) sight = sight_new(p->surface, u->soname, before ? before->facts : NULL);

	for (guint k = 0; k < left->len && v->piece->error == NULL; k++) {
		guint i = g_array_index(left, guint, k);
		struct outcome *o = outcome_for(v, u, p, g->shelves->pdata[i], before, sight, known);
		if (o == NULL)
			return;
		take_outcome(g->pairs->pdata[i], u, o);
		outcome_unref(o);
	}
}

static void judge_uses(struct visit *v, const struct group *g, const GPtrArray *uses, const GArray *left)
{
	for (guint i = 0; i < uses->len; i++) {
		const struct use *u = uses->pdata[i];
		for (guint k = 0; k < v->surfaces->len; k++) {
			struct program p = {v->programs->container->files->pdata[k], v->programs->debug,
					    v->surfaces->pdata[k], FALSE};
			if (p.surface != NULL && strcmp(p.surface->path, u->file) == 0)
				judge_use(v, g, u, &p, left);
		}
	}
}

static void take_word(struct pair *p, enum users_word word, char *reason)
{
	g_free(p->reason);
	p->word = word;
	p->reason = reason;
}

/* What only the two packages tell. */
static void finish_pair(struct pair *p, const struct shelf *s, gboolean allowed)
{
	if (!p->linked && s->error != NULL)
		take_word(p, USERS_UNKNOWN, text_one_line(s->error->message));
	else if (!p->linked)
		take_word(p, USERS_NOTE, g_strdup("depends on it, but nothing in it is linked to it"));
	else if (p->word <= USERS_NOTE && p->waivers == NULL && !allowed)
		take_word(p, USERS_NOTE, g_strdup("its dependency does not allow this version"));
}

/* Fills in what is kept; returns which pairs are to be judged, as indexes (guint). */
static GArray *take_kept(struct visit *v, struct group *g, const GPtrArray *uses)
{
	GArray *left = g_array_new(FALSE, FALSE, sizeof(guint));
	guint8 key[CACHE_KEY_SIZE];

	for (guint i = 0; i < g->pairs->len; i++) {
		struct pair *p = g->pairs->pdata[i];
		const struct shelf *s = g->shelves->pdata[i];
		pair_key(v->bench, v->piece, s, links_allow(v->piece->member, s->member), uses, key);
		g_autoptr(GVariant) kept = cache_find(v->bench->answers, key, PAIR_TYPE);
		if (kept == NULL || !pair_unpack(g->shelves, kept, p))
			g_array_append_val(left, i);
	}
	return left;
}

static void keep(const struct visit *v, const struct group *g, const GPtrArray *uses, guint i)
{
	const struct shelf *s = g->shelves->pdata[i];
	struct pair *p = g->pairs->pdata[i];
	gboolean allowed = links_allow(v->piece->member, s->member);
	guint8 key[CACHE_KEY_SIZE];

	finish_pair(p, s, allowed);
	pair_key(v->bench, v->piece, s, allowed, uses, key);
	cache_put(v->bench->answers, key, pair_pack(p));
}

static gboolean suffices_all(const struct group *g, guint k, const GPtrArray *uses)
{
	for (guint i = 0; i < uses->len; i++)
		if (!suffices(g, k, uses->pdata[i]))
			return FALSE;
	return uses->len > 0;
}

/*
 * A version that breaks what was built with the least, although it has everything and the dependency allows it, may be what
 * the program was built with. Then what runs by the other assumption may not.
 */
static void note_doubt(const struct piece *piece, const struct group *g, const GPtrArray *uses)
{
	const struct pair *doubt = NULL;

	for (guint k = 0; k < g->pairs->len && doubt == NULL; k++) {
		const struct pair *p = g->pairs->pdata[k];
		const struct shelf *s = g->shelves->pdata[k];
		if (!p->told && p->word == USERS_BREAKS && suffices_all(g, k, uses) && links_allow(piece->member, s->member))
			doubt = p;
	}
	for (guint k = 0; doubt != NULL && k < g->pairs->len; k++) {
		struct pair *p = g->pairs->pdata[k];
		if (!p->told && p->word == USERS_RUNS)
			take_word(p, USERS_NOTE, g_strdup_printf("unless it was built with %s or a later one: %s",
								 doubt->library->version, doubt->reason));
	}
}

static void judge_group(struct visit *v, struct group *g)
{
	if (!is_met(g)) {
		open_programs(v);
		meet_all(v, g);
	}
	g_autoptr(GPtrArray) uses = uses_of(v->piece, g);
	g_autoptr(GArray) left = take_kept(v, g, uses);
	if (left->len > 0)
		open_programs(v);
	if (v->piece->error != NULL)
		return;
	if (v->programs != NULL)
		judge_uses(v, g, uses, left);
	for (guint k = 0; k < left->len && v->piece->error == NULL; k++) {
		guint i = g_array_index(left, guint, k);
		if (v->unreadable != NULL)
			take_word(g->pairs->pdata[i], USERS_UNKNOWN, text_one_line(v->unreadable->message));
		else
			keep(v, g, uses, i);
	}
	note_doubt(v->piece, g, uses);
}

static void free_facts(gpointer facts)
{
	facts_free(facts);
}

void piece_judge(struct piece *p, const struct bench *b)
{
	g_autoptr(GPtrArray) surfaces = g_ptr_array_new_with_free_func(free_facts);
	struct visit v = {.piece = p, .bench = b, .surfaces = surfaces};

	for (guint i = 0; i < p->groups->len && p->error == NULL; i++)
		judge_group(&v, p->groups->pdata[i]);
	elfprograms_free(v.programs);
	g_clear_error(&v.unreadable);
}
