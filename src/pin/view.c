/* What a channel lets through, and what its host classes get of it: see view.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/view_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- packages by name ---- */

static int compare_name(const entry *e, const struct family *family, const char *name)
{
	int order = strcmp(e->family->name, family->name);

	return order != 0 ? order : strcmp(e->name, name);
}

/* The first that does not come before that name; as many as there are when none does. */
static guint lower_bound(const GPtrArray *packages, const struct family *family, const char *name)
{
	guint low = 0, high = packages->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (compare_name(packages->pdata[middle], family, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

gboolean view_is_for(const char *of, const char *arch)
{
	return strcmp(of, arch) == 0 || strcmp(of, "all") == 0 || strcmp(of, "noarch") == 0;
}

const entry *view_newest(const GPtrArray *packages, const struct family *family, const char *arch, const char *name,
			 const struct pin_pattern *pattern)
{
	const entry *newest = NULL;

	for (guint i = lower_bound(packages, family, name); i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (compare_name(e, family, name) != 0)
			break;
		if (view_is_for(e->arch, arch) && (pattern == NULL || pin_pattern_matches(pattern, e->version, family->compare)))
			newest = e;
	}
	return newest;
}

const entry *view_candidate(const GPtrArray *view, const struct family *family, const char *arch, const char *name)
{
	return view_newest(view, family, arch, name, NULL);
}

const entry *view_find(const GPtrArray *packages, const struct family *family, const char *arch, const char *name,
		       const char *version)
{
	for (guint i = lower_bound(packages, family, name); i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (compare_name(e, family, name) != 0)
			break;
		if (view_is_for(e->arch, arch) && family->compare(e->version, version) == 0)
			return e;
	}
	return NULL;
}

/* ---- what a channel lets through ---- */

/* One pattern that versions of a package have to match, in one family or in both. */
struct rule {
	const struct family *family;       /* NULL: both */
	const struct pin_pattern *pattern; /* NULL: any version; the package is named */
};

static void add_rule(GHashTable *rules, const char *name, struct rule rule)
{
	GArray *of = g_hash_table_lookup(rules, name);

	if (of == NULL) {
		of = g_array_new(FALSE, FALSE, sizeof(struct rule));
		g_hash_table_insert(rules, g_strdup(name), of);
	}
	g_array_append_val(of, rule);
}

/* By package. A service's version is one of its host class, and so of that family: the other writes it differently. */
static GHashTable *rules_of(const view_bases *bases, const struct channel *channel)
{
	GHashTable *rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < channel->n_pins; i++)
		add_rule(rules, channel->pins[i].name, (struct rule){NULL, &channel->pins[i].pattern});
	for (guint i = 0; i < channel->n_hosts; i++) {
		const struct channel_host *host = &channel->hosts[i];
		const struct family *family = view_bases_find(bases, host)->family;
		for (guint k = 0; k < host->n_services; k++) {
			const struct channel_service *s = &host->services[k];
			add_rule(rules, s->name, (struct rule){family, s->version ? &s->pattern : NULL});
		}
	}
	for (guint i = 0; i < channel->n_held; i++) {
		g_autofree char *name = view_held_name(&channel->held[i]);
		add_rule(rules, name, (struct rule){NULL, NULL});
	}
	return rules;
}

static gboolean lets(const GArray *rules, const entry *e)
{
	for (guint i = 0; rules != NULL && i < rules->len; i++) {
		const struct rule *r = &g_array_index(rules, struct rule, i);
		if ((r->family == NULL || r->family == e->family) && r->pattern != NULL &&
		    !pin_pattern_matches(r->pattern, e->version, e->family->compare))
			return FALSE;
	}
	return TRUE;
}

static GPtrArray *chosen(const GPtrArray *packages, const guint8 *choice)
{
	GPtrArray *view = g_ptr_array_new();

	for (guint i = 0; i < packages->len; i++)
		if (choice[i])
			g_ptr_array_add(view, packages->pdata[i]);
	return view;
}

GPtrArray *view_entries(const view_bases *bases, const struct channel *channel, const GPtrArray *packages)
{
	return view_entries_with(bases, channel, packages, NULL);
}

static gboolean is_named_by(const entry *e, const entry *only)
{
	return e->family == only->family && strcmp(e->name, only->name) == 0;
}

GPtrArray *view_entries_with(const view_bases *bases, const struct channel *channel, const GPtrArray *packages,
			     const entry *only)
{
	g_autoptr(GHashTable) rules = rules_of(bases, channel);
	g_autofree guint8 *let = g_new0(guint8, packages->len + 1), *named = g_new0(guint8, packages->len + 1);
	const GArray *of = NULL;

	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (i == 0 || strcmp(e->name, ((const entry *)packages->pdata[i - 1])->name) != 0)
			of = g_hash_table_lookup(rules, e->name);
		gboolean chosen_one = only != NULL && is_named_by(e, only);
		let[i] = chosen_one ? e->family->compare(e->version, only->version) == 0 : lets(of, e);
		named[i] = let[i] && (of != NULL || chosen_one);
	}
	if (channel->others == CHANNEL_OTHERS_DENY)
		needed_follow(view_bases_needed(bases, packages), let, named);
	return chosen(packages, channel->others == CHANNEL_OTHERS_DENY ? named : let);
}

/* "libwarden1-held-1.0.1": without epoch and revision, which names of packages and paths do better without. */
char *view_held_name(const struct channel_held *held)
{
	return g_strdup_printf("%s-held-%s", held->package, held->pattern.version);
}

/* ---- host classes ---- */

static const struct base_package *installed_on(const struct view_base *on, const char *name)
{
	guint low = 0, high = on->installed->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct base_package *p = on->installed->pdata[middle];
		int order = strcmp(p->name, name);
		if (order == 0)
			return p;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* What the class has of NAME in the end: what is installed, unless the candidate is newer. */
static const entry *settled(const view_target *t, const GPtrArray *packages, const char *name,
			    const struct base_package *installed)
{
	const struct view_base *on = t->on;
	const entry *candidate = view_candidate(t->view, on->family, on->base->arch, name);

	if (installed == NULL ||
	    (candidate != NULL && on->family->compare(candidate->version, installed->version) >= 0))
		return candidate;
	return view_find(packages, on->family, on->base->arch, name, installed->version);
}

static const struct channel_held *held_for(const struct channel *channel, const char *service, const char *library)
{
	for (guint i = 0; i < channel->n_held; i++)
		if (strcmp(channel->held[i].service, service) == 0 &&
		    (library == NULL || strcmp(channel->held[i].package, library) == 0))
			return &channel->held[i];
	return NULL;
}

static const struct channel_service *service_of(const struct channel_host *host, const char *name)
{
	for (guint i = 0; i < host->n_services; i++)
		if (strcmp(host->services[i].name, name) == 0)
			return &host->services[i];
	return NULL;
}

static gboolean is_library(const struct fleet *fleet, const char *name)
{
	for (guint i = 0; i < fleet->n_libraries; i++)
		if (strcmp(fleet->libraries[i], name) == 0)
			return TRUE;
	return FALSE;
}

static void add_services(view_target *t, const GPtrArray *packages)
{
	for (guint i = 0; i < t->host->n_services; i++) {
		const struct channel_service *service = &t->host->services[i];
		struct view_service s = {.service = service, .name = service->name};
		s.installed = t->host->installed ? installed_on(t->on, s.name) : NULL;
		s.entry = settled(t, packages, s.name, s.installed);
		s.held = held_for(t->channel, s.name, NULL);
		g_array_append_val(t->services, s);
	}
}

/* What was found on site and comes from this repository, though nobody wrote it down. */
static void add_installed(view_target *t, const struct fleet *fleet, const GPtrArray *packages)
{
	const struct view_base *on = t->on;

	for (guint i = 0; t->host->installed != NULL && i < on->installed->len; i++) {
		const struct base_package *p = on->installed->pdata[i];
		guint place = lower_bound(packages, on->family, p->name);
		if (place == packages->len || compare_name(packages->pdata[place], on->family, p->name) != 0 ||
		    service_of(t->host, p->name) != NULL || is_library(fleet, p->name))
			continue;
		struct view_service s = {.name = p->name, .installed = p};
		s.entry = view_find(packages, on->family, on->base->arch, p->name, p->version);
		s.held = held_for(t->channel, s.name, NULL);
		g_array_append_val(t->services, s);
	}
}

/* Whether the package is a service of other classes, and none of this one. */
static gboolean belongs_elsewhere(const view_target *t, const char *name)
{
	gboolean elsewhere = FALSE;

	if (service_of(t->host, name) != NULL)
		return FALSE;
	for (guint i = 0; i < t->channel->n_hosts; i++)
		elsewhere |= service_of(&t->channel->hosts[i], name) != NULL;
	return elsewhere;
}

static void add_pins(view_target *t, const GPtrArray *packages)
{
	const struct view_base *on = t->on;

	for (guint i = 0; i < t->channel->n_pins; i++) {
		struct view_pin pin = {.pin = &t->channel->pins[i]};
		if (view_candidate(packages, on->family, on->base->arch, pin.pin->name) == NULL)
			continue;
		pin.entry = view_candidate(t->view, on->family, on->base->arch, pin.pin->name);
		pin.wanted = !belongs_elsewhere(t, pin.pin->name);
		g_array_append_val(t->pins, pin);
	}
}

view_target *view_target_new(const view_bases *bases, const struct channel *channel, const struct channel_host *host,
			     const GPtrArray *view, const GPtrArray *packages)
{
	view_target *t = g_new0(view_target, 1);

	t->channel = channel;
	t->host = host;
	t->on = view_bases_find(bases, host);
	t->view = view;
	t->services = g_array_new(FALSE, FALSE, sizeof(struct view_service));
	t->pins = g_array_new(FALSE, FALSE, sizeof(struct view_pin));
	add_services(t, packages);
	add_installed(t, bases->fleet, packages);
	add_pins(t, packages);
	return t;
}

void view_target_free(view_target *t)
{
	if (t == NULL)
		return;
	g_array_unref(t->services);
	g_array_unref(t->pins);
	g_free(t);
}

const entry *view_library(const view_target *t, const GPtrArray *packages, const char *library)
{
	return settled(t, packages, library, installed_on(t->on, library));
}

const struct channel_held *view_held(const struct channel *channel, const char *service, const char *library)
{
	return held_for(channel, service, library);
}

const entry *view_library_of(const view_target *t, const GPtrArray *packages, const struct view_service *service,
			     const char *library)
{
	const struct channel_held *held = held_for(t->channel, service->name, library);

	return held != NULL ? view_newest(packages, t->on->family, t->on->base->arch, library, &held->pattern)
			    : view_library(t, packages, library);
}
