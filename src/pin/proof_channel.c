/* What is wrong with a channel by itself and beside its suite: see proof.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/proof.h"

#include <string.h>

/* So many versions of a suite are named, the newest; more would not be read. */
#define MOST_VERSIONS 5

/* ---- what is over ---- */

static void check_day(struct proof *p, const struct channel_host *host, const char *name, const char *what,
		      const char *until, const GDate *today)
{
	if (channel_is_over(until, today))
		proof_add(p, PROOF_EXPIRY, PROOF_EXPIRED, host, name,
			  g_strdup_printf("%s: %s was to hold until %s; decide again", name, what, until), NULL);
}

static void check_days(struct proof *p, const GDate *today)
{
	const struct channel *c = p->channel;

	for (guint i = 0; i < c->n_pins; i++)
		check_day(p, NULL, c->pins[i].name, "the pin", c->pins[i].until, today);
	for (guint i = 0; i < c->n_hosts; i++)
		for (guint k = 0; k < c->hosts[i].n_services; k++)
			check_day(p, &c->hosts[i], c->hosts[i].services[k].name, "its version",
				  c->hosts[i].services[k].until, today);
	for (guint i = 0; i < c->n_held; i++) {
		g_autofree char *what = g_strdup_printf("%s %s", c->held[i].package, c->held[i].version);
		check_day(p, NULL, c->held[i].service, what, c->held[i].until, today);
	}
}

/* ---- what is not there ---- */

/* "the suite has 1.0-1, 1.1-1"; NULL: no version at all, for that system. */
static char *versions_there(const GPtrArray *packages, const struct view_base *on, const char *name)
{
	g_autoptr(GPtrArray) versions = g_ptr_array_new();

	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (e->family == on->family && strcmp(e->name, name) == 0 &&
		    view_find(packages, on->family, on->base->arch, name, e->version) == e)
			g_ptr_array_add(versions, e->version);
	}
	if (versions->len == 0)
		return NULL;
	guint from = versions->len > MOST_VERSIONS ? versions->len - MOST_VERSIONS : 0;
	g_ptr_array_add(versions, NULL);
	g_autofree char *list = g_strjoinv(", ", (char **)versions->pdata + from);
	return g_strdup_printf("the suite has %s%s", from > 0 ? "..., " : "", list);
}

/* The first version that every one of these patterns lets through; NULLs among them are passed over. */
static gboolean fits_some(const GPtrArray *packages, const struct view_base *on, const char *name,
			  const struct pin_pattern *one, const struct pin_pattern *other)
{
	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (e->family == on->family && strcmp(e->name, name) == 0 &&
		    (one == NULL || pin_pattern_matches(one, e->version, on->family->compare)) &&
		    (other == NULL || pin_pattern_matches(other, e->version, on->family->compare)))
			return TRUE;
	}
	return FALSE;
}

/* Another line of the channel that wants versions of a service which none of those that this class wants is one of. */
static char *rival_of(const struct proof *p, const supply *s, const view_target *t, const struct channel_service *service)
{
	const GPtrArray *packages = supply_of(s, p->channel)->p->packages;
	const struct channel_pin *pin = channel_find(p->channel, service->name);

	if (pin != NULL && !fits_some(packages, t->on, service->name, &service->pattern, &pin->pattern))
		return g_strdup_printf("the pin wants %s", pin->version);
	for (guint i = 0; i < p->channel->n_hosts; i++) {
		const struct channel_host *host = &p->channel->hosts[i];
		for (guint k = 0; k < host->n_services; k++) {
			const struct channel_service *other = &host->services[k];
			if (host != t->host && other->version != NULL && strcmp(other->name, service->name) == 0 &&
			    view_bases_find(s->bases, host)->family == t->on->family &&
			    !fits_some(packages, t->on, service->name, &service->pattern, &other->pattern))
				return g_strdup_printf("class %s wants %s; a channel is one suite, so give them channels of "
						       "their own",
						       host->class, other->version);
		}
	}
	return g_strdup("other lines of the channel want other versions");
}

static void check_service(struct proof *p, const supply *s, const view_target *t, const struct view_service *v)
{
	const struct channel_service *service = v->service;
	const GPtrArray *packages = supply_of(s, p->channel)->p->packages;
	g_autofree char *there = versions_there(packages, t->on, v->name);

	if (there == NULL) {
		proof_add(p, PROOF_GONE, PROOF_FAILS, t->host, v->name,
			  g_strdup_printf("%s: the suite has no such package for %s", v->name, t->on->base->arch), NULL);
	} else if (service->version != NULL && !fits_some(packages, t->on, v->name, &service->pattern, NULL)) {
		proof_add(p, PROOF_GONE, PROOF_FAILS, t->host, v->name,
			  g_strdup_printf("%s: no version that is %s; %s", v->name, service->version, there), NULL);
	} else if (service->version != NULL) {
		g_autofree char *rival = rival_of(p, s, t, service);
		proof_add(p, PROOF_CONTRADICTION, PROOF_FAILS, t->host, v->name,
			  g_strdup_printf("%s: this class wants %s, and %s", v->name, service->version, rival), NULL);
	} else {
		const struct channel_pin *pin = channel_find(p->channel, v->name);
		proof_add(p, PROOF_GONE, PROOF_FAILS, t->host, v->name,
			  g_strdup_printf("%s: no version that is let through (%s); %s", v->name,
					  pin ? pin->version : "see the other classes", there),
			  NULL);
	}
}

