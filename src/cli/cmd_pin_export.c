/* abide pin export: a channel in the files that stock apt and dnf obey. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "pin/export.h"
#include "publish/publication.h"

#include <stdio.h>

struct export_options {
	struct pin_options common;
	char *output;
};

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

/* The packages of the suite, for ranges only: whoever writes none needs no repository. */
static gboolean open_packages(const struct fleet *fleet, const struct channel *c, publication **p, GError **error)
{
	if (fleet == NULL || !pin_export_needs_packages(c))
		return TRUE;
	*p = publication_open(fleet->repository, fleet_suite(fleet, c), error);
	return *p != NULL;
}

static int run_export(const struct cli_call *call, GError **error)
{
	const struct export_options *options = call->options;
	g_auto(GStrv) paths = NULL;
	GDate today;

	if (options->output == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide pin export: --output DIR is missing");
		return -1;
	}
	if (!cli_today(&today, error))
		return -1;
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(&options->common, &fleet, error);
	g_autoptr(channel) c = dir != NULL ? channel_read(dir, call->arguments[0], error) : NULL;
	g_autoptr(publication) suite = NULL;
	if (c == NULL || !open_packages(fleet, c, &suite, error))
		return -1;
	paths = pin_export(c, suite != NULL ? suite->packages : NULL, options->output, &today, error);
	if (paths == NULL)
		return -1;
	if (call->json)
		cli_print_json(exported_json(c->name, paths));
	else
		for (char **p = paths; *p != NULL; p++)
			puts(*p);
	return CLI_DONE;
}

static const struct cli_option export_rows[] = {
	{"output", 'o', CLI_STRING, G_STRUCT_OFFSET(struct export_options, output), "DIR",
	 "the root below which the files are written; must be given"},
	PIN_ROWS,
	{0},
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
	.options_size = sizeof(struct export_options),
	.run = run_export,
};
