/* abide publish remove: take packages out of a suite. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"

struct remove_options {
	struct publish_options common;
	char *suite;
	gboolean stage;
};

static int run_remove(const struct cli_call *call, GError **error)
{
	const struct remove_options *options = call->options;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);
	gboolean (*change)(publication *, char *const *, GError **) = options->stage ? publication_unstage : publication_remove;

	if (p == NULL || !change(p, call->arguments + 1, error))
		return -1;
	publish_print_change(call, p);
	return CLI_DONE;
}

static const struct cli_option remove_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct remove_options, suite), "NAME", "the suite (stable)"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct remove_options, stage), NULL, "out of the stage (see add --stage) instead"},
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_remove = {
	.name = "publish",
	.verb = "remove",
	.arguments = "DIR NAME[=VERSION][:ARCH]...",
	.least = 2,
	.most = G_MAXUINT,
	.summary = "take packages out of a suite; their files stay for rollback, until prune",
	.options = remove_rows,
	.options_size = sizeof(struct remove_options),
	.run = run_remove,
};
