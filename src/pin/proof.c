/* Proofs of what host classes are pinned to: see proof.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/proof.h"

#include <string.h>

/* ---- the struct ---- */

static void finding_free(gpointer data)
{
	struct proof_finding *f = data;

	g_free(f->subject);
	g_free(f->text);
	g_strfreev(f->symbols);
	g_free(f);
}

static void class_free(gpointer data)
{
	struct proof_class *c = data;

	view_target_free(c->target);
	g_array_unref(c->uses);
	g_free(c);
}

static void proof_free(gpointer data)
{
	struct proof *p = data;

	g_ptr_array_unref(p->view);
	g_ptr_array_unref(p->classes);
	g_ptr_array_unref(p->findings);
	g_free(p);
}

void proofs_free(proofs *p)
{
	if (p == NULL)
		return;
	g_ptr_array_unref(p->all);
	g_free(p);
}

void proof_add(struct proof *p, enum proof_kind kind, enum proof_word word, const struct channel_host *host,
	       const char *subject, char *text, char *const *symbols)
{
	struct proof_finding *f = g_new0(struct proof_finding, 1);

	*f = (struct proof_finding){.kind = kind,
				    .word = word,
				    .host = host,
				    .subject = g_strdup(subject),
				    .text = text,
				    .symbols = symbols && *symbols ? g_strdupv((char **)symbols) : NULL};
	g_ptr_array_add(p->findings, f);
	p->word = MAX(p->word, word);
}

/* ---- what is to be installed ---- */

/* A name is asked for once; one of which there is no version has a finding of its own. */
static void add_name(GPtrArray *names, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, (gpointer)name);
}

GPtrArray *proof_names(const view_target *t)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < t->services->len; i++) {
		const struct view_service *s = &g_array_index(t->services, struct view_service, i);
		if (s->service != NULL && s->entry != NULL)
			add_name(names, s->name);
	}
	for (guint i = 0; i < t->pins->len; i++) {
		const struct view_pin *pin = &g_array_index(t->pins, struct view_pin, i);
		if (pin->wanted && pin->entry != NULL)
			add_name(names, pin->pin->name);
	}
	return names;
}

static struct proof_class *class_new(struct proof *p, const supply *s, const struct channel_host *host)
{
	const struct supply_suite *suite = supply_of(s, p->channel);
	struct proof_class *c = g_new0(struct proof_class, 1);

	c->target = view_target_new(s->bases, p->channel, host, p->view, suite->p->packages);
	c->uses = g_array_new(FALSE, FALSE, sizeof(struct proof_use));
	g_autoptr(GPtrArray) names = proof_names(c->target);
	c->question = names->len == 0 ? G_MAXUINT
				      : installs_ask(suite->installs, c->target->on, p->view,
						     (const char *const *)names->pdata, names->len);
	return c;
}

static struct proof *proof_new(const supply *s, const struct channel *channel)
{
	struct proof *p = g_new0(struct proof, 1);

	p->channel = channel;
	p->view = supply_view(s, channel, NULL);
	p->classes = g_ptr_array_new_with_free_func(class_free);
	p->findings = g_ptr_array_new_with_free_func(finding_free);
	for (guint i = 0; i < channel->n_hosts; i++)
		g_ptr_array_add(p->classes, class_new(p, s, &channel->hosts[i]));
	return p;
}

/* ---- with which libraries ---- */

static gboolean is_library(const struct fleet *fleet, const char *name)
{
	gboolean listed = fleet->n_libraries == 0;

	for (guint i = 0; i < fleet->n_libraries; i++)
		listed |= strcmp(fleet->libraries[i], name) == 0;
	return listed;
}

const entry *proof_library(const struct supply_suite *suite, const struct proof_class *c, const char *library)
{
	for (guint i = 0; c->install != NULL && c->install->found && i < c->install->gets->len; i++) {
		const entry *e = c->install->gets->pdata[i];
		if (strcmp(e->name, library) == 0)
			return e;
	}
	return view_library(c->target, suite->p->packages, library);
}

static const entry *library_for(const struct supply_suite *suite, const struct proof_class *c,
				const struct view_service *service, const char *library)
{
	return view_held(c->target->channel, service->name, library) != NULL
		       ? view_library_of(c->target, suite->p->packages, service, library)
		       : proof_library(suite, c, library);
}

static void want_uses(const supply *s, const struct supply_suite *suite, struct proof_class *c)
{
	for (guint i = 0; i < c->target->services->len; i++) {
		const struct view_service *service = &g_array_index(c->target->services, struct view_service, i);
		g_autoptr(GPtrArray) names = service->entry ? pairing_names(suite->pairing, service->entry) : NULL;
		for (guint k = 0; names != NULL && k < names->len; k++) {
			struct proof_use use = {.service = service, .name = names->pdata[k]};
			if (!is_library(s->fleet, use.name) || strcmp(use.name, service->name) == 0)
				continue;
			use.library = library_for(suite, c, service, use.name);
			if (use.library != NULL)
				pairing_want(suite->pairing, service->entry, use.library);
			g_array_append_val(c->uses, use);
		}
	}
}

