/* Channels as aligned text and as JSON: see report.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/report.h"

#include "core/text.h"

#include <string.h>

/* ---- text ---- */

/* A pin, a service or something held, as one line has it. Borrowed. */
struct row {
	const char *name, *version, *unit; /* unit: NULL unless it is to be shown */
	const char *reason, *author, *until;
};

/* How wide the columns are; a column that nothing is in takes no room. */
struct widths {
	int name, version, unit, until;
};

static void widen(struct widths *w, const struct row *row)
{
	w->name = MAX(w->name, (int)strlen(row->name));
	w->version = MAX(w->version, (int)strlen(row->version));
	w->unit = MAX(w->unit, row->unit != NULL ? (int)strlen(row->unit) + 2 : 0);
	if (row->until != NULL)
		w->until = (int)strlen("EXPIRED YYYY-MM-DD  ");
}

/* "until 2027-01-31", "EXPIRED 2020-01-31" or "". */
static char *until_words(const char *until, const GDate *today)
{
	return until == NULL ? g_strdup("")
			     : g_strdup_printf("%s %s", channel_is_over(until, today) ? "EXPIRED" : "until", until);
}

static void append_row(GString *out, const struct row *row, const struct widths *w, int indent, const GDate *today)
{
	g_autofree char *until = until_words(row->until, today);
	g_autofree char *reason = text_one_line(row->reason != NULL ? row->reason : "");
	g_autofree char *author = row->author != NULL ? text_one_line(row->author) : NULL;

	g_string_append_printf(out, "%*s%-*s  %-*s  %-*s%-*s%s", indent, "", w->name, row->name, w->version, row->version,
			       w->unit, row->unit != NULL ? row->unit : "", w->until, until, reason);
	if (author != NULL)
		g_string_append_printf(out, "%s(%s)", *reason != '\0' ? " " : "", author);
	while (out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void append_rows(GString *out, const GArray *rows, int indent, const GDate *today)
{
	struct widths widths = {0};

	for (guint i = 0; i < rows->len; i++)
		widen(&widths, &g_array_index(rows, struct row, i));
	for (guint i = 0; i < rows->len; i++)
		append_row(out, &g_array_index(rows, struct row, i), &widths, indent, today);
}

static void append_pins(GString *out, const struct channel *c, const GDate *today)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct row));

	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *p = &c->pins[i];
		struct row row = {p->name, p->version, NULL, p->reason, p->author, p->until};
		g_array_append_val(rows, row);
	}
	append_rows(out, rows, 2, today);
	if (c->n_pins == 0)
		g_string_append(out, "  nothing is pinned\n");
}

static gboolean is_usual_unit(const struct channel_service *s)
{
	gsize n = strlen(s->name);

	return strncmp(s->unit, s->name, n) == 0 && strcmp(s->unit + n, ".service") == 0;
}

static void append_host(GString *out, const struct channel_host *host, const GDate *today)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct row));

	g_string_append_printf(out, "  class %s on %s%s%s%s\n", host->class, host->installed ? host->installed : host->base,
			       host->installed && host->base ? " (" : "", host->installed && host->base ? host->base : "",
			       host->installed && host->base ? ")" : "");
	for (guint i = 0; i < host->n_services; i++) {
		const struct channel_service *s = &host->services[i];
		struct row row = {s->name,   s->version ? s->version : CHANNEL_ANY, is_usual_unit(s) ? NULL : s->unit,
				  s->reason, s->author,				     s->until};
		g_array_append_val(rows, row);
	}
	append_rows(out, rows, 4, today);
}

static void append_held(GString *out, const struct channel *c, const GDate *today)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < c->n_held; i++) {
		const struct channel_held *h = &c->held[i];
		char *name = g_strdup_printf("%s for %s", h->package, h->service);
		struct row row = {name, h->version, NULL, h->reason, h->author, h->until};
		g_ptr_array_add(names, name);
		g_array_append_val(rows, row);
	}
	if (c->n_held > 0)
		g_string_append(out, "  held, side by side\n");
	append_rows(out, rows, 4, today);
}

char *channel_text(const struct channel *c, const GDate *today)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "%s (%s)\n", c->name, c->path);
	if (c->suite != NULL)
		g_string_append_printf(out, "  takes from suite %s\n", c->suite);
	append_pins(out, c, today);
	if (c->others == CHANNEL_OTHERS_DENY)
		g_string_append(out, "  every other package is kept out, but for what these need\n");
	for (guint i = 0; i < c->n_hosts; i++)
		append_host(out, &c->hosts[i], today);
	append_held(out, c, today);
	for (guint i = 0; i < c->n_restart; i++)
		g_string_append_printf(out, "%s%s", i == 0 ? "  restarts " : ", ", c->restart[i]);
	g_string_append(out, c->n_restart > 0 ? ", then the others\n" : "");
	return g_string_free(out, FALSE);
}

/* ---- JSON ---- */

static void add_string(JsonBuilder *builder, const char *key, const char *value)
{
	json_builder_set_member_name(builder, key);
	if (value != NULL)
		json_builder_add_string_value(builder, value);
	else
		json_builder_add_null_value(builder);
}

static void add_decision(JsonBuilder *builder, const char *reason, const char *author, const char *until,
			 const GDate *today)
{
	add_string(builder, "reason", reason);
	add_string(builder, "author", author);
	add_string(builder, "until", until);
	json_builder_set_member_name(builder, "expired");
	json_builder_add_boolean_value(builder, channel_is_over(until, today));
}

