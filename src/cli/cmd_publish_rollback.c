/* abide publish rollback: publish the packages of an earlier state again. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "cli/publish_users.h"

struct rollback_options {
	struct publish_options common;
	char *suite;
};

static int run_rollback(const struct cli_call *call, GError **error)
{
	const struct rollback_options *options = call->options;
	g_autoptr(waivers) waived = NULL;
	g_autoptr(users) judged = NULL;
	g_autoptr(GError) cause = NULL;
	struct publication_gate gate;
	guint64 number = 0;

	if (!publish_state_number(call->arguments[1], &number, error) ||
	    !publish_gate(&options->common, &gate, &waived, error))
		return -1;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);
	if (p == NULL)
		return -1;
	gboolean done = publication_rollback(p, number, &gate, &judged, &cause);
	publish_print_outcome(call, p, "rollback", done, judged, cause);
	if (done)
		return CLI_DONE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return -1;
}

static const struct cli_option rollback_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct rollback_options, suite), "NAME", "the suite (stable)"},
	PUBLISH_WAIVERS_ROW,
	PUBLISH_ELSEWHERE_ROWS,
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
