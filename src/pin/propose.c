/* The newest version of a library that each host class can take: see propose.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/propose.h"

#include <string.h>

/* How one version does on one class. */
enum trial_state {
	TRIAL_OPEN,  /* not looked at */
	TRIAL_ASKED, /* all services run with it; whether it can be installed is asked */
	TRIAL_GOOD,
	TRIAL_BAD,
};

struct trial {
	const entry *version;
	enum trial_state state;
	guint question;
	const struct pair *worst; /* of the services; NULL: none of them is linked to it */
};

/* One class and one library. */
struct attempt {
	struct proposal *proposal;
	const struct proof *proof;
	const struct proof_class *class;
	const struct supply_suite *suite;
	GArray *trials; /* struct trial, the newest first */
	guint at;       /* the one that is tried, or is the answer */
};

/* All attempts of one channel for one library. */
struct accord {
	struct proposal_pin *pin;
	GPtrArray *attempts; /* struct attempt * */
	guint at;            /* which trial of the first attempt all are held against */
	gboolean settled;
};

/* ---- the structs ---- */

static void proposal_free(gpointer data)
{
	struct proposal *p = data;

	g_free(p->why);
	g_strfreev(p->symbols);
	g_free(p);
}

static void pin_free(gpointer data)
{
	struct proposal_pin *p = data;

	g_free(p->version);
	g_free(p);
}

void proposals_free(proposals *p)
{
	if (p == NULL)
		return;
	g_ptr_array_unref(p->all);
	g_ptr_array_unref(p->pins);
	g_free(p);
}

static void attempt_free(gpointer data)
{
	struct attempt *a = data;

	g_array_unref(a->trials);
	g_free(a);
}

static void accord_free(gpointer data)
{
	struct accord *a = data;

	g_ptr_array_unref(a->attempts);
	g_free(a);
}

/* ---- what is to be tried ---- */

static const struct base_package *installed_there(const struct view_base *on, const char *name)
{
	for (guint i = 0; i < on->installed->len; i++)
		if (strcmp(((const struct base_package *)on->installed->pdata[i])->name, name) == 0)
			return on->installed->pdata[i];
	return NULL;
}

static GArray *trials_of(const struct attempt *a, const char *library)
{
	const struct view_base *on = a->class->target->on;
	const struct base_package *least = installed_there(on, library);
	const GPtrArray *packages = a->suite->p->packages;
	GArray *trials = g_array_new(FALSE, FALSE, sizeof(struct trial));

	for (guint i = packages->len; i-- > 0;) {
		const entry *e = packages->pdata[i];
		if (e->family == on->family && strcmp(e->name, library) == 0 &&
		    view_find(packages, on->family, on->base->arch, library, e->version) == e &&
		    (least == NULL || on->family->compare(e->version, least->version) >= 0)) {
			struct trial t = {.version = e};
			g_array_append_val(trials, t);
		}
	}
	return trials;
}

/* The services that go with the library that the class has: what is held for one does not change with the pin. */
static gboolean goes_along(const struct attempt *a, const struct proof_use *use)
{
	return strcmp(use->name, a->proposal->library) == 0 &&
	       view_held(a->proposal->channel, use->service->name, use->name) == NULL;
}

static void want_pairs(const struct attempt *a)
{
	for (guint i = 0; i < a->class->uses->len; i++) {
		const struct proof_use *use = &g_array_index(a->class->uses, struct proof_use, i);
		for (guint k = 0; goes_along(a, use) && k < a->trials->len; k++)
			pairing_want(a->suite->pairing, use->service->entry,
				     g_array_index(a->trials, struct trial, k).version);
	}
}

static struct attempt *attempt_new(const supply *s, const struct proof *proof, const struct proof_class *c,
				   const char *library)
{
	struct attempt *a = g_new0(struct attempt, 1);
	struct proposal *p = g_new0(struct proposal, 1);

	p->channel = proof->channel;
	p->host = c->target->host;
	p->library = library;
	a->proposal = p;
	a->proof = proof;
	a->class = c;
	a->suite = supply_of(s, proof->channel);
	p->now = proof_library(a->suite, c, library);
	a->trials = trials_of(a, library);
	want_pairs(a);
	return a;
}

static gboolean is_new(const GPtrArray *attempts, const struct proof_class *c, const char *library)
{
	for (guint i = attempts->len; i-- > 0;) {
		const struct attempt *a = attempts->pdata[i];
		if (a->class != c)
			return TRUE;
		if (strcmp(a->proposal->library, library) == 0)
			return FALSE;
	}
	return TRUE;
}

static GPtrArray *attempts_of(const supply *s, const proofs *p, const char *library)
{
	GPtrArray *attempts = g_ptr_array_new_with_free_func(attempt_free);

	for (guint i = 0; i < p->all->len; i++) {
		const struct proof *proof = p->all->pdata[i];
		for (guint k = 0; k < proof->classes->len; k++) {
			const struct proof_class *c = proof->classes->pdata[k];
			for (guint u = 0; u < c->uses->len; u++) {
				const char *name = g_array_index(c->uses, struct proof_use, u).name;
				if ((library == NULL || strcmp(library, name) == 0) && is_new(attempts, c, name))
					g_ptr_array_add(attempts, attempt_new(s, proof, c, name));
			}
		}
	}
	return attempts;
}

