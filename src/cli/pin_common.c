/* What the verbs of abide pin share: see pin.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pin.h"

#include "pin/report.h"

#include <stdio.h>

struct fleet *pin_open_fleet(const struct pin_options *options, GError **error)
{
	const char *path = options->fleet != NULL ? options->fleet : FLEET_FILE;

	if (options->fleet == NULL && !g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: there is no fleet in this folder; name one with --fleet, or see abide-fleet(5)", path);
		return NULL;
	}
	return fleet_read(path, error);
}

char *pin_find_channels(const struct pin_options *options, struct fleet **fleet, GError **error)
{
	*fleet = NULL;
	if (options->channels != NULL)
		return g_strdup(options->channels);
	if (options->fleet == NULL && !g_file_test(FLEET_FILE, G_FILE_TEST_EXISTS))
		return g_strdup(FLEET_CHANNELS);
	*fleet = pin_open_fleet(options, error);
	return *fleet != NULL ? g_strdup((*fleet)->channels) : NULL;
}

struct channel *pin_read_channel(const struct pin_options *options, const char *name, GError **error)
{
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(options, &fleet, error);

	return dir != NULL ? channel_read(dir, name, error) : NULL;
}

int pin_print_channel(const struct cli_call *call, const struct channel *c, GError **error)
{
	GDate today;

	if (!cli_today(&today, error))
		return -1;
	if (call->json) {
		cli_print_json(channel_json(c, &today));
	} else {
		g_autofree char *text = channel_text(c, &today);
		fputs(text, stdout);
	}
	return CLI_DONE;
}
