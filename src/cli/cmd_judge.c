/* abide judge: may this library take the place of that one? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "inspect/input.h"
#include "judge/verdict.h"

#include <stdio.h>
#include <string.h>

struct judge_options {
	char **headers;
	char **debug_dirs;
	char **debug_packages;
	gboolean explain;
};

static const enum cli_exit exit_for[] = {
	[VERDICT_SAME] = CLI_DONE,
	[VERDICT_ADDS] = CLI_DONE,
	[VERDICT_UNKNOWN] = CLI_UNKNOWN,
	[VERDICT_BREAKS] = CLI_INCOMPATIBLE,
};

static const enum cli_colour colour_for[] = {
	[VERDICT_SAME] = CLI_GREEN,
	[VERDICT_ADDS] = CLI_GREEN,
	[VERDICT_UNKNOWN] = CLI_YELLOW,
	[VERDICT_BREAKS] = CLI_RED,
};

static void print_verdict(const struct verdict *v, gboolean explain)
{
	g_autofree char *text = verdict_text(v, explain);
	const char *word = verdict_word_name(v->word);
	g_autofree char *painted = cli_paint(colour_for[v->word], word);

	printf("%s%s", painted, text + strlen(word));
}

/* Judges one library, shows the verdict (adds it to LIST when that is not NULL), and returns its word. */
static enum verdict_word judge_pair(const struct facts *older, const struct facts *newer, const struct cli_call *call,
				    JsonBuilder *list)
{
	const struct judge_options *options = call->options;
	g_autoptr(verdict) v = verdict_new(older, newer);

	if (list != NULL)
		json_builder_add_value(list, verdict_json(v));
	else if (call->json)
		cli_print_json(verdict_json(v));
	else
		print_verdict(v, options->explain);
	return v->word;
}

/* A library that only one of two packages has. */
static void lone_library(const struct facts *f, enum verdict_word word, const char *why, JsonBuilder *list)
{
	const char *name = f->soname ? f->soname : f->path;
	g_autofree char *painted = cli_paint(colour_for[word], verdict_word_name(word));

	if (list == NULL) {
		printf("%s  %s: %s\n", painted, name, why);
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
static enum verdict_word judge_all(const struct input *older, const struct input *newer, const struct cli_call *call,
				   JsonBuilder *list)
{
	g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL);
	enum verdict_word worst = VERDICT_SAME;

	for (guint i = 0; i < older->libraries->len; i++) {
		const struct facts *f = older->libraries->pdata[i], *match = input_match(older, f, newer);
		enum verdict_word word = VERDICT_SAME;
		if (match != NULL && g_hash_table_add(met, (void *)match))
			word = judge_pair(f, match, call, list);
		else if (newer->is_package)
			lone_library(f, word = VERDICT_BREAKS, "the new package has no such library", list);
		worst = MAX(worst, word);
	}
	for (guint i = 0; i < newer->libraries->len && older->is_package; i++) {
		const struct facts *f = newer->libraries->pdata[i];
		enum verdict_word word = newer->is_package ? VERDICT_ADDS : VERDICT_UNKNOWN;
		if (g_hash_table_contains(met, f))
			continue;
		lone_library(f, word, "the old package has no such library", list);
		worst = MAX(worst, word);
	}
	return worst;
}

/* The JSON of packages is an object around the verdicts: {verdict, libraries}. */
static enum verdict_word judge_packages(const struct input *older, const struct input *newer, const struct cli_call *call)
{
	if (!call->json)
		return judge_all(older, newer, call, NULL);
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	json_builder_set_member_name(b, "libraries");
	json_builder_begin_array(b);
	enum verdict_word worst = judge_all(older, newer, call, b);
	json_builder_end_array(b);
	json_builder_set_member_name(b, "verdict");
	json_builder_add_string_value(b, verdict_word_name(worst));
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
	return worst;
}

static int run_judge(const struct cli_call *call, GError **error)
{
	const struct judge_options *options = call->options;
	g_autoptr(facts_headers) headers = NULL;

	if (options->headers != NULL && (headers = facts_headers_read((const char *const *)options->headers, error)) == NULL)
		return -1;
	const struct input_sources sources = {headers, (const char *const *)options->debug_dirs,
					      (const char *const *)options->debug_packages};
	g_autoptr(input) older = input_read(call->arguments[0], &sources, error);
	g_autoptr(input) newer = older ? input_read(call->arguments[1], &sources, error) : NULL;
	if (newer == NULL)
		return -1;
	if (older->is_package || newer->is_package)
		return exit_for[judge_packages(older, newer, call)];
	return exit_for[judge_pair(older->libraries->pdata[0], newer->libraries->pdata[0], call, NULL)];
}

static const struct cli_option judge_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"debug-dir", 'd', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, debug_dirs), "DIR",
	 "look for separate debug information here, too; again for more"},
	{"debug-package", 'D', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, debug_packages), "FILE",
	 "a -dbgsym or -debuginfo package to look in; again for more"},
	{"explain", 'e', CLI_FLAG, G_STRUCT_OFFSET(struct judge_options, explain), NULL,
	 "say of each finding why it matters and what to do instead"},
	{0},
};

const struct cli_command cmd_judge = {
	.name = "judge",
	.arguments = "OLD NEW",
	.least = 2,
	.most = 2,
	.summary = "say whether a library may take the place of an older one",
	.notes = "OLD and NEW are ELF files, or .deb or .rpm files whose libraries are judged each with its successor.\n"
		 "Prints SAME, ADDS, BREAKS or UNKNOWN with the reasons. Exit code: 0 SAME or ADDS, 4 BREAKS, 7 UNKNOWN.",
	.options = judge_rows,
	.options_size = sizeof(struct judge_options),
	.run = run_judge,
};
