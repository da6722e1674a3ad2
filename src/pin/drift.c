/* What a host has against what its channel says: see drift.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/drift.h"
#include "core/member.h"
#include "pin/needed.h"

#include <string.h>

/* One comparison. */
struct comparison {
	drift *drift;
	const installed *list;
	const view_target *t;
	const GPtrArray *packages;
	GHashTable *named; /* names that have been looked at; the keys are not owned */
};

static void item_free(gpointer data)
{
	struct drift_item *item = data;

	g_free(item->name);
	g_free(item->has);
	g_free(item->wants);
	g_free(item->rule);
	g_free(item);
}

void drift_free(drift *d)
{
	if (d == NULL)
		return;
	g_ptr_array_unref(d->items);
	g_free(d);
}

static void add(struct comparison *c, enum drift_kind kind, gboolean drifted, const char *name, const char *has,
		const char *wants, const char *rule)
{
	struct drift_item *item = g_new0(struct drift_item, 1);

	*item = (struct drift_item){kind, drifted, g_strdup(name), g_strdup(has), g_strdup(wants), g_strdup(rule)};
	g_ptr_array_add(c->drift->items, item);
}

/* ---- versions ---- */

static const char *without_epoch(const char *version)
{
	const char *colon = strchr(version, ':');

	return colon ? colon + 1 : version;
}

/* The version as the repository writes it: rpm -qa leaves the epoch out. */
static const char *full_version(const struct comparison *c, const char *name, const char *version)
{
	const struct view_base *on = c->t->on;

	for (guint i = 0; c->list->family == PACKAGE_RPM && strchr(version, ':') == NULL && i < c->packages->len; i++) {
		const entry *e = c->packages->pdata[i];
		if (e->family == on->family && strcmp(e->name, name) == 0 &&
		    strcmp(without_epoch(e->version), version) == 0)
			return e->version;
	}
	return version;
}

/* The oldest that is let through; NULL: none. */
static const entry *oldest(const struct comparison *c, const char *name)
{
	const struct view_base *on = c->t->on;

	for (guint i = 0; i < c->t->view->len; i++) {
		const entry *e = c->t->view->pdata[i];
		if (e->family == on->family && strcmp(e->name, name) == 0 &&
		    view_find(c->t->view, on->family, on->base->arch, name, e->version) == e)
			return e;
	}
	return NULL;
}

static void check_version(struct comparison *c, const char *name, const char *has, const char *rule)
{
	const struct view_base *on = c->t->on;
	const entry *newest = view_candidate(c->t->view, on->family, on->base->arch, name), *least = oldest(c, name);
	const char *full = full_version(c, name, has);

	if (newest == NULL)
		add(c, DRIFT_OTHER, TRUE, name, has, NULL, rule);
	else if (on->family->compare(full, newest->version) > 0)
		add(c, DRIFT_NEWER, TRUE, name, has, newest->version, rule);
	else if (on->family->compare(full, least->version) < 0)
		add(c, DRIFT_OLDER, TRUE, name, has, newest->version, rule);
	else if (view_find(c->t->view, on->family, on->base->arch, name, full) == NULL)
		add(c, DRIFT_OTHER, TRUE, name, has, newest->version, rule);
	else if (on->family->compare(full, newest->version) < 0)
		add(c, DRIFT_BEHIND, FALSE, name, has, newest->version, rule);
}

/* ---- what the channel names ---- */

/* Looks at a name once. */
static gboolean is_first(struct comparison *c, const char *name)
{
	return g_hash_table_add(c->named, (gpointer)name);
}

static void check_named(struct comparison *c, const char *name, gboolean needed_there, const char *rule)
{
	const struct view_base *on = c->t->on;
	const struct installed_package *there = installed_find(c->list, name, on->base->arch);
	const entry *wants = view_candidate(c->t->view, on->family, on->base->arch, name);

	if (!is_first(c, name))
		return;
	if (there != NULL) {
		c->drift->n_looked++;
		check_version(c, name, there->version, rule);
	} else if (needed_there) {
		add(c, DRIFT_MISSING, TRUE, name, NULL, wants ? wants->version : NULL, rule);
	}
}

static void check_services(struct comparison *c)
{
	for (guint i = 0; i < c->t->host->n_services; i++) {
		const struct channel_service *s = &c->t->host->services[i];
		const struct channel_pin *pin = channel_find(c->t->channel, s->name);
		check_named(c, s->name, TRUE, s->version ? s->version : pin ? pin->version : NULL);
	}
}

