/* Judging the programs of a suite: see users.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/users.h"
#include "core/parallel.h"
#include "core/text.h"
#include "publish/elffiles.h"
#include "publish/templates.h"
#include "publish/users_pair.h"

#include <string.h>

/* A package opened for its libraries. */
struct shelf {
	const struct member *member;
	GPtrArray *libraries; /* struct elflibrary *; NULL with an error */
	GError *error;
};

/* A user and his links, which stand together in the list. */
struct piece {
	guint first, n;
	GPtrArray *results; /* struct users_result * */
	GError *error;      /* what stops everything */
	gboolean opened;
};

struct work {
	const GPtrArray *members, *links;
	const struct users_waivers *waivers;
	GArray *shelves;     /* struct shelf */
	GHashTable *shelf_of; /* member -> its index + 1 */
	GArray *pieces;      /* struct piece */
};
typedef struct work work;

static void result_free(gpointer data)
{
	struct users_result *r = data;

	state_item_free(r->user);
	state_item_free(r->library);
	state_item_free(r->before);
	g_free(r->program);
	g_free(r->soname);
	g_free(r->reason);
	g_free(r->waivers);
	g_free(r->program_id);
	g_free(r->library_id);
	g_free(r->before_id);
	g_free(r);
}

static void shelf_clear(gpointer data)
{
	struct shelf *s = data;

	g_clear_pointer(&s->libraries, g_ptr_array_unref);
	g_clear_error(&s->error);
}

static void piece_clear(gpointer data)
{
	struct piece *p = data;

	g_clear_pointer(&p->results, g_ptr_array_unref);
	g_clear_error(&p->error);
}

