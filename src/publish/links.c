/* The graph of packages, as far as what arrives touches it: see links.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/links.h"
#include "core/order.h"

#include <stdlib.h>
#include <string.h>

/* ---- members ---- */

static void member_free(gpointer data)
{
	struct member *m = data;

	g_clear_pointer(&m->names, g_ptr_array_unref);
	g_free(m);
}

GPtrArray *members_new(void)
{
	return g_ptr_array_new_with_free_func(member_free);
}

/* In one piece of memory, as there may be very many. */
static char *add(GPtrArray *members, const entry *e, enum member_move move, gsize room)
{
	struct member *m = g_malloc(sizeof *m + room);

	*m = (struct member){.entry = e, .move = move};
	g_ptr_array_add(members, m);
	return m->file;
}

void members_add(GPtrArray *members, const entry *e, const char *file, enum member_move move)
{
	strcpy(add(members, e, move, strlen(file) + 1), file);
}

void members_add_published(GPtrArray *members, const entry *e, const char *dir, enum member_move move)
{
	char *file = add(members, e, move, strlen(dir) + strlen(e->path) + 2);

	stpcpy(stpcpy(stpcpy(file, dir), "/"), e->path);
}

static gint compare_members(gconstpointer a, gconstpointer b)
{
	const struct member *x = *(const struct member *const *)a, *y = *(const struct member *const *)b;

	return entry_compare(&x->entry, &y->entry);
}

void members_sort(GPtrArray *members)
{
	order_sort(members, compare_members);
}

static int compare_name(const entry *e, const struct family *family, const char *name)
{
	int order = strcmp(e->family->name, family->name);

	return order != 0 ? order : strcmp(e->name, name);
}