static gboolean has_service(const struct channel_host *host, const char *name)
{
	for (guint i = 0; i < host->n_services; i++)
		if (strcmp(host->services[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

/* A package of its own, of which there is one build that fits: what is asked is whether it is there. */
static void check_held(struct comparison *c)
{
	for (guint i = 0; i < c->t->channel->n_held; i++) {
		const struct channel_held *held = &c->t->channel->held[i];
		g_autofree char *name = view_held_name(held);
		g_autofree char *rule = g_strdup_printf("held for %s", held->service);
		if (!has_service(c->t->host, held->service))
			continue;
		if (installed_find(c->list, name, c->t->on->base->arch) == NULL)
			add(c, DRIFT_MISSING, TRUE, name, NULL, held->version, rule);
		else
			c->drift->n_looked++;
		g_hash_table_add(c->named, (gpointer)g_intern_string(name));
	}
}

static void check_pins(struct comparison *c)
{
	for (guint i = 0; i < c->t->channel->n_pins; i++)
		check_named(c, c->t->channel->pins[i].name, FALSE, c->t->channel->pins[i].version);
}

/* ---- the rest of the repository's packages ---- */

/* By place in the packages: what is named, and what that needs. */
static guint8 *reach(const struct comparison *c)
{
	g_autofree guint8 *all = g_new(guint8, c->packages->len + 1);
	guint8 *taken = g_new0(guint8, c->packages->len + 1);
	g_autoptr(needed) n = needed_new(c->packages);

	memset(all, 1, c->packages->len);
	for (guint i = 0; i < c->packages->len; i++)
		taken[i] = g_hash_table_contains(c->named, ((const entry *)c->packages->pdata[i])->name);
	needed_follow(n, all, taken);
	return taken;
}

static void check_rest(struct comparison *c)
{
	const struct view_base *on = c->t->on;
	g_autofree guint8 *taken = reach(c);
	gboolean deny = c->t->channel->others == CHANNEL_OTHERS_DENY;

	for (guint i = 0; i < c->packages->len; i++) {
		const entry *e = c->packages->pdata[i];
		const struct installed_package *there =
			e->family == on->family ? installed_find(c->list, e->name, on->base->arch) : NULL;
		if (there == NULL || !is_first(c, e->name))
			continue;
		c->drift->n_looked++;
		if (taken[i])
			check_version(c, e->name, there->version, NULL);
		else
			add(c, DRIFT_EXTRA, deny, e->name, there->version, NULL, NULL);
	}
}

/* ---- all of it ---- */

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct drift_item *x = *(const struct drift_item *const *)a, *y = *(const struct drift_item *const *)b;

	return strcmp(x->name, y->name);
}

drift *drift_make(const supply *s, const struct channel *channel, const struct channel_host *host, const installed *list,
		  GError **error)
{
	const GPtrArray *packages = supply_of(s, channel)->p->packages;
	g_autoptr(GPtrArray) view = supply_view(s, channel, NULL);
	g_autoptr(view_target) t = view_target_new(s->bases, channel, host, view, packages);
	g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(drift) d = g_new0(drift, 1);
	struct comparison c = {d, list, t, packages, named};

	d->channel = channel;
	d->host = host;
	d->items = g_ptr_array_new_with_free_func(item_free);
	if (list->family != t->on->base->family) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s: class %s is on %s, and the list is of .%s packages",
			    channel->path, host->class, t->on->name, list->family == PACKAGE_DEB ? "deb" : "rpm");
		return NULL;
	}
	check_services(&c);
	check_held(&c);
	check_pins(&c);
	check_rest(&c);
	g_ptr_array_sort(d->items, by_name);
	return g_steal_pointer(&d);
}

gboolean drift_any(const drift *d)
{
	for (guint i = 0; i < d->items->len; i++)
		if (((const struct drift_item *)d->items->pdata[i])->drifted)
			return TRUE;
	return FALSE;
}

/* ---- in words ---- */

static const char *const kind_names[DRIFT_KINDS] = {
	[DRIFT_MISSING] = "missing", [DRIFT_OLDER] = "older", [DRIFT_NEWER] = "newer",
	[DRIFT_OTHER] = "other",     [DRIFT_EXTRA] = "extra", [DRIFT_BEHIND] = "behind"};

static void append_item(GString *out, const struct drift_item *item)
{
	g_string_append_printf(out, "%-7s  %s%s%s", kind_names[item->kind], item->name, item->has ? " " : "",
			       item->has ? item->has : "");
	if (item->kind == DRIFT_EXTRA)
		g_string_append(out, item->drifted ? ": the channel has no place for it"
						   : ": the channel says nothing about it");
	else
		g_string_append_printf(out, ": %s %s%s%s%s", item->kind == DRIFT_BEHIND ? "it may become" : "the channel says",
				       item->wants ? item->wants : "no version of the suite", item->rule ? " (" : "",
				       item->rule ? item->rule : "", item->rule ? ")" : "");
	g_string_append_c(out, '\n');
}

char *drift_text(const drift *d)
{
	GString *out = g_string_new(NULL);
	guint drifted = 0;

	for (int pass = 1; pass >= 0; pass--)
		for (guint i = 0; i < d->items->len; i++) {
			const struct drift_item *item = d->items->pdata[i];
			if (item->drifted != pass)
				continue;
			append_item(out, item);
			drifted += item->drifted;
		}
	g_string_append_printf(out, "%s/%s: %u package%s looked at, ", d->channel->name, d->host->class, d->n_looked,
			       d->n_looked == 1 ? "" : "s");
	if (drifted == 0)
		g_string_append(out, "the host has what its channel says\n");
	else
		g_string_append_printf(out, "%u differ%s from what the channel says\n", drifted, drifted == 1 ? "s" : "");
	return g_string_free(out, FALSE);
}

JsonNode *drift_json(const drift *d)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "channel", d->channel->name);
	member_text(b, "class", d->host->class);
	member_flag(b, "drifted", drift_any(d));
	member_array(b, "packages");
	for (guint i = 0; i < d->items->len; i++) {
		const struct drift_item *item = d->items->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "kind", kind_names[item->kind]);
		member_flag(b, "drifted", item->drifted);
		member_text(b, "name", item->name);
		member_text(b, "has", item->has);
		member_text(b, "wants", item->wants);
		member_text(b, "rule", item->rule);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