static void begin_list(JsonBuilder *builder, const char *name)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_array(builder);
}

static void add_pins(JsonBuilder *builder, const struct channel *c, const GDate *today)
{
	begin_list(builder, "packages");
	for (guint i = 0; i < c->n_pins; i++) {
		json_builder_begin_object(builder);
		add_string(builder, "name", c->pins[i].name);
		add_string(builder, "version", c->pins[i].version);
		add_decision(builder, c->pins[i].reason, c->pins[i].author, c->pins[i].until, today);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void add_services(JsonBuilder *builder, const struct channel_host *host, const GDate *today)
{
	begin_list(builder, "services");
	for (guint i = 0; i < host->n_services; i++) {
		const struct channel_service *s = &host->services[i];
		json_builder_begin_object(builder);
		add_string(builder, "name", s->name);
		add_string(builder, "version", s->version);
		add_string(builder, "unit", s->unit);
		add_decision(builder, s->reason, s->author, s->until, today);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void add_hosts(JsonBuilder *builder, const struct channel *c, const GDate *today)
{
	begin_list(builder, "hosts");
	for (guint i = 0; i < c->n_hosts; i++) {
		json_builder_begin_object(builder);
		add_string(builder, "class", c->hosts[i].class);
		add_string(builder, "base", c->hosts[i].base);
		add_string(builder, "installed", c->hosts[i].installed);
		add_services(builder, &c->hosts[i], today);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void add_held(JsonBuilder *builder, const struct channel *c, const GDate *today)
{
	begin_list(builder, "held");
	for (guint i = 0; i < c->n_held; i++) {
		const struct channel_held *h = &c->held[i];
		json_builder_begin_object(builder);
		add_string(builder, "service", h->service);
		add_string(builder, "package", h->package);
		add_string(builder, "version", h->version);
		add_decision(builder, h->reason, h->author, h->until, today);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

JsonNode *channel_json(const struct channel *c, const GDate *today)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	add_string(builder, "channel", c->name);
	add_string(builder, "file", c->path);
	add_string(builder, "suite", c->suite);
	add_string(builder, "others", c->others == CHANNEL_OTHERS_DENY ? "deny" : "allow");
	add_pins(builder, c, today);
	add_hosts(builder, c, today);
	add_held(builder, c, today);
	begin_list(builder, "restart");
	for (guint i = 0; i < c->n_restart; i++)
		json_builder_add_string_value(builder, c->restart[i]);
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	return json_builder_get_root(builder);
}

/* ---- changes ---- */

char *channel_differences_text(const GPtrArray *differences, const char *indent)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < differences->len; i++) {
		const struct channel_difference *d = differences->pdata[i];
		if (d->from != NULL)
			g_string_append_printf(out, "%s- %s  %s\n", indent, d->what, d->from);
		if (d->to != NULL)
			g_string_append_printf(out, "%s+ %s  %s\n", indent, d->what, d->to);
	}
	return g_string_free(out, FALSE);
}

void channel_add_differences(JsonBuilder *builder, const char *name, const GPtrArray *differences)
{
	begin_list(builder, name);
	for (guint i = 0; i < differences->len; i++) {
		const struct channel_difference *d = differences->pdata[i];
		json_builder_begin_object(builder);
		add_string(builder, "what", d->what);
		add_string(builder, "from", d->from);
		add_string(builder, "to", d->to);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static const char *const action_words[] = {
	[CHANNEL_ACTION_SET] = "set", [CHANNEL_ACTION_UNSET] = "unset", [CHANNEL_ACTION_HAND] = "hand"};

char *channel_entry_text(const char *channel, const struct channel_entry *e)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(e->when);
	g_autofree char *day = g_date_time_format(date, "%Y-%m-%d %H:%M:%S UTC");
	g_autofree char *changes = channel_differences_text(e->changes, "  ");
	const char *none = e->action == CHANNEL_ACTION_HAND ? "  (reasons, comments or layout)\n" : "";

	if (e->action == CHANNEL_ACTION_HAND)
		return g_strdup_printf("%s  %s  changed by hand; %s\n%s", e->unrecorded ? "now" : day, channel,
				       e->unrecorded ? "the next change puts it on record" : "found then",
				       e->changes->len > 0 ? changes : none);
	return g_strdup_printf("%s  %s  %s by %s: %s%s\n%s", day, channel, action_words[e->action],
			       e->by != NULL ? e->by : "nobody named", e->why != NULL ? e->why : "",
			       e->undone ? "  [NOT IN THE FILE: never written, or taken back by hand]" : "", changes);
}

void channel_add_entry(JsonBuilder *builder, const char *channel, const struct channel_entry *e)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(e->when);
	g_autofree char *day = g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");

	json_builder_begin_object(builder);
	add_string(builder, "channel", channel);
	add_string(builder, "date", day);
	add_string(builder, "action", action_words[e->action]);
	add_string(builder, "by", e->by);
	add_string(builder, "why", e->why);
	channel_add_differences(builder, "changes", e->changes);
	json_builder_set_member_name(builder, "undone");
	json_builder_add_boolean_value(builder, e->undone);
	json_builder_set_member_name(builder, "recorded");
	json_builder_add_boolean_value(builder, !e->unrecorded);
	add_string(builder, "before", e->before);
	add_string(builder, "after", e->after);
	json_builder_end_object(builder);
}
