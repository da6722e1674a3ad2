/* abide judge with packages: each library of the one with its successor in the other. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/judge.h"

#include <stdio.h>

/* A library that only one of two packages has. */
static void lone_library(const struct judge_input *in, const struct facts *f, enum verdict_word word, const char *why,
			 JsonBuilder *list)
{
	const char *name = f->soname ? f->soname : f->path;

	if (in->page != NULL)
		page_add_lone(in->page, word, name, why);
	if (list == NULL) {
		g_autofree char *text = g_strdup_printf("%s  %s: %s\n", verdict_word_name(word), name, why);
		judge_print(word, text);
		return;
	}
	g_autofree char *shown = g_utf8_make_valid(name, -1);
	json_builder_begin_object(list);
	json_builder_set_member_name(list, "verdict");
	json_builder_add_string_value(list, verdict_word_name(word));
	json_builder_set_member_name(list, "soname");
	json_builder_add_string_value(list, shown);
	json_builder_set_member_name(list, "why");
	json_builder_add_string_value(list, why);
	json_builder_end_object(list);
}

/* A file that is held against a package means one library of it; the others are not asked about. */
static enum verdict_word judge_all(const struct input *older, const struct input *newer, const struct judge_input *in,
				   JsonBuilder *list)
{
	g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL);
	enum verdict_word worst = VERDICT_SAME;

	for (guint i = 0; i < older->libraries->len; i++) {
		const struct facts *f = older->libraries->pdata[i], *match = input_match(older, f, newer);
		enum verdict_word word = VERDICT_SAME;
		if (match != NULL && g_hash_table_add(met, (void *)match))
			word = judge_pair(in, f, match, list);
		else if (newer->is_package)
			lone_library(in, f, word = VERDICT_BREAKS, "the new package has no such library", list);
		worst = MAX(worst, word);
	}
	for (guint i = 0; i < newer->libraries->len && older->is_package; i++) {
		const struct facts *f = newer->libraries->pdata[i];
		enum verdict_word word = newer->is_package ? VERDICT_ADDS : VERDICT_UNKNOWN;
		if (g_hash_table_contains(met, f))
			continue;
		lone_library(in, f, word, "the old package has no such library", list);
		worst = MAX(worst, word);
	}
	return worst;
}

/* The JSON of packages is an object around the verdicts: {verdict, libraries}. */
enum verdict_word judge_packages(const struct judge_input *in, const struct input *older, const struct input *newer)
{
	if (!in->call->json)
		return judge_all(older, newer, in, NULL);
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	json_builder_set_member_name(b, "libraries");
	json_builder_begin_array(b);
	enum verdict_word worst = judge_all(older, newer, in, b);
	json_builder_end_array(b);
	json_builder_set_member_name(b, "verdict");
	json_builder_add_string_value(b, verdict_word_name(worst));
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
	return worst;
}
