/* Judging the programs of a suite: see users.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/users.h"
#include "core/parallel.h"
#include "core/text.h"
#include "judge/consumer.h"
#include "judge/rules.h"
#include "publish/elffiles.h"
#include "publish/templates.h"

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
	for (guint i = 0; s != NULL && s->libraries != NULL && i < s->libraries->len; i++) {
		const struct elflibrary *l = s->libraries->pdata[i];
		const struct facts *f = l->facts;
		if (strcmp(f->soname, soname) == 0 && f->machine == program->machine && f->bits == program->bits &&
		    f->big_endian == program->big_endian && elffiles_finds(program, l))
			return l;
	}
	return NULL;
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

/*
 * Of types that the suite's library never told, nothing is lost: what is imported is judged, and that is said. Where it
 * told them, whoever adds the library can add what is missing.
 */
static void weigh_evidence(struct verdict *v, const struct facts *older)
{
	for (guint i = 0; i < v->findings->len; i++) {
		struct verdict_finding *f = v->findings->pdata[i];
		if (f->rule != &rule_no_debug)
			continue;
		if (older->evidence != FACTS_TYPES)
			f->word = VERDICT_SAME;
		g_free(f->change);
		f->change = g_strdup("has no debug information, as the one before it has; add its debug package with it");
	}
	verdict_weigh(v);
}

static struct consumer *judge(const struct pair *p, const struct facts *older, const struct users_waivers *waivers)
{
	const struct facts *family[] = {p->before ? p->before->facts : NULL, NULL};
	struct consumer *c = consumer_new(p->program, older, p->after->facts, family);

	if (older != NULL)
		weigh_evidence(c->verdict, older);
	if (waivers->list != NULL)
		waivers_apply(waivers->list, c->verdict, &waivers->today, FALSE);
	return c;
}

static char *describe(const struct consumer *c)
{
	const struct verdict_finding *first = consumer_reason(c);
	guint more = 0;

	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		more += f != first && f->word == c->verdict->word && !verdict_is_waived(f) ? 1 : 0;
	}
	if (first == NULL)
		return NULL;
	g_autofree char *text = g_strdup_printf("%s \"%s\" %s", first->rule->id, first->subject, first->change);
	g_autofree char *line = text_one_line(text);
	return more == 0 ? g_steal_pointer(&line) : g_strdup_printf("%s, and %u more", line, more);
}

static char *waivers_of(const struct consumer *c)
{
	GString *out = NULL;

	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		if (!verdict_is_waived(f))
			continue;
		if (out == NULL)
			out = g_string_new(NULL);
		g_autofree char *subject = text_one_line(f->subject);
		g_string_append_printf(out, "%s%s \"%s\" (%s, until %s): %s", out->len > 0 ? "; " : "", f->rule->id,
				       subject, f->waiver->author, f->waiver->until, f->waiver->reason);
	}
	return out ? g_string_free(out, FALSE) : NULL;
}

/* Were types compared, in one of the two ways? */
static gboolean types_compared(const struct pair *p, const struct consumer *c)
{
	gboolean libraries = c->types_known && p->before->facts->evidence == FACTS_TYPES &&
			     p->after->facts->evidence == FACTS_TYPES;

	return libraries || c->uses->len == 0 || c->own_declarations + c->own_types > 0;
}

static const enum users_word word_for[] = {
	[VERDICT_SAME] = USERS_RUNS,
	[VERDICT_ADDS] = USERS_RUNS,
	[VERDICT_UNKNOWN] = USERS_UNKNOWN,
	[VERDICT_BREAKS] = USERS_BREAKS,
};

/* Adds to the result what is no obstacle and yet to be known. */
static void note(struct users_result *r, const struct pair *p, const struct consumer *c)
{
	const char *what = NULL;

	if (r->word != USERS_RUNS)
		return;
	if (r->waivers != NULL)
		what = "by a waiver";
	else if (p->link->disallowed)
		what = "its dependency allows none of the suite's versions";
	else if (!types_compared(p, c))
		what = "types are not known, and were not compared";
	if (what == NULL)
		return;
	r->word = USERS_NOTE;
	r->reason = g_strdup(what);
}

static struct users_result *result_of(const struct pair *p, const struct consumer *c)
{
	enum users_word word = word_for[c->verdict->word];
	struct users_result *r = new_result(p->link, word, word > USERS_NOTE ? describe(c) : NULL);

	r->program = g_strdup(p->file);
	r->soname = text_one_line(p->after->facts->soname);
	r->waivers = waivers_of(c);
	r->program_id = g_strdup(p->program->build_id);
	r->library_id = g_strdup(p->after->build_id);
	r->before_id = p->before ? g_strdup(p->before->build_id) : NULL;
	note(r, p, c);
	return r;
}

/* Nothing says whether the program was built with the library that the suite has or with the one that it would get. */
static void doubt(struct users_result *r, const struct pair *p, const struct consumer *with_older)
{
	const entry *before = p->link->before->entry, *after = p->link->after->entry;
	g_autofree char *why = describe(with_older);

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
	gboolean told = p->program->evidence == FACTS_TYPES && p->after->facts->evidence == FACTS_TYPES;
	if (older == NULL || !p->link->loose || told || r->word > USERS_NOTE)
		return r;
	g_autoptr(consumer) both = judge(p, older, waivers);
	if (word_for[both->verdict->word] > USERS_NOTE)
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
