/* The verdict for one program, or for many, as text and as JSON: see consumer.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/consumer.h"
#include "judge/evidence.h"
#include "judge/report.h"

#include <string.h>

#define USES_SHOWN 8

/* Were types compared for everything that the program uses? */
static gboolean knows_types(const struct consumer *c)
{
	return c->types_known || (c->uses->len > 0 && c->own_declarations + c->own_types == c->uses->len);
}

static void append_evidence(GString *out, const struct consumer *c)
{
	guint own = c->own_declarations + c->own_types;

	g_string_append_printf(out, "  %-9s symbols and version nodes", "compared");
	if (own > 0)
		g_string_append_printf(out, "; types of %u of %u as the program has them", own, c->uses->len);
	if (c->types_known)
		g_string_append_printf(out, "%s types as the older library has them", own > 0 ? ", and all" : ";");
	else if (!knows_types(c))
		g_string_append(out, "; name the older library too to compare types");
	g_string_append_c(out, '\n');
	if (c->types_known)
		evidence_append(out, c->verdict);
}

const char *consumer_meaning(const struct consumer *c)
{
	static const char *const meanings[] = {
		[VERDICT_SAME] = "the program runs as before",
		[VERDICT_ADDS] = "the program runs as before",
		[VERDICT_UNKNOWN] = "cannot tell whether the program runs as before",
		[VERDICT_BREAKS] = "the program can misbehave",
	};

	if (!c->needs && c->verdict->word == VERDICT_SAME)
		return "the program does not need it";
	return knows_types(c) || c->verdict->word == VERDICT_BREAKS ? meanings[c->verdict->word]
								    : "it has everything that the program uses";
}

static void append_uses(GString *out, const struct consumer *c)
{
	g_string_append_printf(out, "  %-9s %u symbol%s, %u version node%s of %s", "uses", c->uses->len,
			       c->uses->len == 1 ? "" : "s", c->nodes->len, c->nodes->len == 1 ? "" : "s", c->soname);
	for (guint i = 0; i < MIN(c->uses->len, USES_SHOWN); i++) {
		const struct consumer_use *use = &g_array_index(c->uses, struct consumer_use, i);
		g_string_append_printf(out, "%s%s%s", i == 0 ? ": " : ", ", use->symbol->name,
				       use->copied ? " (copied)" : "");
	}
	if (c->uses->len > USES_SHOWN)
		g_string_append_printf(out, " and %u more", c->uses->len - USES_SHOWN);
	g_string_append_c(out, '\n');
}

char *consumer_text(const struct consumer *c, gboolean explain)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "%s  %s with %s: %s\n", verdict_word_name(c->verdict->word), c->program->path,
			       c->library->path, consumer_meaning(c));
	report_findings(out, c->verdict, explain);
	append_uses(out, c);
	append_evidence(out, c);
	return g_string_free(out, FALSE);
}

const struct verdict_finding *consumer_reason(const struct consumer *c)
{
	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		if (f->word == c->verdict->word && !verdict_is_waived(f))
			return f;
	}
	return NULL;
}

/* One line: LABEL, padded to WIDTH, the verdict and the first reason. */
static void append_row(GString *out, const struct consumer *c, const char *label, int width)
{
	const struct verdict_finding *f = consumer_reason(c);

	g_string_append_printf(out, "  %-*s  %s", width, label, verdict_word_name(c->verdict->word));
	if (f != NULL)
		g_string_append_printf(out, "%*s  %s \"%s\" %s",
				       (int)strlen("UNKNOWN") - (int)strlen(verdict_word_name(c->verdict->word)), "",
				       f->rule->id, f->subject, f->change);
	g_string_append_c(out, '\n');
}

