/* abide inspect: what a library promises and needs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "inspect/input.h"
#include "inspect/report.h"
#include "inspect/snapshot.h"

#include <stdio.h>

struct inspect_options {
	char **headers;
	char **debug_dirs;
	char **debug_packages;
	gboolean snapshot;
	char *version;
};

/* A package is an object around the objects of its libraries. */
static JsonNode *json_of(const struct input *in)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	if (!in->is_package)
		return facts_json(in->libraries->pdata[0]);
	g_autofree char *shown = g_filename_display_name(in->path);
	json_builder_begin_object(b);
	json_builder_set_member_name(b, "file");
	json_builder_add_string_value(b, shown);
	json_builder_set_member_name(b, "libraries");
	json_builder_begin_array(b);
	for (guint i = 0; i < in->libraries->len; i++)
		json_builder_add_value(b, facts_json(in->libraries->pdata[i]));
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

static int print_all(const struct input *in, gboolean snapshot, GError **error)
{
	if (snapshot && in->libraries->len > 1) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: has %u libraries, and a snapshot is of one; unpack it and name the one you mean", in->path,
			    in->libraries->len);
		return -1;
	}
	for (guint i = 0; i < in->libraries->len; i++) {
		const struct facts *f = in->libraries->pdata[i];
		g_autofree char *text = snapshot ? snapshot_text(f) : facts_text(f);
		printf("%s%s", i == 0 ? "" : "\n", text);
	}
	return CLI_DONE;
}

static int run_inspect(const struct cli_call *call, GError **error)
{
	const struct inspect_options *options = call->options;
	g_autoptr(facts_headers) headers = NULL;

	if (!cli_check_version("version-is", options->version, error))
		return -1;
	if (options->headers != NULL && (headers = facts_headers_read((const char *const *)options->headers, error)) == NULL)
		return -1;
	g_autoptr(input) in = input_read(call->arguments[0],
					 &(struct input_sources){headers, (const char *const *)options->debug_dirs,
								 (const char *const *)options->debug_packages, NULL},
					 error);
	if (in == NULL)
		return -1;
	input_claim(in, options->version);
	if (call->json)
		cli_print_json(json_of(in));
	else
		return print_all(in, options->snapshot, error);
	return CLI_DONE;
}

static const struct cli_option inspect_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct inspect_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"debug-dir", 'd', CLI_STRINGS, G_STRUCT_OFFSET(struct inspect_options, debug_dirs), "DIR",
	 "look for separate debug information here, too; again for more"},
	{"debug-package", 'D', CLI_STRINGS, G_STRUCT_OFFSET(struct inspect_options, debug_packages), "FILE",
	 "a -dbgsym or -debuginfo package to look in; again for more"},
	{"snapshot", 's', CLI_FLAG, G_STRUCT_OFFSET(struct inspect_options, snapshot), NULL,
	 "write an ABI snapshot, to be kept and judged without the library"},
	{"version-is", 0, CLI_STRING, G_STRUCT_OFFSET(struct inspect_options, version), "VERSION",
	 "the release that it is, where no file or package name says it"},
	{0},
};

const struct cli_command cmd_inspect = {
	.name = "inspect",
	.arguments = "FILE",
	.least = 1,
	.most = 1,
	.summary = "say what a shared library or program promises and needs",
	.notes = "FILE is an ELF file, or a .deb or .rpm whose libraries are meant.",
	.options = inspect_rows,
	.options_size = sizeof(struct inspect_options),
	.run = run_inspect,
};