/* The index of the first package whose family and name are not before these. */
static guint first_of_name(const GPtrArray *members, const struct family *family, const char *name)
{
	guint low = 0, high = members->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (compare_name(((const struct member *)members->pdata[middle])->entry, family, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct member *members_find(const GPtrArray *members, const struct family *family, const char *name,
				  const char *version, const char *arch)
{
	for (guint i = first_of_name(members, family, name); i < members->len; i++) {
		const struct member *m = members->pdata[i];
		if (compare_name(m->entry, family, name) != 0)
			break;
		if (strcmp(m->entry->version, version) == 0 && strcmp(m->entry->arch, arch) == 0)
			return m;
	}
	return NULL;
}

void members_each_relation(const struct member *m, enum relations_side side, relations_fn fn, gpointer user)
{
	const char *record = m->entry->record[0];

	if (record != NULL)
		m->entry->family->relations(record, strlen(record), side, fn, user);
}

/* ---- names that matter ---- */

/* A name that something has or needs that arrives or leaves. */
struct node {
	gboolean offered; /* by such: then all who need it are users */
	GPtrArray *providers, *users; /* const struct member * */
};

static void node_free(gpointer data)
{
	struct node *n = data;

	g_ptr_array_unref(n->providers);
	g_ptr_array_unref(n->users);
	g_free(n);
}

/* The walk over all packages. */
struct graph {
	const GPtrArray *members;
	GHashTable *nodes; /* name -> struct node */
	GHashTable *names; /* package name -> `names` of the one that moves, which hold for its other versions too */
	GHashTable *fresh; /* member, a set: the users that are new */
	const struct member *at;
	gboolean offered;
};

static void add_node(const struct relations_name *name, gpointer user)
{
	struct graph *g = user;
	struct node *n = g_hash_table_lookup(g->nodes, name->name);

	if (n == NULL) {
		n = g_new(struct node, 1);
		*n = (struct node){FALSE, g_ptr_array_new(), g_ptr_array_new()};
		g_hash_table_insert(g->nodes, g_strdup(name->name), n);
	}
	n->offered |= g->offered;
}

static gboolean has_code(const struct member *m)
{
	return strcmp(m->entry->arch, "all") != 0 && strcmp(m->entry->arch, "noarch") != 0;
}

/* The names that a package has without providing them in its record. */
static void add_own_names(struct graph *g, relations_fn fn)
{
	const struct relations_name own = {.name = g->at->entry->name};
	const GPtrArray *more = g_hash_table_lookup(g->names, own.name);

	fn(&own, g);
	for (guint i = 0; more != NULL && g->at->entry->family == &family_deb && i < more->len; i++) {
		const struct relations_name name = {.name = more->pdata[i]};
		fn(&name, g);
	}
}

/* The newest version that stays or arrives, and whether a newer one leaves; those stand behind it. */
static gboolean is_newest(const GPtrArray *members, guint i, gboolean *emerges)
{
	const struct member *m = members->pdata[i];

	*emerges = FALSE;
	for (guint j = i + 1; m->move != MEMBER_LEAVES && j < members->len; j++) {
		const struct member *other = members->pdata[j];
		if (compare_name(other->entry, m->entry->family, m->entry->name) != 0)
			break;
		if (strcmp(other->entry->arch, m->entry->arch) != 0)
			continue;
		if (other->move != MEMBER_LEAVES)
			return FALSE;
		*emerges = TRUE;
	}
	return m->move != MEMBER_LEAVES;
}

/* What arrives or leaves is a library for others. */
static void add_offered(struct graph *g)
{
	if (g->at->move == MEMBER_STAYS)
		return;
	if (g->at->names != NULL)
		g_hash_table_insert(g->names, g->at->entry->name, g->at->names);
	g->offered = TRUE;
	add_own_names(g, add_node);
	members_each_relation(g->at, RELATIONS_PROVIDES, add_node, g);
	g->offered = FALSE;
}

/* What clients will install and do not yet is a program for the libraries of others. */
static void add_fresh(struct graph *g, guint i)
{
	gboolean emerges = FALSE, newest = is_newest(g->members, i, &emerges);

	if (!newest || (g->at->move == MEMBER_STAYS && !emerges))
		return;
	g_hash_table_add(g->fresh, (gpointer)g->at);
	members_each_relation(g->at, RELATIONS_NEEDS, add_node, g);
}

static void add_nodes(struct graph *g)
{
	for (guint i = 0; i < g->members->len; i++) {
		g->at = g->members->pdata[i];
		if (!has_code(g->at))
			continue;
		add_offered(g);
		add_fresh(g, i);
	}
}

static void add_once(GPtrArray *list, const struct member *m)
{
	if (list->len == 0 || list->pdata[list->len - 1] != m)
		g_ptr_array_add(list, (gpointer)m);
}

static void note_provider(const struct relations_name *name, gpointer user)
{
	struct graph *g = user;
	struct node *n = g_hash_table_lookup(g->nodes, name->name);

	if (n != NULL)
		add_once(n->providers, g->at);
}

static void note_user(const struct relations_name *name, gpointer user)
{
	struct graph *g = user;
	struct node *n = g_hash_table_lookup(g->nodes, name->name);

	if (n != NULL && (n->offered || g_hash_table_contains(g->fresh, g->at)))
		add_once(n->users, g->at);
}

static void note_all(struct graph *g)
{
	gboolean emerges;

	for (guint i = 0; i < g->members->len; i++) {
		g->at = g->members->pdata[i];
		if (!has_code(g->at))
			continue;
		add_own_names(g, note_provider);
		members_each_relation(g->at, RELATIONS_PROVIDES, note_provider, g);
		if (is_newest(g->members, i, &emerges))
			members_each_relation(g->at, RELATIONS_NEEDS, note_user, g);
	}
}

/* ---- links ---- */

/* Whether what a user says of a package allows this version of it. */
struct question {
	const struct member *candidate;
	guint group;
	gboolean named, met; /* in the present group */
	gboolean refused;
};

static void end_group(struct question *q)
{
	q->refused |= q->named && !q->met;
	q->named = q->met = FALSE;
}

static void ask(const struct relations_name *name, gpointer user)
{
	struct question *q = user;
	const entry *e = q->candidate->entry;

	if (name->group != q->group)
		end_group(q);
	q->group = name->group;
	if (strcmp(name->name, e->name) != 0) {
		q->met = TRUE;
		return;
	}
	q->named = TRUE;
	q->met |= relations_hold(e->family->compare, e->version, name->op, name->version);
}

static gboolean allows(const struct member *user, const struct member *candidate)
{
	struct question q = {.candidate = candidate};

	members_each_relation(user, RELATIONS_NEEDS, ask, &q);
	end_group(&q);
	return !q.refused;
}

static gboolean same_package(const struct member *a, const struct member *b)
{
	return strcmp(a->entry->name, b->entry->name) == 0 && strcmp(a->entry->arch, b->entry->arch) == 0;
}

/* Families do not mix. A .deb's dependency is met within its architecture; rpms of one machine have several names for it. */
static gboolean can_serve(const struct member *user, const struct member *candidate)
{
	return user->entry->family == candidate->entry->family &&
	       strcmp(user->entry->name, candidate->entry->name) != 0 &&
	       (user->entry->family != &family_deb || strcmp(user->entry->arch, candidate->entry->arch) == 0);
}

/* The versions of one package among the providers, which stand in their order: which will be taken, and which is now? */
static void take_version(struct link *l, const struct member *candidate)
{
	gboolean allowed = allows(l->user, candidate);

	if (candidate->move != MEMBER_LEAVES && (allowed || l->after == NULL || l->disallowed)) {
		l->after = candidate;
		l->disallowed = !allowed;
	}
	if (candidate->move != MEMBER_ARRIVES && (allowed || !l->loose)) {
		l->before = candidate;
		l->loose = allowed;
	}
}

static gboolean is_same(const struct link *a, const struct link *b)
{
	return a->after == b->after && (a->after != NULL || a->before == b->before);
}

static gboolean has_link(const GPtrArray *links, guint first, const struct link *l)
{
	for (guint i = first; i < links->len; i++)
		if (is_same(links->pdata[i], l))
			return TRUE;
	return FALSE;
}

/* Only where the user or what it will run with is new; of a user that stays, only where its dependency allows that. */
static gboolean is_changed(const struct link *l)
{
	if (l->after == NULL || l->is_new)
		return TRUE;
	return !l->disallowed && (l->after->move == MEMBER_ARRIVES || (l->before != NULL && l->before->move == MEMBER_LEAVES));
}

/* The package that the user takes the library from before or after, if that has another name then. */
static const struct member *namesake(const struct member *user, const GPtrArray *providers, enum member_move but)
{
	const struct member *found = NULL;

	for (guint i = 0; i < providers->len; i++) {
		const struct member *m = providers->pdata[i];
		if (m->move != but && can_serve(user, m) && allows(user, m))
			found = m;
	}
	return found;
}

/* What the user was allowed leaves, and nothing of that name is left that it allows. */
static gboolean is_bereft(const struct link *l)
{
	return l->before != NULL && l->before->move == MEMBER_LEAVES && l->loose && (l->after == NULL || l->disallowed);
}

/* Who takes the place of what is not there, before or after. FALSE: nothing is between these two. */
static gboolean complete_link(struct link *l, const GPtrArray *providers)
{
	if (is_bereft(l)) {
		l->after = namesake(l->user, providers, MEMBER_LEAVES);
		l->disallowed = FALSE;
	}
	if ((l->after == NULL && l->before == NULL) || !is_changed(l))
		return FALSE;
	if (l->after == NULL)
		return is_bereft(l);
	if (l->is_new && (l->after->move == MEMBER_STAYS || (l->before != NULL && l->before->move == MEMBER_LEAVES)))
		l->before = NULL;
	else if (l->before == NULL)
		l->loose = (l->before = namesake(l->user, providers, MEMBER_ARRIVES)) != NULL;
	return TRUE;
}

static void link_user(const struct graph *g, GPtrArray *links, guint first, const struct member *user,
		      const GPtrArray *providers)
{
	for (guint i = 0; i < providers->len;) {
		const struct member *head = providers->pdata[i];
		struct link l = {.user = user, .is_new = g_hash_table_contains(g->fresh, user)};
		for (; i < providers->len && same_package(head, providers->pdata[i]); i++)
			if (can_serve(user, providers->pdata[i]))
				take_version(&l, providers->pdata[i]);
		if (complete_link(&l, providers) && !has_link(links, first, &l))
			g_ptr_array_add(links, g_memdup2(&l, sizeof l));
	}
}

static gint by_package(gconstpointer a, gconstpointer b)
{
	const struct member *x = *(const struct member *const *)a, *y = *(const struct member *const *)b;
	int order = strcmp(x->entry->name, y->entry->name);

	if (order == 0)
		order = strcmp(x->entry->arch, y->entry->arch);
	return order != 0 ? order : entry_compare(&x->entry, &y->entry);
}

/* user -> array of nodes, so that the links of one user stand together. */
static GHashTable *nodes_of_users(struct graph *g)
{
	GHashTable *of = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, g->nodes);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct node *n = value;
		g_ptr_array_sort(n->providers, by_package);
		for (guint i = 0; n->providers->len > 0 && i < n->users->len; i++) {
			GPtrArray *nodes = g_hash_table_lookup(of, n->users->pdata[i]);
			if (nodes == NULL)
				g_hash_table_insert(of, n->users->pdata[i], nodes = g_ptr_array_new());
			g_ptr_array_add(nodes, n);
		}
	}
	return of;
}

static gint by_after(gconstpointer a, gconstpointer b)
{
	const struct link *x = *(const struct link *const *)a, *y = *(const struct link *const *)b;
	int order = compare_members(&x->user, &y->user);

	return order != 0 ? order : compare_members(x->after ? &x->after : &x->before, y->after ? &y->after : &y->before);
}

GPtrArray *links_find(const GPtrArray *members)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
	GPtrArray *links = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) more = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) fresh = g_hash_table_new(NULL, NULL);
	struct graph g = {.members = members, .nodes = names, .names = more, .fresh = fresh};

	add_nodes(&g);
	if (g_hash_table_size(names) == 0)
		return links;
	note_all(&g);
	g_autoptr(GHashTable) of = nodes_of_users(&g);
	for (guint i = 0; i < members->len; i++) {
		GPtrArray *nodes = g_hash_table_lookup(of, members->pdata[i]);
		guint first = links->len;
		for (guint k = 0; nodes != NULL && k < nodes->len; k++)
			link_user(&g, links, first, members->pdata[i], ((const struct node *)nodes->pdata[k])->providers);
	}
	g_ptr_array_sort(links, by_after);
	return links;
}

gboolean links_allow(const struct member *user, const struct member *candidate)
{
	return allows(user, candidate);
}
