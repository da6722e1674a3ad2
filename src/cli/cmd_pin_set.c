/* abide pin set and unset: channels changed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"

struct set_options {
	struct pin_options common;
	char *reason, *author, *until;
};

static int run_set(const struct cli_call *call, GError **error)
{
	const struct set_options *options = call->options;
	const struct channel_request request = {
		.package = call->arguments[1],
		.version = call->arguments[2],
		.reason = options->reason,
		.author = options->author != NULL ? options->author : g_get_user_name(),
		.until = options->until,
	};
	g_autoptr(fleet) fleet = NULL;

	if (options->reason == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide pin set: --reason TEXT is missing; say why, for those who come later");
		return -1;
	}
	g_autofree char *dir = pin_find_channels(&options->common, &fleet, error);
	g_autoptr(channel) c = dir != NULL ? channel_set(dir, call->arguments[0], &request, error) : NULL;
	return c != NULL ? pin_print_channel(call, c, error) : -1;
}

static int run_unset(const struct cli_call *call, GError **error)
{
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(call->options, &fleet, error);
	g_autoptr(channel) c =
		dir != NULL ? channel_unset(dir, call->arguments[0], call->arguments[1], error) : NULL;

	return c != NULL ? pin_print_channel(call, c, error) : -1;
}

static const struct cli_option set_rows[] = {
	{"reason", 'r', CLI_STRING, G_STRUCT_OFFSET(struct set_options, reason), "TEXT", "why; must be given"},
	{"author", 'a', CLI_STRING, G_STRUCT_OFFSET(struct set_options, author), "NAME",
	 "who decided it (default: the user)"},
	{"until", 'u', CLI_STRING, G_STRUCT_OFFSET(struct set_options, until), "YYYY-MM-DD",
	 "the last day on which it holds (default: no end)"},
	PIN_ROWS,
	{0},
};

static const struct cli_option unset_rows[] = {
	PIN_ROWS,
	{0},
};

const struct cli_command cmd_pin_set = {
	.name = "pin",
	.verb = "set",
	.arguments = "CHANNEL PACKAGE VERSION",
	.least = 3,
	.most = 3,
	.summary = "hold a package of a channel at a version (1.0.1), a prefix (1.0.*) or a range",
	.options = set_rows,
	.options_size = sizeof(struct set_options),
	.run = run_set,
};

const struct cli_command cmd_pin_unset = {
	.name = "pin",
	.verb = "unset",
	.arguments = "CHANNEL PACKAGE",
	.least = 2,
	.most = 2,
	.summary = "let a package of a channel go",
	.options = unset_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_unset,
};
