/* Proposals for people and for programs: see propose.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/propose.h"
#include "core/member.h"

#include <string.h>

/* ---- for people ---- */

#define COLUMNS 5

static const char *version_of(const entry *e)
{
	return e ? e->version : "-";
}

static void row_of(const struct proposal *p, const char *row[COLUMNS])
{
	row[0] = p->channel->name;
	row[1] = p->host->class;
	row[2] = p->library;
	row[3] = version_of(p->now);
	row[4] = p->takes ? p->takes->version : "nothing";
}

static void append_row(GString *out, const char *const row[COLUMNS], const guint widths[COLUMNS])
{
	for (guint i = 0; i < COLUMNS; i++)
		g_string_append_printf(out, "%-*s  ", (int)widths[i], row[i]);
}

static void append_table(GString *out, const proposals *p)
{
	const char *const head[COLUMNS] = {"CUSTOMER", "CLASS", "LIBRARY", "NOW", "CAN TAKE"};
	const char *row[COLUMNS];
	guint widths[COLUMNS];

	for (guint i = 0; i < COLUMNS; i++)
		widths[i] = (guint)strlen(head[i]);
	for (guint k = 0; k < p->all->len; k++) {
		row_of(p->all->pdata[k], row);
		for (guint i = 0; i < COLUMNS; i++)
			widths[i] = MAX(widths[i], (guint)strlen(row[i]));
	}
	append_row(out, head, widths);
	g_string_append(out, "WHAT STOPS THE NEXT\n");
	for (guint k = 0; k < p->all->len; k++) {
		const struct proposal *one = p->all->pdata[k];
		row_of(one, row);
		append_row(out, row, widths);
		if (one->stop == NULL)
			g_string_append(out, one->takes ? "it is the newest" : "the suite has no version for it");
		else
			g_string_append_printf(out, "%s: %s", one->stop->version, one->why);
		proof_append_symbols(out, one->symbols);
		g_string_append_c(out, '\n');
	}
}

static void append_commands(GString *out, const proposals *p)
{
	for (guint i = 0; i < p->pins->len; i++) {
		const struct proposal_pin *pin = p->pins->pdata[i];
		if (pin->version == NULL)
			g_string_append_printf(out, "# %s: there is no version of %s that all of its classes can take\n",
					       pin->channel->name, pin->library);
		else if (!pin->same)
			g_string_append_printf(out, "abide pin set %s %s '%s' --reason TEXT\n", pin->channel->name,
					       pin->library, pin->version);
	}
}

char *proposals_text(const proposals *p)
{
	GString *out = g_string_new(NULL);

	if (p->all->len == 0) {
		g_string_append(out, "no service of these customers uses a library of the fleet\n");
	} else {
		append_table(out, p);
		append_commands(out, p);
	}
	return g_string_free(out, FALSE);
}

/* ---- for programs ---- */

static void add_proposal(JsonBuilder *b, const struct proposal *p)
{
	json_builder_begin_object(b);
	member_text(b, "channel", p->channel->name);
	member_text(b, "class", p->host->class);
	member_text(b, "library", p->library);
	member_text(b, "now", p->now ? p->now->version : NULL);
	member_text(b, "takes", p->takes ? p->takes->version : NULL);
	member_flag(b, "noted", p->noted);
	member_text(b, "stop", p->stop ? p->stop->version : NULL);
	member_text(b, "word", p->stop ? proof_word_name(p->word) : NULL);
	member_text(b, "why", p->why);
	member_texts(b, "symbols", p->symbols);
	json_builder_end_object(b);
}

static void add_pin(JsonBuilder *b, const struct proposal_pin *pin)
{
	json_builder_begin_object(b);
	member_text(b, "channel", pin->channel->name);
	member_text(b, "library", pin->library);
	member_text(b, "version", pin->version);
	member_flag(b, "same", pin->same);
	json_builder_end_object(b);
}

JsonNode *proposals_json(const proposals *p, const struct fleet *fleet)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "fleet", fleet->name);
	member_array(b, "proposals");
	for (guint i = 0; i < p->all->len; i++)
		add_proposal(b, p->all->pdata[i]);
	json_builder_end_array(b);
	member_array(b, "pins");
	for (guint i = 0; i < p->pins->len; i++)
		add_pin(b, p->pins->pdata[i]);
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
