/* abide publish rollback: publish the packages of an earlier state again. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"

struct rollback_options {
	struct publish_options common;
	char *suite;
};

static int run_rollback(const struct cli_call *call, GError **error)
{
	const struct rollback_options *options = call->options;
	guint64 number = 0;

	if (!publish_state_number(call->arguments[1], &number, error))
		return -1;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);
	if (p == NULL || !publication_rollback(p, number, error))
		return -1;
	publish_print_change(call, p);
	return CLI_DONE;
}

static const struct cli_option rollback_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct rollback_options, suite), "NAME", "the suite (stable)"},
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_rollback = {
	.name = "publish",
	.verb = "rollback",
	.arguments = "DIR STATE",
	.least = 2,
	.most = 2,
	.summary = "publish the packages of an earlier state again, as a new state",
	.options = rollback_rows,
	.options_size = sizeof(struct rollback_options),
	.run = run_rollback,
};
