/* abide inspect: what a library promises and needs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "inspect/facts.h"
#include "inspect/report.h"
#include "inspect/snapshot.h"

#include <stdio.h>

struct inspect_options {
	char **headers;
	gboolean snapshot;
};

static void print_facts(const struct facts *f, gboolean snapshot)
{
	g_autofree char *text = snapshot ? snapshot_text(f) : facts_text(f);

	fputs(text, stdout);
}

static int run_inspect(const struct cli_call *call, GError **error)
{
	const struct inspect_options *options = call->options;
	g_autoptr(facts_headers) headers = NULL;

	if (options->headers != NULL && (headers = facts_headers_read((const char *const *)options->headers, error)) == NULL)
		return -1;
	g_autoptr(facts) f = facts_read(call->arguments[0], headers, error);
	if (f == NULL)
		return -1;
	if (call->json)
		cli_print_json(facts_json(f));
	else
		print_facts(f, options->snapshot);
	return CLI_DONE;
}

static const struct cli_option inspect_rows[] = {
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct inspect_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"snapshot", 's', CLI_FLAG, G_STRUCT_OFFSET(struct inspect_options, snapshot), NULL,
	 "write an ABI snapshot, to be kept and judged without the library"},
	{0},
};

const struct cli_command cmd_inspect = {
	.name = "inspect",
	.arguments = "FILE",
	.least = 1,
	.most = 1,
	.summary = "say what a shared library or program promises and needs",
	.options = inspect_rows,
	.options_size = sizeof(struct inspect_options),
	.run = run_inspect,
};