static void check_pin(struct proof *p, const supply *s, const view_target *t, const struct view_pin *pin)
{
	const GPtrArray *packages = supply_of(s, p->channel)->p->packages;
	g_autofree char *there = versions_there(packages, t->on, pin->pin->name);

	if (pin->entry == NULL && pin->wanted &&
	    !fits_some(packages, t->on, pin->pin->name, &pin->pin->pattern, NULL))
		proof_add(p, PROOF_GONE, PROOF_FAILS, t->host, pin->pin->name,
			  g_strdup_printf("%s: no version that is %s; %s", pin->pin->name, pin->pin->version, there), NULL);
}

/* Whether any package of the suite, of whatever family, has that name, and a version that the pattern lets through. */
static gboolean is_anywhere(const GPtrArray *packages, const char *name, const struct pin_pattern *pattern)
{
	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (strcmp(e->name, name) == 0 &&
		    (pattern == NULL || pin_pattern_matches(pattern, e->version, e->family->compare)))
			return TRUE;
	}
	return FALSE;
}

/* What no host class is there to notice. */
static void check_names(struct proof *p, const supply *s)
{
	const GPtrArray *packages = supply_of(s, p->channel)->p->packages;
	const struct channel *c = p->channel;

	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *pin = &c->pins[i];
		if (!is_anywhere(packages, pin->name, NULL))
			proof_add(p, PROOF_GONE, PROOF_FAILS, NULL, pin->name,
				  g_strdup_printf("%s: it is pinned, and the suite has no such package", pin->name), NULL);
		else if (c->n_hosts == 0 && !is_anywhere(packages, pin->name, &pin->pattern))
			proof_add(p, PROOF_GONE, PROOF_FAILS, NULL, pin->name,
				  g_strdup_printf("%s: the suite has no version that is %s", pin->name, pin->version), NULL);
	}
}

/* ---- what is held, and what is there on site ---- */

static void check_held(struct proof *p, const supply *s, const view_target *t, const struct view_service *v)
{
	const GPtrArray *packages = supply_of(s, p->channel)->p->packages;

	for (guint i = 0; i < p->channel->n_held; i++) {
		const struct channel_held *held = &p->channel->held[i];
		if (strcmp(held->service, v->name) == 0 &&
		    view_library_of(t, packages, v, held->package) == NULL)
			proof_add(p, PROOF_GONE, PROOF_FAILS, t->host, v->name,
				  g_strdup_printf("%s: the suite no longer has %s %s, which is held for it", v->name,
						  held->package, held->version),
				  NULL);
	}
}

static void check_site(struct proof *p, const view_target *t, const struct view_service *v)
{
	if (v->installed != NULL && v->entry == NULL && v->service == NULL)
		proof_add(p, PROOF_GONE, PROOF_UNKNOWN, t->host, v->name,
			  g_strdup_printf("%s %s is on site, and the suite does not have it: what it uses cannot be told", v->name,
					  v->installed->version),
			  NULL);
}

/* Neither apt nor dnf takes an older version by itself. */
static void check_newer_on_site(struct proof *p, const view_target *t, const struct view_pin *pin)
{
	const struct base_package *there = NULL;

	for (guint i = 0; i < t->on->installed->len && there == NULL; i++) {
		const struct base_package *one = t->on->installed->pdata[i];
		there = strcmp(one->name, pin->pin->name) == 0 ? one : NULL;
	}
	if (there != NULL && pin->entry != NULL && t->on->family->compare(there->version, pin->entry->version) > 0)
		proof_add(p, PROOF_CONTRADICTION, PROOF_FAILS, t->host, pin->pin->name,
			  g_strdup_printf("%s: %s is installed, newer than %s, the newest that the pin lets through (%s); "
					  "neither apt nor dnf goes back by itself",
					  pin->pin->name, there->version, pin->entry->version, pin->pin->version),
			  NULL);
}

/* ---- what a pin makes impossible ---- */

/* The relations of one service, while they are read. */
struct clash {
	const struct proof *p;
	const view_target *t;
	const entry *service;
	const GPtrArray *packages;
	GPtrArray *texts; /* GString *: by pin of the channel, what is said against it; NULL: nothing */
	guint group;      /* alternatives that are being read */
	gboolean met;     /* one of them is met, or is not about a pin */
	char *text;       /* of the first that is not */
	guint pin;        /* and which pin that is */
};

