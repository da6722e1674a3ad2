/* The matrix of a fleet, put together: see matrix.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/matrix.h"

#include <string.h>

/* A matrix being made. */
struct making {
	const struct matrix_request *request;
	cache *answers;
	struct matrix *matrix;
	GHashTable *sections; /* "stable/libfoo1/deb/amd64" -> struct matrix_section * */
	GPtrArray *targets;   /* view_target *: of all channels */
	GPtrArray *views;     /* GPtrArray *: what they point into */
	GHashTable *names;    /* entry * -> GPtrArray of const char *: the packages whose libraries it may use */
};

static void free_service(gpointer data)
{
	struct matrix_service *s = data;

	g_free(s->name);
	g_free(s->version);
	g_free(s->cells);
	g_free(s);
}

static void free_customer(gpointer data)
{
	struct matrix_customer *c = data;

	g_array_unref(c->uses);
	g_free(c->deciding);
	g_free(c);
}

static void free_section(gpointer data)
{
	struct matrix_section *s = data;

	g_ptr_array_unref(s->versions);
	g_ptr_array_unref(s->services);
	g_ptr_array_unref(s->customers);
	g_free(s);
}

void matrix_free(struct matrix *m)
{
	if (m == NULL)
		return;
	g_ptr_array_unref(m->sections);
	supply_free(m->supply);
	g_free(m);
}

/* ---- words ---- */

enum users_word matrix_word(const struct matrix_service *service, guint version)
{
	const struct pair *p = service->cells ? service->cells[version] : NULL;

	return p ? p->word : USERS_UNKNOWN;
}

gboolean matrix_is_linked(const struct matrix_service *service, guint version)
{
	return service->cells == NULL || service->cells[version] != NULL;
}

static enum users_word word_of_use(const struct matrix_section *s, const struct matrix_use *u, guint version)
{
	return matrix_word(s->services->pdata[u->service], u->held >= 0 ? (guint)u->held : version);
}

enum users_word matrix_customer_word(const struct matrix_section *s, const struct matrix_customer *c, guint version)
{
	gint i = c->deciding[version];

	return i < 0 ? USERS_RUNS : word_of_use(s, &g_array_index(c->uses, struct matrix_use, i), version);
}

/* ---- sections ---- */

static const char *suite_name(const struct supply_suite *suite)
{
	return suite->p->site.settings->suite;
}

/* All versions of a library's package: const entry *, oldest first. */
static GPtrArray *versions_of(const struct supply_suite *suite, const struct family *family, const char *arch, const char *library)
{
	GPtrArray *versions = g_ptr_array_new();

	for (guint i = 0; i < suite->p->packages->len; i++) {
		const entry *e = suite->p->packages->pdata[i];
		if (e->family == family && strcmp(e->name, library) == 0 && strcmp(e->arch, arch) == 0)
			g_ptr_array_add(versions, (gpointer)e);
	}
	return versions;
}

static struct matrix_section *section_for(struct making *mk, const struct supply_suite *suite, const struct family *family,
					  const char *arch, const char *library)
{
	g_autofree char *key = g_strjoin("/", suite_name(suite), library, family->name, arch, NULL);
	struct matrix_section *s = g_hash_table_lookup(mk->sections, key);

	if (s != NULL)
		return s;
	GPtrArray *versions = versions_of(suite, family, arch, library);
	if (versions->len == 0) {
		g_ptr_array_unref(versions);
		return NULL;
	}
	const entry *first = versions->pdata[0];
	s = g_new(struct matrix_section, 1);
	*s = (struct matrix_section){suite_name(suite), family, first->arch, first->name, suite->pairing, versions,
				     g_ptr_array_new_with_free_func(free_service),
				     g_ptr_array_new_with_free_func(free_customer)};
	g_hash_table_insert(mk->sections, g_steal_pointer(&key), s);
	g_ptr_array_add(mk->matrix->sections, s);
	return s;
}

static gboolean is_listed(const char *const *list, const char *name)
{
	return list == NULL || g_strv_contains(list, name);
}

static const char *const *libraries_asked(const struct making *mk)
{
	const struct fleet *fleet = mk->request->fleet;

	if (mk->request->libraries != NULL)
		return mk->request->libraries;
	return fleet->n_libraries > 0 ? (const char *const *)fleet->libraries : NULL;
}

