/* The table of commands, in the order of the pipeline. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"

const struct cli_command *const cli_commands[] = {
	&cmd_init,
	&cmd_inspect,
	&cmd_judge,
	&cmd_base_capture,
	&cmd_base_list,
	&cmd_pack,
	&cmd_history_last,
	&cmd_history_record,
	&cmd_history_symbols,
	&cmd_history_shlibs,
	&cmd_publish_init,
	&cmd_publish_add,
	&cmd_publish_list,
	&cmd_publish_client_config,
	&cmd_publish_mirror,
	&cmd_pin_set,
	&cmd_pin_unset,
	&cmd_pin_show,
	&cmd_pin_list,
	&cmd_pin_export,
	NULL,
};