static void end_group(struct clash *c)
{
	if (!c->met && c->text != NULL) {
		GString **said = (GString **)&c->texts->pdata[c->pin];
		if (*said == NULL)
			*said = g_string_new(NULL);
		g_string_append_printf(*said, "%s%s", (*said)->len > 0 ? ", " : "", c->text);
	}
	g_clear_pointer(&c->text, g_free);
	c->met = FALSE;
}

/* rpm's records name the epoch even where there is none. */
static const char *without_epoch(const char *version)
{
	return g_str_has_prefix(version, "0:") ? version + 2 : version;
}

/* Noted where the suite has a version that would do, and the pin keeps it out. */
static void note_clash(struct clash *c, const struct relations_name *name, const struct channel_pin *pin)
{
	static const char *const ops[] = {[RELATION_LESS] = "<",
					  [RELATION_LESS_EQUAL] = "<=",
					  [RELATION_EQUAL] = "=",
					  [RELATION_GREATER_EQUAL] = ">=",
					  [RELATION_GREATER] = ">"};
	const struct family *family = c->t->on->family;
	gboolean kept_out = FALSE;

	for (guint i = 0; i < c->packages->len; i++) {
		const entry *e = c->packages->pdata[i];
		if (e->family != family || strcmp(e->name, name->name) != 0 ||
		    !relations_hold(family->compare, e->version, name->op, name->version))
			continue;
		if (pin_pattern_matches(&pin->pattern, e->version, family->compare)) {
			c->met = TRUE;
			return;
		}
		kept_out = TRUE;
	}
	c->met = !kept_out;
	if (!kept_out || c->text != NULL)
		return;
	c->pin = (guint)(pin - c->p->channel->pins);
	c->text = g_strdup_printf("%s %s needs %s %s", c->service->name, c->service->version, ops[name->op],
				  without_epoch(name->version));
}

static void look_at_relation(const struct relations_name *name, gpointer user)
{
	struct clash *c = user;
	const struct channel_pin *pin = channel_find(c->p->channel, name->name);

	if (name->group != c->group)
		end_group(c);
	c->group = name->group;
	if (pin == NULL || name->op == RELATION_ANY)
		c->met = TRUE;
	else if (!c->met)
		note_clash(c, name, pin);
}

/* A line for each pin that services of this class cannot live with. */
static void check_clashes(struct proof *p, const supply *s, const view_target *t)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new();

	g_ptr_array_set_size(texts, (gint)p->channel->n_pins);
	for (guint i = 0; i < t->services->len; i++) {
		const struct view_service *v = &g_array_index(t->services, struct view_service, i);
		struct clash c = {.p = p, .t = t, .service = v->entry, .texts = texts};
		c.packages = supply_of(s, p->channel)->p->packages;
		if (v->entry == NULL)
			continue;
		t->on->family->relations(v->entry->record[0], strlen(v->entry->record[0]), RELATIONS_NEEDS,
					 look_at_relation, &c);
		end_group(&c);
	}
	for (guint i = 0; i < p->channel->n_pins; i++) {
		const struct channel_pin *pin = &p->channel->pins[i];
		GString *text = texts->pdata[i];
		if (text == NULL)
			continue;
		proof_add(p, PROOF_CONTRADICTION, PROOF_FAILS, t->host, pin->name,
			  g_strdup_printf("%s is kept at %s%s%s%s: %s", pin->name, pin->version, pin->reason ? " (" : "",
					  pin->reason ? pin->reason : "", pin->reason ? ")" : "", text->str),
			  NULL);
		g_string_free(text, TRUE);
	}
}

/* ---- all of it ---- */

static void check_class(struct proof *p, const supply *s, const struct proof_class *one)
{
	const view_target *t = one->target;

	for (guint i = 0; i < t->services->len; i++) {
		const struct view_service *v = &g_array_index(t->services, struct view_service, i);
		if (v->entry == NULL && v->service != NULL)
			check_service(p, s, t, v);
		check_site(p, t, v);
		check_held(p, s, t, v);
	}
	for (guint i = 0; i < t->pins->len; i++) {
		const struct view_pin *pin = &g_array_index(t->pins, struct view_pin, i);
		check_pin(p, s, t, pin);
		check_newer_on_site(p, t, pin);
	}
	if (one->install != NULL && !one->install->found)
		check_clashes(p, s, t);
}

void proof_check_channel(struct proof *p, const supply *s, const GDate *today)
{
	check_days(p, today);
	check_names(p, s);
	for (guint i = 0; i < p->classes->len; i++)
		check_class(p, s, p->classes->pdata[i]);
}