/* ---- trying ---- */

static const struct pair *worst_pair(const struct attempt *a, const entry *version)
{
	const struct pair *worst = NULL;

	for (guint i = 0; i < a->class->uses->len; i++) {
		const struct proof_use *use = &g_array_index(a->class->uses, struct proof_use, i);
		const struct pair *pair =
			goes_along(a, use) ? pairing_find(a->suite->pairing, use->service->entry, version) : NULL;
		if (pair != NULL && (worst == NULL || pair->word > worst->word))
			worst = pair;
	}
	return worst;
}

static gboolean is_said(GPtrArray *names, const char *name)
{
	return g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
}

/* Asks what is still to be asked about one version; the answer comes with settle. */
static void try(const supply *s, struct attempt *a, struct trial *t)
{
	if (t->state != TRIAL_OPEN)
		return;
	t->worst = worst_pair(a, t->version);
	if (t->worst != NULL && t->worst->word > USERS_NOTE) {
		t->state = TRIAL_BAD;
		return;
	}
	g_autoptr(GPtrArray) names = proof_names(a->class->target);
	g_autoptr(GPtrArray) view = supply_view(s, a->proposal->channel, t->version);
	if (!is_said(names, a->proposal->library))
		g_ptr_array_add(names, (gpointer)a->proposal->library);
	t->question = installs_ask(a->suite->installs, a->class->target->on, view, (const char *const *)names->pdata,
				   names->len);
	t->state = TRIAL_ASKED;
}

static void settle(struct attempt *a, struct trial *t)
{
	if (t->state == TRIAL_ASKED)
		t->state = installs_find(a->suite->installs, t->question)->found ? TRIAL_GOOD : TRIAL_BAD;
}

/* What stands above the answer; where there is none in the end, what stands against the newest. */
static void note_stop(struct attempt *a, const struct trial *t)
{
	struct proposal *p = a->proposal;
	gboolean abi = t->worst != NULL && t->worst->word > USERS_NOTE;
	const struct install *install = abi ? NULL : installs_find(a->suite->installs, t->question);
	const struct pair_finding *first =
		abi && t->worst->findings->len > 0 ? t->worst->findings->pdata[0] : NULL;

	g_free(p->why);
	g_strfreev(p->symbols);
	p->stop = t->version;
	p->symbols = first ? g_strdupv(first->symbols) : NULL;
	p->word = abi ? (t->worst->word == USERS_BREAKS ? PROOF_FAILS : PROOF_UNKNOWN)
		      : (install->known ? PROOF_FAILS : PROOF_UNKNOWN);
	p->why = abi ? proof_pair_text(t->worst)
		     : (install->known ? g_strdup_printf("cannot be installed: %s", install->why)
				       : g_strdup("the base does not say which packages it has"));
}

/* One step of everybody who has not found anything yet. FALSE: all are done. */
static gboolean step(const supply *s, const GPtrArray *attempts, GError **error)
{
	gboolean more = FALSE;

	for (guint i = 0; i < attempts->len; i++) {
		struct attempt *a = attempts->pdata[i];
		while (a->proposal->takes == NULL && a->at < a->trials->len) {
			struct trial *t = &g_array_index(a->trials, struct trial, a->at);
			try(s, a, t);
			if (t->state == TRIAL_ASKED)
				break;
			note_stop(a, t);
			a->at++;
		}
	}
	if (!supply_install(s, error))
		return FALSE;
	for (guint i = 0; i < attempts->len; i++) {
		struct attempt *a = attempts->pdata[i];
		if (a->proposal->takes != NULL || a->at == a->trials->len)
			continue;
		struct trial *t = &g_array_index(a->trials, struct trial, a->at);
		settle(a, t);
		if (t->state == TRIAL_GOOD) {
			a->proposal->takes = t->version;
			a->proposal->noted = t->worst != NULL && t->worst->word == USERS_NOTE;
		} else {
			note_stop(a, t);
			a->at++;
			more = TRUE;
		}
	}
	return more;
}

/* ---- one version for all classes ---- */

/* "1:1.0.1" of "1:1.0.1-2.el9". */
static char *upstream(const char *version)
{
	const char *dash = strrchr(version, '-');

	return dash ? g_strndup(version, (gsize)(dash - version)) : g_strdup(version);
}

/* The newest trial of that upstream version; NULL: the suite has none for this class. */
static struct trial *trial_of(const struct attempt *a, const char *wanted)
{
	for (guint i = 0; i < a->trials->len; i++) {
		struct trial *t = &g_array_index(a->trials, struct trial, i);
		g_autofree char *own = upstream(t->version->version);
		if (strcmp(own, wanted) == 0)
			return t;
	}
	return NULL;
}