char *consumer_table(const GPtrArray *consumers)
{
	GString *out = g_string_new(NULL);
	int width = 0;

	g_string_append_printf(out, "%s  %u programs\n", verdict_word_name(consumer_worst(consumers)), consumers->len);
	for (guint i = 0; i < consumers->len; i++)
		width = MAX(width, (int)strlen(((const struct consumer *)consumers->pdata[i])->program->path));
	for (guint i = 0; i < consumers->len; i++) {
		const struct consumer *c = consumers->pdata[i];
		append_row(out, c, c->program->path, width);
	}
	return g_string_free(out, FALSE);
}

char *consumer_floor_text(const GPtrArray *consumers, int floor)
{
	GString *out = g_string_new(NULL);
	const struct consumer *at = consumers->pdata[MAX(floor, 0)];
	int width = 0;

	if (floor >= 0)
		g_string_append_printf(out, "%s  is the oldest that has everything that %s uses\n", at->library->path,
				       at->program->path);
	else
		g_string_append_printf(out, "none  of these %u has everything that %s uses\n", consumers->len,
				       at->program->path);
	if (floor >= 0)
		append_uses(out, at);
	for (guint i = 0; i < consumers->len; i++)
		width = MAX(width, (int)strlen(((const struct consumer *)consumers->pdata[i])->library->path));
	for (guint i = 0; i < consumers->len; i++) {
		const struct consumer *c = consumers->pdata[i];
		append_row(out, c, c->library->path, width);
	}
	return g_string_free(out, FALSE);
}

static void add_flag(JsonBuilder *b, const char *key, gboolean value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_boolean_value(b, value);
}

static void add_use(JsonBuilder *b, const struct consumer_use *use)
{
	json_builder_begin_object(b);
	report_add_text(b, "name", use->symbol->name);
	report_add_text(b, "node", use->symbol->node);
	add_flag(b, "weak", use->symbol->weak);
	json_builder_set_member_name(b, "copied");
	json_builder_add_int_value(b, use->copied ? (gint64)use->symbol->size : 0);
	json_builder_end_object(b);
}

static void add_uses(JsonBuilder *b, const struct consumer *c)
{
	json_builder_set_member_name(b, "symbols");
	json_builder_begin_array(b);
	for (guint i = 0; i < c->uses->len; i++)
		add_use(b, &g_array_index(c->uses, struct consumer_use, i));
	json_builder_end_array(b);
	json_builder_set_member_name(b, "nodes");
	json_builder_begin_array(b);
	for (guint i = 0; i < c->nodes->len; i++) {
		g_autofree char *valid = g_utf8_make_valid(c->nodes->pdata[i], -1);
		json_builder_add_string_value(b, valid);
	}
	json_builder_end_array(b);
}

JsonNode *consumer_json(const struct consumer *c)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	report_add_text(b, "verdict", verdict_word_name(c->verdict->word));
	report_add_text(b, "program", c->program->path);
	report_add_text(b, "library", c->library->path);
	report_add_text(b, "soname", c->soname);
	add_flag(b, "needed", c->needs);
	add_flag(b, "types_compared", knows_types(c));
	json_builder_set_member_name(b, "types_from");
	json_builder_begin_object(b);
	add_flag(b, "older", c->types_known);
	json_builder_set_member_name(b, "program");
	json_builder_add_int_value(b, c->own_declarations + c->own_types);
	json_builder_end_object(b);
	add_uses(b, c);
	report_add_findings(b, c->verdict);
	if (c->types_known)
		evidence_add(b, c->verdict);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

JsonNode *consumer_floor_json(const GPtrArray *consumers, int floor)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	const struct consumer *at = consumers->pdata[MAX(floor, 0)];

	json_builder_begin_object(b);
	report_add_text(b, "program", at->program->path);
	report_add_text(b, "floor", floor >= 0 ? at->library->path : NULL);
	json_builder_set_member_name(b, "libraries");
	json_builder_begin_array(b);
	for (guint i = 0; i < consumers->len; i++)
		json_builder_add_value(b, consumer_json(consumers->pdata[i]));
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
