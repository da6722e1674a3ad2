/* abide pin show and list: what channels say. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "pin/report.h"

#include <stdio.h>

static int run_show(const struct cli_call *call, GError **error)
{
	g_autoptr(channel) c = pin_read_channel(call->options, call->arguments[0], error);

	return c != NULL ? pin_print_channel(call, c, error) : -1;
}

/* Every channel is read before the first is printed: one that is broken is an error, not a gap. */
static GPtrArray *read_all(const char *dir, GError **error)
{
	g_auto(GStrv) names = channel_names(dir, error);
	g_autoptr(GPtrArray) channels = g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);

	for (char **name = names; name != NULL && *name != NULL; name++) {
		struct channel *c = channel_read(dir, *name, error);
		if (c == NULL)
			return NULL;
		g_ptr_array_add(channels, c);
	}
	return names != NULL ? g_steal_pointer(&channels) : NULL;
}

static int run_list(const struct cli_call *call, GError **error)
{
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(call->options, &fleet, error);
	g_autoptr(GPtrArray) channels = dir != NULL ? read_all(dir, error) : NULL;
	GDate today;

	if (channels == NULL || !cli_today(&today, error))
		return -1;
	if (call->json) {
		JsonArray *array = json_array_new();
		for (guint i = 0; i < channels->len; i++)
			json_array_add_element(array, channel_json(channels->pdata[i], &today));
		cli_print_json(json_node_init_array(json_node_alloc(), array));
		json_array_unref(array);
		return CLI_DONE;
	}
	for (guint i = 0; i < channels->len; i++) {
		g_autofree char *text = channel_text(channels->pdata[i], &today);
		fputs(text, stdout);
	}
	return CLI_DONE;
}

static const struct cli_option channels_rows[] = {
	PIN_ROWS,
	{0},
};

const struct cli_command cmd_pin_show = {
	.name = "pin",
	.verb = "show",
	.arguments = "CHANNEL",
	.least = 1,
	.most = 1,
	.summary = "show what a channel holds, why and until when",
	.options = channels_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_show,
};

const struct cli_command cmd_pin_list = {
	.name = "pin",
	.verb = "list",
	.arguments = "",
	.summary = "show all channels",
	.options = channels_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_list,
};
