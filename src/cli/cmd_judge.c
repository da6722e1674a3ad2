/* abide judge: may this library take the place of that one? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "judge/verdict.h"

#include <stdio.h>
#include <string.h>

struct judge_options {
	char **headers;
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

static int run_judge(const struct cli_call *call, GError **error)
{
	const struct judge_options *options = call->options;
	g_autoptr(facts_headers) headers = NULL;

	if (options->headers != NULL && (headers = facts_headers_read((const char *const *)options->headers, error)) == NULL)
		return -1;
	g_autoptr(facts) older = facts_read(call->arguments[0], headers, error);
	g_autoptr(facts) newer = older ? facts_read(call->arguments[1], headers, error) : NULL;
	if (newer == NULL)
		return -1;
	g_autoptr(verdict) v = verdict_new(older, newer);
	if (call->json)
		cli_print_json(verdict_json(v));
	else
		print_verdict(v, options->explain);
	return exit_for[v->word];
}

static const struct cli_option judge_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
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
	.notes = "Prints SAME, ADDS, BREAKS or UNKNOWN with the reasons. Exit code: 0 SAME or ADDS, 4 BREAKS, 7 UNKNOWN.",
	.options = judge_rows,
	.options_size = sizeof(struct judge_options),
	.run = run_judge,
};