static const GPtrArray *names_of(struct making *mk, const struct supply_suite *suite, const entry *program)
{
	GPtrArray *names = g_hash_table_lookup(mk->names, program);

	if (names == NULL)
		g_hash_table_insert(mk->names, (gpointer)program, names = pairing_names(suite->pairing, program));
	return names;
}

/* The row of a service at a version; a new one has no cells yet. */
static guint row_of(struct matrix_section *s, const char *name, const entry *e)
{
	for (guint i = 0; i < s->services->len; i++) {
		const struct matrix_service *row = s->services->pdata[i];
		if (row->entry == e && strcmp(row->name, name) == 0)
			return i;
	}
	struct matrix_service *row = g_new0(struct matrix_service, 1);
	row->name = g_strdup(name);
	row->version = e ? g_strdup(e->version) : NULL;
	row->entry = e;
	g_ptr_array_add(s->services, row);
	return s->services->len - 1;
}

static guint want_row(const struct supply_suite *suite, struct matrix_section *s, const char *name, const entry *e)
{
	guint before = s->services->len, row = row_of(s, name, e);

	for (guint i = 0; row == before && e != NULL && i < s->versions->len; i++)
		pairing_want(suite->pairing, e, s->versions->pdata[i]);
	return row;
}

/* ---- customers ---- */

static gint column_of(const struct matrix_section *s, const entry *library)
{
	for (guint i = 0; library != NULL && i < s->versions->len; i++)
		if (s->versions->pdata[i] == library)
			return (gint)i;
	return -1;
}

static const struct channel_held *held_for(const struct channel *c, const char *service, const char *library)
{
	for (guint i = 0; i < c->n_held; i++)
		if (strcmp(c->held[i].service, service) == 0 && strcmp(c->held[i].package, library) == 0)
			return &c->held[i];
	return NULL;
}

static struct matrix_customer *customer_in(struct making *mk, const struct supply_suite *suite, struct matrix_section *s,
					   const struct view_target *t)
{
	struct matrix_customer *last = s->customers->len > 0 ? s->customers->pdata[s->customers->len - 1] : NULL;

	if (last != NULL && last->host == t->host)
		return last;
	struct matrix_customer *c = g_new0(struct matrix_customer, 1);
	c->channel = t->channel;
	c->host = t->host;
	c->uses = g_array_new(FALSE, FALSE, sizeof(struct matrix_use));
	c->takes = column_of(s, view_library(t, suite->p->packages, s->library));
	c->pin = channel_find(t->channel, s->library);
	c->is_over = c->pin != NULL && channel_is_over(c->pin->until, &mk->request->today);
	g_ptr_array_add(s->customers, c);
	return c;
}

static void add_use(struct making *mk, const struct supply_suite *suite, struct matrix_section *s, const struct view_target *t,
		    const struct view_service *service)
{
	const struct channel_held *why = held_for(t->channel, service->name, s->library);
	struct matrix_customer *c = customer_in(mk, suite, s, t);
	struct matrix_use use = {want_row(suite, s, service->name, service->entry), -1, why};

	if (why != NULL)
		use.held = column_of(s, view_newest(suite->p->packages, s->family, s->arch, s->library, &why->pattern));
	((struct matrix_service *)s->services->pdata[use.service])->n_customers++;
	g_array_append_val(c->uses, use);
}

/* One that the repository does not have may use any library: it shows where its customer has others. */
static void add_service(struct making *mk, const struct supply_suite *suite, const struct view_target *t,
			const struct view_service *service)
{
	const char *const *asked = libraries_asked(mk);
	const GPtrArray *names = service->entry ? names_of(mk, suite, service->entry) : NULL;

	if (!is_listed(mk->request->services, service->name))
		return;
	for (guint i = 0; names != NULL && i < names->len; i++) {
		struct matrix_section *s = is_listed(asked, names->pdata[i])
			? section_for(mk, suite, t->on->family, t->on->base->arch, names->pdata[i]) : NULL;
		if (s != NULL)
			add_use(mk, suite, s, t, service);
	}
}

static void add_missing(struct making *mk, const struct supply_suite *suite, const struct view_target *t)
{
	for (guint i = 0; i < mk->matrix->sections->len; i++) {
		struct matrix_section *s = mk->matrix->sections->pdata[i];
		if (s->family != t->on->family || strcmp(s->arch, t->on->base->arch) != 0 || strcmp(s->suite, suite_name(suite)) != 0)
			continue;
		for (guint k = 0; k < t->services->len; k++) {
			const struct view_service *service = &g_array_index(t->services, struct view_service, k);
			if (service->entry == NULL && is_listed(mk->request->services, service->name) &&
			    channel_find(t->channel, s->library) != NULL)
				add_use(mk, suite, s, t, service);
		}
	}
}

