/* abide judge: may this library take the place of that one? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/judge.h"
#include "core/file.h"

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
	const char *form = o->floor ? "--floor PROGRAM VERSION..." : o->used_by ? "[OLD] NEW --used-by PROGRAM"
			   : o->released ? "--released DIR NEW..." : "OLD NEW";
	guint least = o->floor || o->used_by || o->released ? 1 : 2;

	if (o->floor != NULL && (o->used_by != NULL || o->waivers != NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--floor goes with neither --used-by nor --waivers");
		return FALSE;
	}
	if (o->floor != NULL && o->html != NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--floor has no --html; use --json");
		return FALSE;
	}
	if (o->released != NULL &&
	    (o->used_by != NULL || o->floor != NULL || o->old_version != NULL || o->old_headers != NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--released finds OLD itself: it goes with none of --used-by, --floor, --old-version and "
			    "--old-headers");
		return FALSE;
	}
	if (o->old_headers != NULL)
		least = 2;
	if (call->n_arguments >= least && (call->n_arguments <= 2 || o->floor != NULL || o->released != NULL))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s; usage: abide judge %s",
		    call->n_arguments < least ? "an argument is missing" : "too many arguments", form);
	return FALSE;
}

enum verdict_word judge_pair(const struct judge_input *in, const struct facts *older, const struct facts *newer,
			     JsonBuilder *list)
{
	const struct judge_options *options = in->call->options;
	g_autoptr(verdict) v = verdict_new(older, newer);

	if (in->waivers != NULL)
		waivers_apply(in->waivers, v, &in->today, list == NULL);
	if (in->page != NULL)
		page_add_verdict(in->page, v, older, newer);
	if (list != NULL) {
		json_builder_add_value(list, verdict_json(v));
	} else if (in->call->json) {
		cli_print_json(verdict_json(v));
	} else {
		g_autofree char *text = verdict_text(v, options->explain);
		judge_print(v->word, text);
	}
	return v->word;
}

static gboolean read_one(GPtrArray *all, const char *path, const struct input_sources *sources, GError **error)
{
	struct input *one = input_read(path, sources, error);

	if (one != NULL)
		g_ptr_array_add(all, one);
	return one != NULL;
}

/* What each path names, in order; NULL with an error. */
static GPtrArray *read_all(char **paths, const struct input_sources *sources, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);

	for (char **path = paths; *path != NULL; path++)
		if (!read_one(all, *path, sources, error))
			return NULL;
	return g_steal_pointer(&all);
}

static gboolean read_headers(char **paths, facts_headers **headers, GError **error)
{
	return paths == NULL || (*headers = facts_headers_read((const char *const *)paths, error)) != NULL;
}

/* The libraries: OLD, the first of several, with the headers of its own release, if those were named. */
static GPtrArray *read_libraries(const struct cli_call *call, struct input_sources sources, facts_headers *older,
				 GError **error)
{
	const struct judge_options *o = call->options;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);
	facts_headers *headers = (facts_headers *)sources.headers;

	for (char **path = call->arguments; *path != NULL; path++) {
		sources.headers = all->len == 0 && older != NULL ? older : headers;
		if (!read_one(all, *path, &sources, error))
			return NULL;
		const struct input *first = all->pdata[0];
		gboolean is_old = all->len == 1 && o->released == NULL;
		for (guint i = 0; is_old && headers != NULL && i < first->libraries->len; i++)
			facts_headers_keep(headers, first->libraries->pdata[i]);
	}
	return g_steal_pointer(&all);
}

/* The one library or program of each; FALSE when one is a package of several. */
static gboolean single(const GPtrArray *inputs, GPtrArray *facts, GError **error)
{
	for (guint i = 0; i < inputs->len; i++) {
		const struct input *one = inputs->pdata[i];
		if (one->libraries->len > 1) {
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "%s: holds %u libraries; --used-by and --floor take files with one", one->path,
				    one->libraries->len);
			return FALSE;
		}
		g_ptr_array_add(facts, one->libraries->pdata[0]);
	}
	return TRUE;
}

static int judge_libraries(const struct judge_input *in, const GPtrArray *inputs)
{
	const struct input *older = inputs->pdata[0], *newer = inputs->pdata[1];

	if (older->is_package || newer->is_package)
		return judge_exit(judge_packages(in, older, newer));
	return judge_exit(judge_pair(in, older->libraries->pdata[0], newer->libraries->pdata[0], NULL));
}

