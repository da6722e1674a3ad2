/* Channels as aligned text and as JSON: see report.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/report.h"

#include "core/text.h"

#include <string.h>

/* "until 2027-01-31", "EXPIRED 2020-01-31" or "". */
static char *until_words(const struct channel_pin *pin, const GDate *today)
{
	if (pin->until == NULL)
		return g_strdup("");
	return g_strdup_printf("%s %s", channel_is_over(pin->until, today) ? "EXPIRED" : "until", pin->until);
}

/* How wide the columns are; a column that nothing is in takes no room. */
struct widths {
	int name, version, until;
};

static void append_line(GString *out, const struct channel_pin *pin, const struct widths *widths, const GDate *today)
{
	g_autofree char *until = until_words(pin, today);
	g_autofree char *reason = text_one_line(pin->reason);
	g_autofree char *author = pin->author != NULL ? text_one_line(pin->author) : NULL;

	g_string_append_printf(out, "  %-*s  %-*s  %-*s%s", widths->name, pin->name, widths->version, pin->version,
			       widths->until, until, reason);
	if (author != NULL)
		g_string_append_printf(out, " (%s)", author);
	g_string_append_c(out, '\n');
}

char *channel_text(const struct channel *c, const GDate *today)
{
	GString *out = g_string_new(NULL);
	struct widths widths = {0};

	g_string_append_printf(out, "%s (%s)\n", c->name, c->path);
	for (guint i = 0; i < c->n_pins; i++) {
		widths.name = MAX(widths.name, (int)strlen(c->pins[i].name));
		widths.version = MAX(widths.version, (int)strlen(c->pins[i].version));
		if (c->pins[i].until != NULL)
			widths.until = (int)strlen("EXPIRED YYYY-MM-DD  ");
	}
	for (guint i = 0; i < c->n_pins; i++)
		append_line(out, &c->pins[i], &widths, today);
	if (c->n_pins == 0)
		g_string_append(out, "  nothing is pinned\n");
	return g_string_free(out, FALSE);
}

static void add_string(JsonBuilder *builder, const char *key, const char *value)
{
	json_builder_set_member_name(builder, key);
	if (value != NULL)
		json_builder_add_string_value(builder, value);
	else
		json_builder_add_null_value(builder);
}

JsonNode *channel_json(const struct channel *c, const GDate *today)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	add_string(builder, "channel", c->name);
	add_string(builder, "file", c->path);
	json_builder_set_member_name(builder, "packages");
	json_builder_begin_array(builder);
	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *pin = &c->pins[i];
		json_builder_begin_object(builder);
		add_string(builder, "name", pin->name);
		add_string(builder, "version", pin->version);
		add_string(builder, "reason", pin->reason);
		add_string(builder, "author", pin->author);
		add_string(builder, "until", pin->until);
		json_builder_set_member_name(builder, "expired");
		json_builder_add_boolean_value(builder, channel_is_over(pin->until, today));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	return json_builder_get_root(builder);
}
