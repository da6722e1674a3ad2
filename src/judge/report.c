/* The verdict as text and as JSON. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/report.h"

#define VIA_SHOWN 3

const char *verdict_word_name(enum verdict_word word)
{
	static const char *const names[] = {
		[VERDICT_SAME] = "SAME",
		[VERDICT_ADDS] = "ADDS",
		[VERDICT_UNKNOWN] = "UNKNOWN",
		[VERDICT_BREAKS] = "BREAKS",
	};

	return names[word];
}

static const char *meaning(enum verdict_word word)
{
	static const char *const meanings[] = {
		[VERDICT_SAME] = "old programs run; nothing that a caller can see changed",
		[VERDICT_ADDS] = "old programs run; new ones may need this version",
		[VERDICT_UNKNOWN] = "cannot tell whether old programs run",
		[VERDICT_BREAKS] = "some program can misbehave",
	};

	return meanings[word];
}

char *verdict_demand(const struct verdict *v)
{
	switch (v->word) {
	case VERDICT_SAME:
		return g_strdup("a higher patch version");
	case VERDICT_ADDS:
		return g_strdup("a higher minor version");
	case VERDICT_UNKNOWN:
		return g_strdup("no release before the missing evidence is there");
	case VERDICT_BREAKS:
		break;
	}
	if (v->soname_changed)
		return g_strdup_printf("%s, beside the old library", v->soname ? v->soname : "a library with a soname");
	return g_strdup_printf("the soname %s, beside the old library",
			       v->next_soname ? v->next_soname : "of another name");
}

static void append_via(GString *out, char **via)
{
	guint n = via ? g_strv_length(via) : 0;

	for (guint i = 0; i < MIN(n, VIA_SHOWN); i++)
		g_string_append_printf(out, "%s%s", i == 0 ? " via " : ", ", via[i]);
	if (n > VIA_SHOWN)
		g_string_append_printf(out, " and %u more", n - VIA_SHOWN);
}

static void append_evidence(GString *out, const struct verdict *v)
{
	gboolean types = v->older_evidence == FACTS_TYPES && v->newer_evidence == FACTS_TYPES;

	g_string_append_printf(out, "  %-9s %u symbols, %u version nodes", "compared", v->symbols, v->nodes);
	if (types)
		g_string_append_printf(out, ", %u types (sizes, members, values, calling conventions; from DWARF%s)", v->types,
				       v->headers_known ? " and the public headers" : ", private types included");
	g_string_append_c(out, '\n');
}

/* Why a finding does not count, or why it counts although somebody once said that it need not. */
static void append_waiver(GString *out, const struct verdict_waiver *w)
{
	if (w != NULL)
		g_string_append_printf(out, "            %s %s: %s (%s)\n", w->expired ? "waiver EXPIRED" : "waived until",
				       w->until, w->reason, w->author);
}

static void append_finding(GString *out, const struct verdict_finding *f)
{
	const char *mark = verdict_is_waived(f) ? "waived" : f->word == VERDICT_SAME ? "note" : verdict_word_name(f->word);

	g_string_append_printf(out, "  %-9s %s \"%s\" %s", mark, f->rule->id, f->subject, f->change);
	append_via(out, f->via);
	g_string_append_c(out, '\n');
	if (f->because != NULL)
		g_string_append_printf(out, "            because %s\n", f->because);
	append_waiver(out, f->waiver);
}

void report_findings(GString *out, const struct verdict *v, gboolean explain)
{
	const struct verdict_rule *explained = NULL;

	for (guint i = 0; i < v->findings->len; i++) {
		const struct verdict_finding *f = v->findings->pdata[i];
		append_finding(out, f);
		if (!explain || f->rule == explained)
			continue;
		explained = f->rule;
		g_string_append_printf(out, "            why: %s\n", f->rule->why);
		if (f->rule->instead != NULL)
			g_string_append_printf(out, "            instead: %s\n", f->rule->instead);
	}
}

char *verdict_text(const struct verdict *v, gboolean explain)
{
	GString *out = g_string_new(NULL);
	g_autofree char *demand = verdict_demand(v);

	g_string_append_printf(out, "%s  %s: %s\n", verdict_word_name(v->word), v->soname ? v->soname : "no soname",
			       meaning(v->word));
	report_findings(out, v, explain);
	g_string_append_printf(out, "  %-9s %s\n", "demands", demand);
	append_evidence(out, v);
	return g_string_free(out, FALSE);
}

void report_add_text(JsonBuilder *b, const char *key, const char *value)
{
	json_builder_set_member_name(b, key);
	if (value == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	json_builder_add_string_value(b, valid);
}

static void add_waiver(JsonBuilder *b, const struct verdict_waiver *w)
{
	json_builder_set_member_name(b, "waiver");
	json_builder_begin_object(b);
	report_add_text(b, "reason", w->reason);
	report_add_text(b, "author", w->author);
	report_add_text(b, "until", w->until);
	json_builder_set_member_name(b, "expired");
	json_builder_add_boolean_value(b, w->expired);
	json_builder_end_object(b);
}

static void add_finding(JsonBuilder *b, const struct verdict_finding *f)
{
	json_builder_begin_object(b);
	report_add_text(b, "rule", f->rule->id);
	report_add_text(b, "verdict", verdict_word_name(f->word));
	report_add_text(b, "subject", f->subject);
	report_add_text(b, "change", f->change);
	report_add_text(b, "because", f->because);
	json_builder_set_member_name(b, "via");
	json_builder_begin_array(b);
	for (char **via = f->via; via != NULL && *via != NULL; via++)
		json_builder_add_string_value(b, *via);
	json_builder_end_array(b);
	report_add_text(b, "why", f->rule->why);
	report_add_text(b, "instead", f->rule->instead);
	if (f->waiver != NULL)
		add_waiver(b, f->waiver);
	json_builder_end_object(b);
}

void report_add_findings(JsonBuilder *b, const struct verdict *v)
{
	json_builder_set_member_name(b, "findings");
	json_builder_begin_array(b);
	for (guint i = 0; i < v->findings->len; i++)
		add_finding(b, v->findings->pdata[i]);
	json_builder_end_array(b);
}

static void add_count(JsonBuilder *b, const char *key, guint value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_int_value(b, value);
}

JsonNode *verdict_json(const struct verdict *v)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autofree char *demand = verdict_demand(v);

	json_builder_begin_object(b);
	report_add_text(b, "verdict", verdict_word_name(v->word));
	report_add_text(b, "soname", v->soname);
	report_add_text(b, "next_soname", v->next_soname);
	report_add_text(b, "demands", demand);
	report_add_findings(b, v);
	json_builder_set_member_name(b, "compared");
	json_builder_begin_object(b);
	add_count(b, "symbols", v->symbols);
	add_count(b, "nodes", v->nodes);
	add_count(b, "types", v->types);
	json_builder_set_member_name(b, "by_public_headers");
	json_builder_add_boolean_value(b, v->headers_known);
	json_builder_end_object(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