static void free_target(gpointer target)
{
	view_target_free(target);
}

static void add_targets(struct making *mk)
{
	for (guint i = 0; i < mk->request->channels->len; i++) {
		const struct channel *c = mk->request->channels->pdata[i];
		const struct supply_suite *suite = supply_of(mk->matrix->supply, c);
		GPtrArray *view = view_entries(mk->matrix->supply->bases, c, suite->p->packages);
		g_ptr_array_add(mk->views, view);
		for (guint k = 0; k < c->n_hosts; k++)
			g_ptr_array_add(mk->targets, view_target_new(mk->matrix->supply->bases, c, &c->hosts[k], view,
								     suite->p->packages));
	}
}

static void add_customers(struct making *mk)
{
	for (guint i = 0; i < mk->targets->len; i++) {
		const struct view_target *t = mk->targets->pdata[i];
		const struct supply_suite *suite = supply_of(mk->matrix->supply, t->channel);
		for (guint k = 0; k < t->services->len; k++)
			add_service(mk, suite, t, &g_array_index(t->services, struct view_service, k));
		add_missing(mk, suite, t);
	}
}

/* Where no customer names a service, the newest of every package that may use a library is one. */
static void add_everything(struct making *mk, const struct supply_suite *suite)
{
	const GPtrArray *packages = suite->p->packages;
	const char *const *asked = libraries_asked(mk);

	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		const entry *next = i + 1 < packages->len ? packages->pdata[i + 1] : NULL;
		if ((next != NULL && next->family == e->family && strcmp(next->name, e->name) == 0 &&
		     strcmp(next->arch, e->arch) == 0) || !is_listed(mk->request->services, e->name))
			continue;
		const GPtrArray *names = names_of(mk, suite, e);
		for (guint k = 0; k < names->len; k++) {
			struct matrix_section *s = is_listed(asked, names->pdata[k])
				? section_for(mk, suite, e->family, e->arch, names->pdata[k]) : NULL;
			if (s != NULL)
				want_row(suite, s, e->name, e);
		}
	}
}

/* ---- answers ---- */

static void fill_cells(struct matrix_section *s)
{
	for (guint i = 0; i < s->services->len; i++) {
		struct matrix_service *row = s->services->pdata[i];
		row->cells = row->entry ? g_new0(const struct pair *, s->versions->len) : NULL;
		for (guint k = 0; row->entry != NULL && k < s->versions->len; k++)
			row->cells[k] = pairing_find(s->pairing, row->entry, s->versions->pdata[k]);
	}
}

static gboolean is_linked(const struct matrix_section *s, const struct matrix_service *row)
{
	for (guint k = 0; row->cells != NULL && k < s->versions->len; k++)
		if (row->cells[k] != NULL && (row->cells[k]->linked || row->cells[k]->word > USERS_NOTE))
			return TRUE;
	return FALSE;
}

static gboolean anything_linked(const struct matrix_section *s)
{
	for (guint i = 0; i < s->services->len; i++)
		if (is_linked(s, s->services->pdata[i]))
			return TRUE;
	return FALSE;
}

/* What only depends on the package, as development and debug packages do, is no service unless a customer says so. */
static void drop_unlinked(struct matrix_section *s)
{
	for (guint i = 0; i < s->services->len;)
		if (is_linked(s, s->services->pdata[i]))
			i++;
		else
			g_ptr_array_remove_index(s->services, i);
}

static void decide(const struct matrix_section *s, struct matrix_customer *c)
{
	c->deciding = g_new(gint, s->versions->len);
	for (guint k = 0; k < s->versions->len; k++) {
		enum users_word worst = USERS_RUNS;
		c->deciding[k] = c->uses->len > 0 ? 0 : -1;
		for (guint i = 0; i < c->uses->len; i++) {
			enum users_word word = word_of_use(s, &g_array_index(c->uses, struct matrix_use, i), k);
			if (word > worst)
				c->deciding[k] = (gint)i;
			worst = MAX(worst, word);
		}
	}
}