static void want_libraries(const supply *s, struct proof *p)
{
	const struct supply_suite *suite = supply_of(s, p->channel);

	for (guint i = 0; i < p->classes->len; i++) {
		struct proof_class *c = p->classes->pdata[i];
		if (c->question != G_MAXUINT)
			c->install = installs_find(suite->installs, c->question);
		want_uses(s, suite, c);
	}
}

/* ---- what came of it ---- */

static void note_install(struct proof *p, const struct proof_class *c)
{
	const struct install *install = c->install;
	const struct channel_host *host = c->target->host;

	if (install == NULL)
		return;
	if (!install->known)
		proof_add(p, PROOF_BASE, PROOF_UNKNOWN, host, c->target->on->name,
			  g_strdup_printf("%s does not say which packages it has; write it again with abide base capture",
					  c->target->on->name),
			  NULL);
	else if (!install->found)
		proof_add(p, PROOF_INSTALL, PROOF_FAILS, host, c->target->on->name,
			  g_strdup_printf("cannot be installed: %s", install->why), NULL);
}

char *proof_pair_text(const struct pair *pair)
{
	static const char *const verbs[] = {
		[USERS_RUNS] = "runs", [USERS_NOTE] = "runs", [USERS_UNKNOWN] = "may break", [USERS_BREAKS] = "breaks"};

	return g_strdup_printf("%s %s %s with %s %s: %s", pair->program->name, pair->program->version, verbs[pair->word],
			       pair->library->name, pair->library->version, pair->reason ? pair->reason : "");
}

/* A note on what cannot be installed anyway is none. */
static void note_use(struct proof *p, const struct proof_class *c, const struct pair *pair)
{
	static const enum proof_word words[] = {[USERS_RUNS] = PROOF_HOLDS,
						[USERS_NOTE] = PROOF_NOTE,
						[USERS_UNKNOWN] = PROOF_UNKNOWN,
						[USERS_BREAKS] = PROOF_FAILS};
	const struct pair_finding *first = pair->findings->len > 0 ? pair->findings->pdata[0] : NULL;

	if (pair->word > USERS_NOTE || (pair->word == USERS_NOTE && (c->install == NULL || c->install->found)))
		proof_add(p, PROOF_ABI, words[pair->word], c->target->host, pair->program->name, proof_pair_text(pair),
			  first ? first->symbols : NULL);
}

static void note_class(struct proof *p, const struct supply_suite *suite, struct proof_class *c)
{
	note_install(p, c);
	for (guint i = 0; i < c->uses->len; i++) {
		struct proof_use *use = &g_array_index(c->uses, struct proof_use, i);
		use->pair = use->library ? pairing_find(suite->pairing, use->service->entry, use->library) : NULL;
		if (use->pair != NULL)
			note_use(p, c, use->pair);
	}
}

proofs *proofs_make(const supply *s, const GDate *today, GError **error)
{
	g_autoptr(proofs) p = g_new0(proofs, 1);

	p->all = g_ptr_array_new_with_free_func(proof_free);
	for (guint i = 0; i < s->channels->len; i++)
		g_ptr_array_add(p->all, proof_new(s, s->channels->pdata[i]));
	if (!supply_install(s, error))
		return NULL;
	for (guint i = 0; i < p->all->len; i++)
		want_libraries(s, p->all->pdata[i]);
	if (!supply_judge(s, error))
		return NULL;
	for (guint i = 0; i < p->all->len; i++) {
		struct proof *one = p->all->pdata[i];
		proof_check_channel(one, s, today);
		for (guint k = 0; k < one->classes->len; k++)
			note_class(one, supply_of(s, one->channel), one->classes->pdata[k]);
	}
	for (guint i = 0; i < s->suites->len; i++) {
		p->solved += installs_solved(((const struct supply_suite *)s->suites->pdata[i])->installs);
		p->opened += pairing_opened(((const struct supply_suite *)s->suites->pdata[i])->pairing);
	}
	return g_steal_pointer(&p);
}

enum proof_word proofs_worst(const proofs *p)
{
	enum proof_word worst = PROOF_HOLDS;

	for (guint i = 0; i < p->all->len; i++)
		worst = MAX(worst, ((const struct proof *)p->all->pdata[i])->word);
	return worst;
}

guint proofs_count(const proofs *p, enum proof_word word)
{
	guint n = 0;

	for (guint i = 0; i < p->all->len; i++)
		n += ((const struct proof *)p->all->pdata[i])->word == word;
	return n;
}
