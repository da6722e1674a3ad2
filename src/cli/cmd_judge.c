/* abide judge: may this library take the place of that one? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/judge.h"

#include <stdio.h>
#include <string.h>

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

enum cli_exit judge_exit(enum verdict_word word)
{
	return exit_for[word];
}

void judge_print(enum verdict_word word, const char *text)
{
	const char *name = verdict_word_name(word);
	g_autofree char *painted = cli_paint(colour_for[word], name);

	printf("%s%s", painted, text + strlen(name));
}

/* How many libraries each form takes. */
static gboolean check_arguments(const struct cli_call *call, GError **error)
{
	const struct judge_options *o = call->options;
	const char *form = o->floor ? "--floor PROGRAM VERSION..." : o->used_by ? "[OLD] NEW --used-by PROGRAM" : "OLD NEW";
	guint least = o->floor || o->used_by ? 1 : 2;

	if (o->floor != NULL && (o->used_by != NULL || o->waivers != NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--floor goes with neither --used-by nor --waivers");
		return FALSE;
	}
	if (call->n_arguments >= least && (call->n_arguments <= 2 || o->floor != NULL))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s; usage: abide judge %s",
		    call->n_arguments < least ? "an argument is missing" : "too many arguments", form);
	return FALSE;
}

/* The facts of each file, in order; NULL with an error. */
static GPtrArray *read_all(char **paths, const struct facts_headers *headers, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)facts_free);

	for (char **path = paths; *path != NULL; path++) {
		struct facts *one = facts_read(*path, headers, error);
		if (one == NULL)
			return NULL;
		g_ptr_array_add(all, one);
	}
	return g_steal_pointer(&all);
}

static int judge_pair(const struct cli_call *call, const struct judge_input *in)
{
	const struct judge_options *options = call->options;
	g_autoptr(verdict) v = verdict_new(in->libraries->pdata[0], in->libraries->pdata[1]);

	if (in->waivers != NULL)
		waivers_apply(in->waivers, v, &in->today, TRUE);
	if (call->json) {
		cli_print_json(verdict_json(v));
	} else {
		g_autofree char *text = verdict_text(v, options->explain);
		judge_print(v->word, text);
	}
	return judge_exit(v->word);
}

static int run_judge(const struct cli_call *call, GError **error)
{
	const struct judge_options *options = call->options;
	char *floor_program[] = {options->floor, NULL};
	char **program_paths = options->floor != NULL ? floor_program : options->used_by;
	g_autoptr(facts_headers) headers = NULL;
	g_autoptr(waivers) waived = NULL;
	g_autoptr(GPtrArray) libraries = NULL, programs = NULL;
	struct judge_input in = {0};

	if (!check_arguments(call, error))
		return -1;
	if (options->waivers != NULL &&
	    (!cli_today(&in.today, error) || (waived = waivers_read(options->waivers, error)) == NULL))
		return -1;
	if (options->headers != NULL && (headers = facts_headers_read((const char *const *)options->headers, error)) == NULL)
		return -1;
	if ((libraries = read_all(call->arguments, headers, error)) == NULL)
		return -1;
	if (program_paths != NULL && (programs = read_all(program_paths, NULL, error)) == NULL)
		return -1;
	in.libraries = libraries;
	in.programs = programs;
	in.waivers = waived;
	return options->floor ? judge_floor(call, &in) : options->used_by ? judge_used_by(call, &in) : judge_pair(call, &in);
}

static const struct cli_option judge_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"used-by", 'u', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, used_by), "PROGRAM",
	 "judge for this program alone, by what it imports; again for more"},
	{"floor", 0, CLI_STRING, G_STRUCT_OFFSET(struct judge_options, floor), "PROGRAM",
	 "name the first of the libraries, oldest first, that has all it uses"},
	{"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct judge_options, waivers), "FILE",
	 "findings that somebody has decided to live with"},
	{"explain", 'e', CLI_FLAG, G_STRUCT_OFFSET(struct judge_options, explain), NULL,
	 "say of each finding why it matters and what to do instead"},
	{0},
};

const struct cli_command cmd_judge = {
	.name = "judge",
	.arguments = "OLD NEW",
	.least = 1,
	.most = G_MAXUINT,
	.summary = "say whether a library may take the place of an older one",
	.notes = "Prints SAME, ADDS, BREAKS or UNKNOWN with the reasons. Exit code: 0 SAME or ADDS, 4 BREAKS, 7 UNKNOWN.\n"
		 "With --used-by, OLD may be left out; with --floor, name any number of libraries.",
	.options = judge_rows,
	.options_size = sizeof(struct judge_options),
	.run = run_judge,
};
