/* The table of commands, in the order of the pipeline. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"

const struct cli_command *const cli_commands[] = {
	&cmd_inspect,
	&cmd_judge,
	NULL,
};
