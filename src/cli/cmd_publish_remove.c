/* abide publish remove: take packages out of a suite. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "cli/publish_users.h"

struct remove_options {
	struct publish_options common;
	char *suite;
	gboolean stage;
};

static int run_remove(const struct cli_call *call, GError **error)
{
	const struct remove_options *options = call->options;
	char *const *what = call->arguments + 1;
	g_autoptr(waivers) waived = NULL;
	g_autoptr(users) judged = NULL;
	g_autoptr(GError) cause = NULL;
	struct publication_gate gate;

	if (!publish_gate(&options->common, &gate, &waived, error))
		return -1;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);
	if (p == NULL)
		return -1;
	gboolean done = options->stage ? publication_unstage(p, what, &cause)
				       : publication_remove(p, what, &gate, &judged, &cause);
	publish_print_outcome(call, p, options->stage ? "unstage" : "remove", done, judged, cause);
	if (done)
		return CLI_DONE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return -1;
}

static const struct cli_option remove_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct remove_options, suite), "NAME", "the suite (stable)"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct remove_options, stage), NULL, "out of the stage (see add --stage) instead"},
	PUBLISH_WAIVERS_ROW,
	PUBLISH_ELSEWHERE_ROWS,
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