static void work_clear(struct work *w)
{
	g_array_unref(w->shelves);
	g_hash_table_unref(w->shelf_of);
	g_array_unref(w->pieces);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(work, work_clear)

void users_free(struct users *u)
{
	if (u == NULL)
		return;
	g_ptr_array_unref(u->results);
	g_free(u);
}

/* ---- libraries ---- */

static void add_shelf(struct work *w, const struct member *m)
{
	struct shelf s = {.member = m};

	if (m == NULL || g_hash_table_contains(w->shelf_of, m))
		return;
	g_array_append_val(w->shelves, s);
	g_hash_table_insert(w->shelf_of, (gpointer)m, GUINT_TO_POINTER(w->shelves->len));
}

static const struct shelf *shelf_of(const struct work *w, const struct member *m)
{
	guint i = m ? GPOINTER_TO_UINT(g_hash_table_lookup(w->shelf_of, m)) : 0;

	return i > 0 ? &g_array_index(w->shelves, struct shelf, i - 1) : NULL;
}

static void open_shelf(guint i, gpointer user)
{
	const struct work *w = user;
	struct shelf *s = &g_array_index(w->shelves, struct shelf, i);

	s->libraries = elffiles_libraries(s->member, w->members, &s->error);
}

/* What a program of that machine would load under a soname. */
static const struct elflibrary *find_library(const struct shelf *s, const char *soname, const struct facts *program)
{
	return s != NULL && s->libraries != NULL ? elffiles_find(s->libraries, soname, program) : NULL;
}

static void add_sonames(GHashTable *sonames, const struct shelf *s)
{
	for (guint i = 0; s != NULL && s->libraries != NULL && i < s->libraries->len; i++)
		g_hash_table_add(sonames, (gpointer)((const struct elflibrary *)s->libraries->pdata[i])->facts->soname);
}

/* ---- one program with one library ---- */

/* What is judged: the program is read, the libraries are found. */
struct pair {
	const struct link *link;
	const struct facts *program;
	const struct elflibrary *after, *before; /* BEFORE may be NULL */
	char *file; /* of the program in its package; borrowed */
};

static struct users_result *new_result(const struct link *l, enum users_word word, char *reason)
{
	struct users_result *r = g_new0(struct users_result, 1);

	r->user = state_item_new(l->user->entry, TRUE);
	r->library = state_item_new(l->after->entry, TRUE);
	r->before = l->before ? state_item_new(l->before->entry, TRUE) : NULL;
	r->word = word;
	r->reason = reason;
	return r;
}

static struct consumer *judge(const struct pair *p, const struct facts *older, const struct users_waivers *waivers)
{
	const struct facts *family[] = {p->before ? p->before->facts : NULL, NULL};

	return users_pair_judge(p->program, older, p->after->facts, family, waivers);
}

/* What is no obstacle and yet to be known; a waiver is to be known first. */
static void note_disallowed(struct users_result *r, const struct pair *p)
{
	if (r->word > USERS_NOTE || r->waivers != NULL || !p->link->disallowed)
		return;
	g_free(r->reason);
	r->word = USERS_NOTE;
	r->reason = g_strdup("its dependency allows none of the suite's versions");
}

static struct users_result *result_of(const struct pair *p, const struct consumer *c)
{
	const struct facts *older = p->before && c->types_known ? p->before->facts : NULL;
	const char *note;
	enum users_word word = users_pair_word(c, older, &note);
	struct users_result *r = new_result(p->link, word, word > USERS_NOTE ? users_pair_reason(c) : g_strdup(note));

	r->program = g_strdup(p->file);
	r->soname = text_one_line(p->after->facts->soname);
	r->waivers = users_pair_waivers(c);
	r->program_id = g_strdup(p->program->build_id);
	r->library_id = g_strdup(p->after->build_id);
	r->before_id = p->before ? g_strdup(p->before->build_id) : NULL;
	note_disallowed(r, p);
	return r;
}

/* Nothing says whether the program was built with the library that the suite has or with the one that it would get. */
static void doubt(struct users_result *r, const struct pair *p, const struct consumer *with_older)
{
	const entry *before = p->link->before->entry, *after = p->link->after->entry;
	g_autofree char *why = users_pair_reason(with_older);

	g_free(r->reason);
	r->word = USERS_UNKNOWN;
	r->reason = g_strdup_printf("%s since %s, which its dependency allows too; if it was built with %s, let it depend on "
				    "%s (>= %s)", why ? why : "something changed", before->version, after->version,
				    after->name, after->version);
}

/* Whoever lacks something in the library that the suite has now is not broken by the next one. */
static void excuse_broken(struct users_result *r, const struct pair *p)
{
	g_autoptr(consumer) now = p->before ? consumer_new(p->program, NULL, p->before->facts, NULL) : NULL;

	if (r->word <= USERS_NOTE || now == NULL || now->verdict->word != VERDICT_BREAKS)
		return;
	g_free(r->reason);
	r->word = USERS_NOTE;
	r->reason = g_strdup_printf("does not run with %s %s either", p->link->before->entry->name,
				    p->link->before->entry->version);
}

/*
 * A program of the suite was built with what it runs with now. One that arrives tells by its own types or by its
 * dependency what it was built with, or it is in doubt.
 */
static struct users_result *judge_pair(const struct pair *p, const struct users_waivers *waivers)
{
	const struct facts *older = p->before ? p->before->facts : NULL;

	if (!p->link->user->arriving) {
		g_autoptr(consumer) c = judge(p, older, waivers);
		struct users_result *known = result_of(p, c);
		excuse_broken(known, p);
		return known;
	}
	g_autoptr(consumer) alone = judge(p, NULL, waivers);
	struct users_result *r = result_of(p, alone);
	if (older == NULL || !p->link->loose || users_pair_tells(p->program, p->after->facts) || r->word > USERS_NOTE)
		return r;
	g_autoptr(consumer) both = judge(p, older, waivers);
	if (both->verdict->word > VERDICT_ADDS)
		doubt(r, p, both);
	return r;
}

/* ---- one package with its libraries ---- */

/* A program's package being judged. */
struct visit {
	const struct work *work;
	struct piece *piece;
	const struct elfprograms *programs;
};

static const struct link *link_at(const struct visit *v, guint i)
{
	return v->work->links->pdata[v->piece->first + i];
}

/* The one build in both packages changes nothing for a program that is there already. */
static gboolean is_unchanged(const struct pair *p)
{
	return !p->link->user->arriving && p->before != NULL && p->before->build_id != NULL &&
	       g_strcmp0(p->before->build_id, p->after->build_id) == 0;
}

static struct users_result *judge_gone(const struct link *l, const struct container_file *f, const char *soname)
{
	struct users_result *r = new_result(l, USERS_BREAKS, NULL);

	r->soname = text_one_line(soname);
	r->reason = g_strdup_printf("%s is no longer in %s", r->soname, l->after->entry->name);
	r->program = g_strdup(f->path);
	r->program_id = g_strdup(f->build_id);
	return r;
}

/* Does another of the packages that the user will have hold it? */
static gboolean is_elsewhere(const struct visit *v, const char *soname, const struct facts *program)
{
	for (guint i = 0; i < v->piece->n; i++)
		if (find_library(shelf_of(v->work, link_at(v, i)->after), soname, program) != NULL)
			return TRUE;
	return FALSE;
}

static struct facts *read_program(const struct visit *v, const struct container_file *f, const struct facts *interface,
				  GError **error)
{
	return facts_read_fd(f->fd, f->path, &(struct facts_sources){.debug_packages = v->programs->debug,
								       .interface = interface}, error);
}

static void judge_soname(struct visit *v, const struct link *l, const struct container_file *f,
			 const struct facts *program, const char *soname)
{
	struct pair p = {l, NULL, find_library(shelf_of(v->work, l->after), soname, program),
			 find_library(shelf_of(v->work, l->before), soname, program), f->path};
	g_autoptr(GError) cause = NULL;

	if (p.after == NULL) {
		if (p.before != NULL && !l->user->arriving && !is_elsewhere(v, soname, program))
			g_ptr_array_add(v->piece->results, judge_gone(l, f, soname));
		return;
	}
	if (is_unchanged(&p))
		return;
	g_autoptr(facts) full = read_program(v, f, p.after->facts, &cause);
	p.program = full;
	struct users_result *r = full ? judge_pair(&p, v->work->waivers)
				      : new_result(l, USERS_UNKNOWN, text_one_line(cause->message));
	g_ptr_array_add(v->piece->results, r);
}

/* Each library of the link that the program needs, unless its own package has one of that name. */
static void judge_program(struct visit *v, const struct link *l, const struct container_file *f,
			  const struct facts *program, gboolean *linked)
{
	g_autoptr(GHashTable) sonames = g_hash_table_new(g_str_hash, g_str_equal);

	add_sonames(sonames, shelf_of(v->work, l->after));
	add_sonames(sonames, shelf_of(v->work, l->before));
	for (const char **name = program->needed; name != NULL && *name != NULL; name++) {
		if (!g_hash_table_contains(sonames, *name))
			continue;
		*linked = TRUE;
		if (!g_hash_table_contains(v->programs->own, *name))
			judge_soname(v, l, f, program, *name);
	}
}

/* It may load the library by name, when it runs; or only want what else is in the package. */
static void note_unlinked(struct visit *v, const struct link *l)
{
	const struct shelf *s = shelf_of(v->work, l->after);

	if (!l->after->arriving || l->user->arriving || s->libraries->len == 0)
		return;
	struct users_result *r = new_result(l, USERS_NOTE, g_strdup("depends on it, but nothing in it is linked to it"));
	r->soname = text_one_line(((const struct elflibrary *)s->libraries->pdata[0])->facts->soname);
	g_ptr_array_add(v->piece->results, r);
}

static void judge_link(struct visit *v, const struct link *l)
{
	const GPtrArray *files = v->programs->container->files;
	gboolean linked = FALSE;

	for (guint i = 0; i < files->len; i++) {
		const struct container_file *f = files->pdata[i];
		g_autoptr(facts) program = facts_read_surface_fd(f->fd, f->path, NULL);
		if (program != NULL)
			judge_program(v, l, f, program, &linked);
	}
	if (!linked)
		note_unlinked(v, l);
}

/* What is wrong with the repository's own files stops everything; what is in a package is part of the verdict. */
static gboolean is_fatal(const GError *error)
{
	return error->domain != FACTS_ERROR;
}

/* The sonames that the user's programs are searched for; FALSE when there are none. */
static gboolean sonames_of(const struct visit *v, GHashTable *sonames)
{
	for (guint i = 0; i < v->piece->n; i++) {
		const struct link *l = link_at(v, i);
		add_sonames(sonames, shelf_of(v->work, l->after));
		add_sonames(sonames, shelf_of(v->work, l->before));
	}
	return g_hash_table_size(sonames) > 0;
}

static void add_unknown(struct visit *v, const struct link *l, const GError *cause)
{
	g_ptr_array_add(v->piece->results, new_result(l, USERS_UNKNOWN, text_one_line(cause->message)));
}

static void judge_user(guint i, gpointer data)
{
	const struct work *w = data;
	struct visit v = {.work = w, .piece = &g_array_index(w->pieces, struct piece, i)};
	g_autoptr(GHashTable) sonames = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(elfprograms) programs = NULL;
	g_autoptr(GError) cause = NULL;

	if (sonames_of(&v, sonames)) {
		v.programs = programs = elffiles_programs(link_at(&v, 0)->user, w->members, sonames, &cause);
		v.piece->opened = TRUE;
	}
	if (cause != NULL && is_fatal(cause))
		v.piece->error = g_steal_pointer(&cause);
	else if (cause != NULL)
		add_unknown(&v, link_at(&v, 0), cause);
	for (guint k = 0; k < v.piece->n; k++) {
		const struct link *l = link_at(&v, k);
		const struct shelf *after = shelf_of(w, l->after);
		if (after->error != NULL)
			add_unknown(&v, l, after->error);
		else if (programs != NULL)
			judge_link(&v, l);
	}
}

/* ---- everything ---- */

static void add_pieces(struct work *w)
{
	for (guint i = 0; i < w->links->len; i++) {
		const struct link *l = w->links->pdata[i];
		struct piece *last = w->pieces->len > 0 ? &g_array_index(w->pieces, struct piece, w->pieces->len - 1) : NULL;
		add_shelf(w, l->after);
		add_shelf(w, l->before);
		if (last != NULL && ((const struct link *)w->links->pdata[last->first])->user == l->user) {
			last->n++;
			continue;
		}
		struct piece piece = {i, 1, g_ptr_array_new_with_free_func(result_free), NULL, FALSE};
		g_array_append_val(w->pieces, piece);
	}
}

static gboolean check_shelves(const struct work *w, GError **error)
{
	for (guint i = 0; i < w->shelves->len; i++) {
		const struct shelf *s = &g_array_index(w->shelves, struct shelf, i);
		if (s->error != NULL && is_fatal(s->error)) {
			g_propagate_error(error, g_error_copy(s->error));
			return FALSE;
		}
	}
	return TRUE;
}

static struct users *collect(const struct work *w, GError **error)
{
	g_autoptr(users) u = g_new0(struct users, 1);

	u->results = g_ptr_array_new_with_free_func(result_free);
	for (guint i = 0; i < w->pieces->len; i++) {
		struct piece *p = &g_array_index(w->pieces, struct piece, i);
		if (p->error != NULL) {
			g_propagate_error(error, g_steal_pointer(&p->error));
			return NULL;
		}
		u->n_packages += p->opened ? 1 : 0;
		for (guint k = 0; k < p->results->len; k++)
			u->worst = MAX(u->worst, ((const struct users_result *)p->results->pdata[k])->word);
		g_ptr_array_extend_and_steal(u->results, g_steal_pointer(&p->results));
	}
	return g_steal_pointer(&u);
}

struct users *users_judge(GPtrArray *members, const struct users_waivers *waivers, GError **error)
{
	templates_read(members);
	g_autoptr(GPtrArray) links = links_find(members);
	g_auto(work) w = {.members = members, .links = links, .waivers = waivers,
			  .shelves = g_array_new(FALSE, FALSE, sizeof(struct shelf)),
			  .shelf_of = g_hash_table_new(NULL, NULL),
			  .pieces = g_array_new(FALSE, FALSE, sizeof(struct piece))};

	g_array_set_clear_func(w.shelves, shelf_clear);
	g_array_set_clear_func(w.pieces, piece_clear);
	add_pieces(&w);
	parallel_run(w.shelves->len, open_shelf, &w);
	if (!check_shelves(&w, error))
		return NULL;
	parallel_run(w.pieces->len, judge_user, &w);
	return collect(&w, error);
}
