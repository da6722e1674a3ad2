/* What the verbs of abide pin share: where the fleet and its channels are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PIN_H
#define CLI_PIN_H

#include "cli/cli.h"
#include "pin/fleet.h"

/* The options of every verb; a verb's struct begins with it, and its table has PIN_ROWS or PIN_FLEET_ROW. */
struct pin_options {
	char *fleet, *channels;
};

#define PIN_FLEET_ROW                                                                                                  \
	{                                                                                                              \
		"fleet", 'f', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, fleet), "FILE",                          \
			"the fleet (default: fleet.yaml)"                                                              \
	}

/* Of verbs that work on channel files without a fleet as well. */
#define PIN_ROWS                                                                                                       \
	{"channels", 'C', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, channels), "DIR",                            \
	 "the folder of the channel files (default: the fleet's; without one: channels)"},                            \
		PIN_FLEET_ROW

/* pin_open_fleet: the fleet that --fleet names, or that of the current folder. NULL with an error of fleet_read's. */
struct fleet *pin_open_fleet(const struct pin_options *options, GError **error);

/*
 * pin_find_channels: the folder of the channel files: that of --channels, or the fleet's, or "channels".
 *
 * fleet: set to the fleet, which the caller frees, or to NULL where --channels is given or there is none.
 * Returns a path that the caller frees; NULL with an error of fleet_read's.
 */
char *pin_find_channels(const struct pin_options *options, struct fleet **fleet, GError **error);

/* pin_read_channel: one channel from there, by name. NULL with an error. */
struct channel *pin_read_channel(const struct pin_options *options, const char *name, GError **error);

/* pin_print_channel: what set, unset and show print: a channel as it is now. Returns a cli_exit, or -1 with an error. */
int pin_print_channel(const struct cli_call *call, const struct channel *c, GError **error);

#endif
