/* abide pin: who gets which version. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "pin/channel.h"
#include "pin/export.h"
#include "pin/report.h"

#include <stdio.h>

/* One struct for all verbs; each verb's table has only the rows that it takes. */
struct pin_options {
	char *channels;
	char *reason;
	char *author;
	char *until;
	char *output;
};

#define CHANNELS_ROW                                                                                                \
	{"channels", 'C', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, channels), "DIR",                         \
	 "the folder of the channel files (default: channels)"}

static const char *channels_dir(const struct cli_call *call)
{
	const struct pin_options *options = call->options;

	return options->channels != NULL ? options->channels : "channels";
}

static GDate today_utc(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	GDate today;

	g_date_clear(&today, 1);
	g_date_set_dmy(&today, (GDateDay)g_date_time_get_day_of_month(now), (GDateMonth)g_date_time_get_month(now),
		       (GDateYear)g_date_time_get_year(now));
	return today;
}

/* What set, unset and show print: the channel as it is now. */
static int print_channel(const struct cli_call *call, const struct channel *c)
{
	GDate today = today_utc();

	if (call->json) {
		cli_print_json(channel_json(c, &today));
	} else {
		g_autofree char *text = channel_text(c, &today);
		fputs(text, stdout);
	}
	return CLI_DONE;
}

static int run_set(const struct cli_call *call, GError **error)
{
	const struct pin_options *options = call->options;
	const struct channel_request request = {
		.package = call->arguments[1],
		.version = call->arguments[2],
		.reason = options->reason,
		.author = options->author != NULL ? options->author : g_get_user_name(),
		.until = options->until,
	};
	g_autoptr(channel) c = NULL;

	if (options->reason == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide pin set: --reason TEXT is missing; say why, for those who come later");
		return -1;
	}
	c = channel_set(channels_dir(call), call->arguments[0], &request, error);
	return c != NULL ? print_channel(call, c) : -1;
}

static int run_unset(const struct cli_call *call, GError **error)
{
	g_autoptr(channel) c = channel_unset(channels_dir(call), call->arguments[0], call->arguments[1], error);

	return c != NULL ? print_channel(call, c) : -1;
}

static int run_show(const struct cli_call *call, GError **error)
{
	g_autoptr(channel) c = channel_read(channels_dir(call), call->arguments[0], error);

	return c != NULL ? print_channel(call, c) : -1;
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
	g_autoptr(GPtrArray) channels = read_all(channels_dir(call), error);
	GDate today = today_utc();

	if (channels == NULL)
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

static JsonNode *exported_json(const char *name, char *const *paths)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "channel");
	json_builder_add_string_value(builder, name);
	json_builder_set_member_name(builder, "files");
	json_builder_begin_array(builder);
	for (; *paths != NULL; paths++)
		json_builder_add_string_value(builder, *paths);
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	return json_builder_get_root(builder);
}

static int run_export(const struct cli_call *call, GError **error)
{
	const struct pin_options *options = call->options;
	g_autoptr(channel) c = NULL;
	g_auto(GStrv) paths = NULL;
	GDate today = today_utc();

	if (options->output == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide pin export: --output DIR is missing");
		return -1;
	}
	c = channel_read(channels_dir(call), call->arguments[0], error);
	paths = c != NULL ? pin_export(c, options->output, &today, error) : NULL;
	if (paths == NULL)
		return -1;
	if (call->json)
		cli_print_json(exported_json(c->name, paths));
	else
		for (char **p = paths; *p != NULL; p++)
			puts(*p);
	return CLI_DONE;
}

static const struct cli_option set_rows[] = {
	{"reason", 'r', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, reason), "TEXT", "why; must be given"},
	{"author", 'a', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, author), "NAME",
	 "who decided it (default: the user)"},
	{"until", 'u', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, until), "YYYY-MM-DD",
	 "the last day on which it holds (default: no end)"},
	CHANNELS_ROW,
	{0},
};

static const struct cli_option channels_rows[] = {
	CHANNELS_ROW,
	{0},
};

static const struct cli_option export_rows[] = {
	{"output", 'o', CLI_STRING, G_STRUCT_OFFSET(struct pin_options, output), "DIR",
	 "the root below which the files are written; must be given"},
	CHANNELS_ROW,
	{0},
};

const struct cli_command cmd_pin_set = {
	.name = "pin",
	.verb = "set",
	.arguments = "CHANNEL PACKAGE VERSION",
	.least = 3,
	.most = 3,
	.summary = "hold a package of a channel at a version (1.0.1) or a prefix (1.0.*)",
	.options = set_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_set,
};

const struct cli_command cmd_pin_unset = {
	.name = "pin",
	.verb = "unset",
	.arguments = "CHANNEL PACKAGE",
	.least = 2,
	.most = 2,
	.summary = "let a package of a channel go",
	.options = channels_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_unset,
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

const struct cli_command cmd_pin_export = {
	.name = "pin",
	.verb = "export",
	.arguments = "CHANNEL",
	.least = 1,
	.most = 1,
	.summary = "write a channel as files that stock apt and dnf obey",
	.notes = "Writes etc/apt/preferences.d/abide-CHANNEL.pref, etc/dnf/plugins/versionlock.list (dnf4) and\n"
		 "etc/dnf/versionlock.toml (dnf5). Refuses, with exit code 3, a channel with a pin whose last day is over.",
	.options = export_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_export,
};
