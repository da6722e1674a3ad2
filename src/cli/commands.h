/* The commands: each row is defined in its cmd_*.c. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct cli_command cmd_init;
extern const struct cli_command cmd_inspect;
extern const struct cli_command cmd_judge;
extern const struct cli_command cmd_pack;
extern const struct cli_command cmd_base_capture;
extern const struct cli_command cmd_base_list;
extern const struct cli_command cmd_history_last;
extern const struct cli_command cmd_history_record;
extern const struct cli_command cmd_history_symbols;
extern const struct cli_command cmd_history_shlibs;
extern const struct cli_command cmd_publish_init;
extern const struct cli_command cmd_publish_add;
extern const struct cli_command cmd_publish_list;
extern const struct cli_command cmd_publish_remove;
extern const struct cli_command cmd_publish_rollback;
extern const struct cli_command cmd_publish_prune;
extern const struct cli_command cmd_publish_history;
extern const struct cli_command cmd_publish_show;
extern const struct cli_command cmd_publish_diff;
extern const struct cli_command cmd_publish_verify;
extern const struct cli_command cmd_publish_sign;
extern const struct cli_command cmd_publish_key;
extern const struct cli_command cmd_publish_client_config;
extern const struct cli_command cmd_pin_init;
extern const struct cli_command cmd_pin_set;
extern const struct cli_command cmd_pin_unset;
extern const struct cli_command cmd_pin_show;
extern const struct cli_command cmd_pin_list;
extern const struct cli_command cmd_pin_check;
extern const struct cli_command cmd_pin_matrix;
extern const struct cli_command cmd_pin_diff;
extern const struct cli_command cmd_pin_log;
extern const struct cli_command cmd_pin_propose;
extern const struct cli_command cmd_pin_drift;
extern const struct cli_command cmd_pin_export;

#endif