static gint compare_services(gconstpointer a, gconstpointer b, gpointer family)
{
	const struct matrix_service *x = *(const struct matrix_service *const *)a;
	const struct matrix_service *y = *(const struct matrix_service *const *)b;
	int order = strcmp(x->name, y->name);

	if (order != 0 || x->version == NULL || y->version == NULL)
		return order != 0 ? order : (x->version != NULL) - (y->version != NULL);
	return ((const struct family *)family)->compare(x->version, y->version);
}

/* The rows into their order, and what points at them after them. */
static void sort_services(struct matrix_section *s)
{
	g_autofree gpointer *old = g_memdup2(s->services->pdata, s->services->len * sizeof(gpointer));
	g_autoptr(GHashTable) place = g_hash_table_new(NULL, NULL);

	g_ptr_array_sort_with_data(s->services, compare_services, (gpointer)s->family);
	for (guint i = 0; i < s->services->len; i++)
		g_hash_table_insert(place, s->services->pdata[i], GUINT_TO_POINTER(i));
	for (guint i = 0; i < s->customers->len; i++) {
		struct matrix_customer *c = s->customers->pdata[i];
		for (guint k = 0; k < c->uses->len; k++) {
			struct matrix_use *u = &g_array_index(c->uses, struct matrix_use, k);
			u->service = GPOINTER_TO_UINT(g_hash_table_lookup(place, old[u->service]));
		}
	}
}

static gint compare_sections(gconstpointer a, gconstpointer b)
{
	const struct matrix_section *x = *(const struct matrix_section *const *)a;
	const struct matrix_section *y = *(const struct matrix_section *const *)b;
	int order = strcmp(x->suite, y->suite);

	if (order == 0)
		order = strcmp(x->library, y->library);
	if (order == 0)
		order = strcmp(x->family->name, y->family->name);
	return order != 0 ? order : strcmp(x->arch, y->arch);
}

/* A package that services only depend on is no library of theirs, unless somebody asks for it. */
static void finish_sections(struct making *mk)
{
	GPtrArray *sections = mk->matrix->sections;

	for (guint i = 0; i < sections->len;) {
		struct matrix_section *s = sections->pdata[i];
		fill_cells(s);
		if (libraries_asked(mk) == NULL && !anything_linked(s)) {
			g_ptr_array_remove_index(sections, i);
			continue;
		}
		if (s->customers->len == 0)
			drop_unlinked(s);
		sort_services(s);
		for (guint k = 0; k < s->customers->len; k++)
			decide(s, s->customers->pdata[k]);
		i++;
	}
	g_ptr_array_sort(sections, compare_sections);
}

static gboolean check_asked(const struct making *mk, GError **error)
{
	const char *const *asked = mk->request->libraries;

	for (; asked != NULL && *asked != NULL; asked++) {
		gboolean found = FALSE;
		for (guint i = 0; i < mk->matrix->sections->len && !found; i++)
			found = strcmp(((const struct matrix_section *)mk->matrix->sections->pdata[i])->library, *asked) == 0;
		if (found)
			continue;
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: no service of these customers uses a library of that package; abide publish list shows what there is",
			    *asked);
		return FALSE;
	}
	return TRUE;
}

static gboolean make(struct making *mk, GError **error)
{
	struct matrix *m = mk->matrix;

	m->supply = supply_open(mk->request->fleet, mk->request->channels, mk->answers, mk->request->waivers, error);
	if (m->supply == NULL)
		return FALSE;
	add_targets(mk);
	add_customers(mk);
	gboolean named = FALSE;
	for (guint i = 0; i < mk->targets->len; i++)
		named |= ((const struct view_target *)mk->targets->pdata[i])->services->len > 0;
	for (guint i = 0; !named && i < m->supply->suites->len; i++)
		add_everything(mk, m->supply->suites->pdata[i]);
	if (!check_asked(mk, error) || !supply_judge(m->supply, error))
		return FALSE;
	finish_sections(mk);
	return TRUE;
}

struct matrix *matrix_new(const struct matrix_request *request, cache *answers, GError **error)
{
	g_autoptr(matrix) m = g_new0(struct matrix, 1);
	g_autoptr(GHashTable) sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func(free_target);
	g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	struct making mk = {request, answers, m, sections, targets, views, names};

	m->fleet = request->fleet;
	m->sections = g_ptr_array_new_with_free_func(free_section);
	return make(&mk, error) ? g_steal_pointer(&m) : NULL;
}