/* One program's types are read as it was compiled with them; for --floor only symbols count. */
static int judge_programs(struct judge_input *in, const GPtrArray *inputs, char **paths,
			  const struct input_sources *sources, GError **error)
{
	const struct judge_options *options = in->call->options;
	g_autoptr(GPtrArray) program_inputs = NULL, libraries = g_ptr_array_new(), programs = g_ptr_array_new();

	if (!single(inputs, libraries, error))
		return -1;
	const struct facts *newer = options->floor ? NULL : libraries->pdata[libraries->len - 1];
	const struct input_sources own = {NULL, sources->debug_dirs, sources->debug_packages, newer};
	program_inputs = read_all(paths, &own, error);
	if (program_inputs == NULL || !single(program_inputs, programs, error))
		return -1;
	in->libraries = libraries;
	in->programs = programs;
	return options->floor ? judge_floor(in->call, in) : judge_used_by(in->call, in);
}

/* OLD is the first of two, NEW the last; with --released, all are new. */
static void claim_versions(const struct judge_options *o, const GPtrArray *inputs)
{
	for (guint i = 0; i < inputs->len; i++) {
		gboolean is_old = o->released == NULL && inputs->len == 2 && i == 0;
		input_claim(inputs->pdata[i], is_old ? o->old_version : o->new_version);
	}
}

static gboolean write_page(const struct page *page, const char *path, GError **error)
{
	g_autofree char *text = page_text(page);

	return file_replace(path, text, strlen(text), 0644, error);
}

static int run_judge(const struct cli_call *call, GError **error)
{
	const struct judge_options *options = call->options;
	char *floor_program[] = {options->floor, NULL};
	char **programs = options->floor != NULL ? floor_program : options->used_by;
	g_autoptr(facts_headers) headers = NULL, older_headers = NULL;
	g_autoptr(waivers) waived = NULL;
	g_autoptr(page) page = options->html != NULL ? page_new() : NULL;
	struct judge_input in = {.call = call, .page = page};

	if (!check_arguments(call, error) || !cli_check_version("old-version", options->old_version, error) ||
	    !cli_check_version("new-version", options->new_version, error))
		return -1;
	if (options->waivers != NULL &&
	    (!cli_today(&in.today, error) || (waived = waivers_read(options->waivers, error)) == NULL))
		return -1;
	in.waivers = waived;
	if (!read_headers(options->headers, &headers, error) || !read_headers(options->old_headers, &older_headers, error))
		return -1;
	const struct input_sources sources = {headers, (const char *const *)options->debug_dirs,
					      (const char *const *)options->debug_packages, NULL};
	g_autoptr(GPtrArray) inputs = read_libraries(call, sources, older_headers, error);
	if (inputs == NULL)
		return -1;
	claim_versions(options, inputs);
	int code = options->released != NULL ? judge_released(&in, inputs, &sources, error)
		   : programs != NULL	     ? judge_programs(&in, inputs, programs, &sources, error)
					     : judge_libraries(&in, inputs);
	return code >= 0 && page != NULL && !write_page(page, options->html, error) ? -1 : code;
}

static const struct cli_option judge_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"old-headers", 0, CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, old_headers), "PATH",
	 "those of OLD, where they differ"},
	{"debug-dir", 'd', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, debug_dirs), "DIR",
	 "look for separate debug information here, too; again for more"},
	{"debug-package", 'D', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, debug_packages), "FILE",
	 "a -dbgsym or -debuginfo package to look in; again for more"},
	{"used-by", 'u', CLI_STRINGS, G_STRUCT_OFFSET(struct judge_options, used_by), "PROGRAM",
	 "judge for this program alone, by what it imports; again for more"},
	{"floor", 0, CLI_STRING, G_STRUCT_OFFSET(struct judge_options, floor), "PROGRAM",
	 "name the first of the libraries, oldest first, that has all it uses"},
	{"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct judge_options, waivers), "FILE",
	 "findings that somebody has decided to live with"},
	{"released", 'r', CLI_STRING, G_STRUCT_OFFSET(struct judge_options, released), "DIR",
	 "judge against the newest release in a folder or published repository"},
	{"old-version", 0, CLI_STRING, G_STRUCT_OFFSET(struct judge_options, old_version), "VERSION",
	 "the release that OLD is, where no file or package name says it"},
	{"new-version", 0, CLI_STRING, G_STRUCT_OFFSET(struct judge_options, new_version), "VERSION",
	 "the release that NEW is to be"},
	{"html", 0, CLI_STRING, G_STRUCT_OFFSET(struct judge_options, html), "FILE",
	 "write the report as a page, too, with the layouts of changed types"},
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
	.notes = "OLD and NEW are ELF files, snapshots, or .deb or .rpm files whose libraries are judged each with its successor.\n"
		 "Prints SAME, ADDS, BREAKS or UNKNOWN with the reasons. Exit code: 0 SAME or ADDS, 4 BREAKS, 7 UNKNOWN.\n"
		 "With --released, every argument is a NEW, and OLD is found; a broken release law is refused with 4.\n"
		 "With --used-by, OLD may be left out; with --floor, name any number of libraries.",
	.options = judge_rows,
	.options_size = sizeof(struct judge_options),
	.run = run_judge,
};