static GPtrArray *accords_of(proposals *p, const GPtrArray *attempts)
{
	GPtrArray *accords = g_ptr_array_new_with_free_func(accord_free);

	for (guint i = 0; i < attempts->len; i++) {
		struct attempt *a = attempts->pdata[i];
		struct accord *own = NULL;
		for (guint k = accords->len; own == NULL && k-- > 0;) {
			struct accord *one = accords->pdata[k];
			if (one->pin->channel == a->proposal->channel &&
			    strcmp(one->pin->library, a->proposal->library) == 0)
				own = one;
		}
		if (own == NULL) {
			own = g_new0(struct accord, 1);
			own->attempts = g_ptr_array_new();
			own->pin = g_new0(struct proposal_pin, 1);
			*own->pin = (struct proposal_pin){.channel = a->proposal->channel, .library = a->proposal->library};
			own->at = a->at;
			g_ptr_array_add(p->pins, own->pin);
			g_ptr_array_add(accords, own);
		}
		g_ptr_array_add(own->attempts, a);
	}
	return accords;
}

/* Tries in all classes what the first of them can take. Whether it is clear already that one of them cannot. */
static gboolean is_refuted(const supply *s, struct accord *a, const char *version)
{
	for (guint i = 0; i < a->attempts->len; i++) {
		struct attempt *one = a->attempts->pdata[i];
		struct trial *t = trial_of(one, version);
		if (t == NULL)
			return TRUE;
		try(s, one, t);
		settle(one, t);
		if (t->state == TRIAL_BAD)
			return TRUE;
	}
	return FALSE;
}

/* A build that is not the newest of its version has to be named whole. */
static void conclude(struct accord *a, const char *version)
{
	const struct attempt *first = a->attempts->pdata[0];

	a->settled = TRUE;
	a->pin->version = g_strdup(version);
	a->pin->same = TRUE;
	for (guint i = 0; i < a->attempts->len; i++) {
		const struct attempt *one = a->attempts->pdata[i];
		a->pin->same &= one->proposal->now == trial_of(one, version)->version;
	}
	const struct trial *t = &g_array_index(first->trials, struct trial, a->at);
	if (a->attempts->len == 1 && trial_of(first, version) != t) {
		g_free(a->pin->version);
		a->pin->version = g_strdup(t->version->version);
		a->pin->same = first->proposal->now == t->version;
	}
}

/* Goes down to the first version that nothing refutes. FALSE: there is something to be answered first. */
static gboolean agree(const supply *s, struct accord *a)
{
	const struct attempt *first = a->attempts->pdata[0];

	while (a->at < first->trials->len) {
		g_autofree char *version = upstream(g_array_index(first->trials, struct trial, a->at).version->version);
		if (a->attempts->len == 1) {
			conclude(a, version);
			return TRUE;
		}
		if (is_refuted(s, a, version)) {
			a->at++;
			continue;
		}
		for (guint i = 0; i < a->attempts->len; i++)
			if (trial_of(a->attempts->pdata[i], version)->state == TRIAL_ASKED)
				return FALSE;
		conclude(a, version);
		return TRUE;
	}
	a->settled = TRUE;
	return TRUE;
}

static gboolean agree_all(const supply *s, const GPtrArray *accords, GError **error)
{
	gboolean more = TRUE;

	while (more) {
		more = FALSE;
		for (guint i = 0; i < accords->len; i++) {
			struct accord *a = accords->pdata[i];
			if (!a->settled && !agree(s, a))
				more = TRUE;
		}
		if (more && !supply_install(s, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- all of it ---- */

static gboolean find_all(const supply *s, proposals *p, const GPtrArray *attempts, GError **error)
{
	GError *wrong = NULL;

	if (!supply_judge(s, error))
		return FALSE;
	while (step(s, attempts, &wrong))
		;
	if (wrong != NULL) {
		g_propagate_error(error, wrong);
		return FALSE;
	}
	for (guint i = 0; i < attempts->len; i++) {
		struct attempt *a = attempts->pdata[i];
		if (a->proposal->takes == NULL && a->trials->len > 0)
			note_stop(a, &g_array_index(a->trials, struct trial, 0));
	}
	g_autoptr(GPtrArray) accords = accords_of(p, attempts);
	return agree_all(s, accords, error);
}

proposals *proposals_make(const supply *s, const proofs *proofs, const char *library, GError **error)
{
	g_autoptr(proposals) p = g_new0(proposals, 1);
	g_autoptr(GPtrArray) attempts = attempts_of(s, proofs, library);

	p->all = g_ptr_array_new_with_free_func(proposal_free);
	p->pins = g_ptr_array_new_with_free_func(pin_free);
	for (guint i = 0; i < attempts->len; i++)
		g_ptr_array_add(p->all, ((const struct attempt *)attempts->pdata[i])->proposal);
	if (library != NULL && attempts->len == 0) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING, "%s: no service of these customers uses it", library);
		return NULL;
	}
	return find_all(s, p, attempts, error) ? g_steal_pointer(&p) : NULL;
}
