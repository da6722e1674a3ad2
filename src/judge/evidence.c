/* What a verdict rests on: see evidence.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/evidence.h"
#include "judge/report.h"
#include "judge/rules.h"

#include <string.h>

#define NAMES_SHOWN 3

char *evidence_of(const struct facts *f)
{
	const char *kind = f->is_snapshot ? "a snapshot" : f->debug_file != NULL ? "DWARF of " : "DWARF in the file";
	const char *which = f->headers_known ? ", public types only" : ", private types included";

	if (f->evidence == FACTS_WEAK_DEBUG)
		return g_strdup("symbols only: debug information without types");
	if (f->evidence == FACTS_NO_DEBUG)
		return g_strdup(f->is_snapshot ? "symbols only: a snapshot without types"
					       : "symbols only: no debug information");
	return g_strconcat(kind, !f->is_snapshot && f->debug_file != NULL ? f->debug_file : "", which, NULL);
}

/* The first few subjects of a rule's findings that count as UNKNOWN, and how many more there are. */
static char *subjects_of(const struct verdict *v, const struct verdict_rule *rule)
{
	GString *names = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < v->findings->len; i++) {
		const struct verdict_finding *f = v->findings->pdata[i];
		if (f->rule != rule || f->word != VERDICT_UNKNOWN || verdict_is_waived(f) || ++n > NAMES_SHOWN)
			continue;
		g_string_append_printf(names, "%s%s", n > 1 ? ", " : "", f->subject);
	}
	if (n > NAMES_SHOWN)
		g_string_append_printf(names, " and %u more", n - NAMES_SHOWN);
	return g_string_free(names, FALSE);
}

static void append_missing(GString *out, const struct verdict *v, const struct verdict_rule *rule)
{
	g_autofree char *subjects = subjects_of(v, rule);

	if (rule == &rule_no_debug)
		g_string_append_printf(out, "  %-9s the types behind all %u symbols: %s: ", "missing", v->symbols,
				       subjects);
	else
		g_string_append_printf(out, "  %-9s %s: %s: ", "missing", rule->id, subjects);
	g_string_append_printf(out, "%s\n", rule->instead ? rule->instead : rule->why);
}

void evidence_append(GString *out, const struct verdict *v)
{
	g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);

	if (strcmp(v->old_side.evidence, v->new_side.evidence) == 0) {
		g_string_append_printf(out, "  %-9s %s, on both sides\n", "evidence", v->old_side.evidence);
	} else {
		g_string_append_printf(out, "  %-9s %s: %s\n", "evidence", v->old_side.path, v->old_side.evidence);
		g_string_append_printf(out, "  %-9s %s: %s\n", "", v->new_side.path, v->new_side.evidence);
	}
	for (guint i = 0; i < v->findings->len; i++) {
		const struct verdict_finding *f = v->findings->pdata[i];
		if (f->word == VERDICT_UNKNOWN && !verdict_is_waived(f) && g_hash_table_add(asked, (gpointer)f->rule))
			append_missing(out, v, f->rule);
	}
}

static void add_side(JsonBuilder *b, const char *key, const struct verdict_side *side)
{
	json_builder_set_member_name(b, key);
	json_builder_begin_object(b);
	report_add_text(b, "file", side->path);
	json_builder_set_member_name(b, "types");
	json_builder_add_boolean_value(b, side->has_types);
	report_add_text(b, "from", side->evidence);
	json_builder_end_object(b);
}

void evidence_add(JsonBuilder *b, const struct verdict *v)
{
	json_builder_set_member_name(b, "evidence");
	json_builder_begin_object(b);
	add_side(b, "older", &v->old_side);
	add_side(b, "newer", &v->new_side);
	json_builder_end_object(b);
}
