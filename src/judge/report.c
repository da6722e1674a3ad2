/* The verdict as text and as JSON; its findings are told in report_findings.c. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/report.h"
#include "judge/law.h"
#include "judge/evidence.h"

#include <string.h>

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

const char *report_meaning(enum verdict_word word)
{
	static const char *const meanings[] = {
		[VERDICT_SAME] = "old programs run; nothing that a caller can see changed",
		[VERDICT_ADDS] = "old programs run; new ones may need this version",
		[VERDICT_UNKNOWN] = "cannot tell whether old programs run",
		[VERDICT_BREAKS] = "some program can misbehave",
	};

	return meanings[word];
}

static void append_compared(GString *out, const struct verdict *v)
{
	g_string_append_printf(out, "  %-9s %u symbols, %u version nodes", "compared", v->symbols, v->nodes);
	if (v->old_side.has_types && v->new_side.has_types)
		g_string_append_printf(out, ", %u types: sizes, members, values, calling conventions", v->types);
	if (v->by_code > 0)
		g_string_append_printf(out, ", %u functions without a declaration (the same machine code)", v->by_code);
	g_string_append_c(out, '\n');
}

/* That a library breaks under the soname it claims is said above already. */
static gboolean shows_breach(const struct law *law, const struct verdict *v)
{
	return law->state == LAW_BROKEN && v->word <= VERDICT_ADDS;
}

char *verdict_text(const struct verdict *v, gboolean explain)
{
	GString *out = g_string_new(NULL);
	g_autoptr(law) law = law_of(v);

	g_string_append_printf(out, "%s  %s: %s\n", verdict_word_name(v->word), v->soname ? v->soname : "no soname",
			       report_meaning(v->word));
	report_findings(out, v, explain);
	g_string_append_printf(out, "  %-9s %s%s%s\n", "demands", law->demands, shows_breach(law, v) ? "; " : "",
			       shows_breach(law, v) ? law->breach : "");
	append_compared(out, v);
	evidence_append(out, v);
	return g_string_free(out, FALSE);
}

void report_add_element(JsonBuilder *b, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);

	json_builder_add_string_value(b, valid);
}

void report_add_text(JsonBuilder *b, const char *key, const char *value)
{
	json_builder_set_member_name(b, key);
	if (value == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	report_add_element(b, value);
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

/* The way to the type, and on to its member. */
static void add_path(JsonBuilder *b, const struct verdict_finding *f)
{
	const char *part = f->type != NULL && g_str_has_prefix(f->subject, f->type) ? f->subject + strlen(f->type) : "";
	g_autofree char *path = f->path != NULL ? g_strconcat(f->path, part, NULL) : NULL;

	report_add_text(b, "path", path);
}

static void add_finding(JsonBuilder *b, const struct verdict_finding *f)
{
	json_builder_begin_object(b);
	report_add_text(b, "rule", f->rule->id);
	report_add_text(b, "verdict", verdict_word_name(f->word));
	report_add_text(b, "subject", f->subject);
	report_add_text(b, "type", f->type);
	report_add_text(b, "change", f->change);
	report_add_text(b, "because", f->because);
	add_path(b, f);
	json_builder_set_member_name(b, "via");
	json_builder_begin_array(b);
	for (char **via = f->via; via != NULL && *via != NULL; via++)
		report_add_element(b, *via);
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
	g_autoptr(law) law = law_of(v);

	json_builder_begin_object(b);
	report_add_text(b, "verdict", verdict_word_name(v->word));
	report_add_text(b, "soname", v->soname);
	report_add_text(b, "next_soname", v->next_soname);
	report_add_text(b, "demands", law->demands);
	law_add_json(b, law, v);
	report_add_findings(b, v);
	json_builder_set_member_name(b, "compared");
	json_builder_begin_object(b);
	add_count(b, "symbols", v->symbols);
	add_count(b, "nodes", v->nodes);
	add_count(b, "types", v->types);
	add_count(b, "by_code", v->by_code);
	json_builder_set_member_name(b, "by_public_headers");
	json_builder_add_boolean_value(b, v->headers_known);
	json_builder_end_object(b);
	evidence_add(b, v);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
