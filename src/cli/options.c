/* Command lines parsed by the option tables, with GLib's option parser underneath. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <string.h>

G_DEFINE_QUARK(cli-error-quark, cli_error)

static const GOptionArg option_args[] = {
	[CLI_FLAG] = G_OPTION_ARG_NONE,
	[CLI_STRING] = G_OPTION_ARG_STRING,
	[CLI_STRINGS] = G_OPTION_ARG_STRING_ARRAY,
};

static void add_entry(GArray *entries, const char *name, char letter, GOptionArg arg, gpointer field)
{
	GOptionEntry entry = {.long_name = name, .short_name = letter, .arg = arg, .arg_data = field};
	g_array_append_val(entries, entry);
}

/* The table's rows as GOptionEntry rows that point into the options struct; ends with a zero row. */
static GArray *entries_for(const struct cli_command *command, void *options, gboolean *json, gboolean *help)
{
	GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

	for (const struct cli_option *o = command->options; o != NULL && o->name != NULL; o++)
		add_entry(entries, o->name, o->letter, option_args[o->kind], (char *)options + o->offset);
	add_entry(entries, "json", 0, G_OPTION_ARG_NONE, json);
	add_entry(entries, "help", 'h', G_OPTION_ARG_NONE, help);
	return entries;
}

static gboolean check_count(const struct cli_call *call, GError **error)
{
	const struct cli_command *c = call->command;

	if (call->n_arguments >= c->least && call->n_arguments <= c->most)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s; usage: abide %s%s%s %s",
		    call->n_arguments < c->least ? "an argument is missing" : "too many arguments", c->name,
		    c->verb ? " " : "", c->verb ? c->verb : "", c->arguments);
	return FALSE;
}

gboolean cli_parse(const struct cli_command *command, int argc, char **argv, struct cli_call *call, gboolean *help,
		   GError **error)
{
	void *options = g_malloc0(MAX(command->options_size, 1));
	g_autoptr(GArray) entries = entries_for(command, options, &call->json, help);
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autofree char **line = g_new0(char *, (gsize)argc + 2);
	char **rest = line;
	GError *bad = NULL;

	call->command = command;
	call->options = options;
	line[0] = (char *)"abide";
	memcpy(line + 1, argv, (gsize)argc * sizeof *argv);
	argc++;
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, (const GOptionEntry *)(void *)entries->data, NULL);
	if (!g_option_context_parse(context, &argc, &rest, &bad)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s; see abide %s%s%s --help", bad->message,
			    command->name, command->verb ? " " : "", command->verb ? command->verb : "");
		g_error_free(bad);
		return FALSE;
	}
	for (int i = 1; i < argc; i++)
		if (strcmp(rest[i], "--") != 0)
			line[call->n_arguments++] = rest[i];
	line[call->n_arguments] = NULL;
	call->arguments = g_steal_pointer(&line);
	return *help || check_count(call, error);
}

void cli_call_clear(struct cli_call *call)
{
	const struct cli_command *command = call->command;

	for (const struct cli_option *o = command ? command->options : NULL; o != NULL && o->name != NULL; o++) {
		void *field = (char *)call->options + o->offset;
		if (o->kind == CLI_STRING)
			g_free(*(char **)field);
		else if (o->kind == CLI_STRINGS)
			g_strfreev(*(char ***)field);
	}
	g_free((void *)call->options);
	g_free(call->arguments);
	*call = (struct cli_call){0};
}
