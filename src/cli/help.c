/* Help and completion, written from the command and option tables. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <string.h>

static gboolean same_name(const struct cli_command *a, const struct cli_command *b)
{
	return b != NULL && strcmp(a->name, b->name) == 0;
}

/* The first row of each name stands for the command; its summary speaks for all verbs. */
static gboolean first_of_name(guint i)
{
	return i == 0 || !same_name(cli_commands[i], cli_commands[i - 1]);
}

char *cli_help(void)
{
	GString *text = g_string_new("abide carries a built shared library to servers that nobody can rebuild.\n\n"
				     "Usage: abide COMMAND [OPTION...] [ARGUMENT...]\n\n"
				     "Commands, in the order of the pipeline:\n");

	for (guint i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];
		g_string_append_printf(text, "  %-8s %-14s %s\n", first_of_name(i) ? c->name : "",
				       c->verb ? c->verb : "", c->summary);
	}
	g_string_append(text,
			"\nEvery command takes --help and --json.\n"
			"  --version          print abide's version\n"
			"  --completion bash  print a completion script\n\n"
			"Exit codes: 0 done, 1 failed and nothing changed, 2 usage, 3 refused (signature, digest, expiry),\n"
			"4 refused (ABI or dependencies), 7 cannot tell (evidence is missing).\n"
			"More: man abide\n");
	return g_string_free(text, FALSE);
}

static void append_option(GString *text, const char *name, char letter, const char *argument, const char *help)
{
	g_autofree char *left =
		letter ? g_strdup_printf("-%c, --%s%s%s", letter, name, argument ? " " : "", argument ? argument : "")
		       : g_strdup_printf("    --%s%s%s", name, argument ? " " : "", argument ? argument : "");

	g_string_append_printf(text, "  %-26s %s\n", left, help);
}

char *cli_help_command(const struct cli_command *command)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "Usage: abide %s%s%s [OPTION...] %s\n\n%c%s.\n", command->name,
			       command->verb ? " " : "", command->verb ? command->verb : "", command->arguments,
			       g_ascii_toupper(command->summary[0]), command->summary + 1);
	if (command->notes != NULL)
		g_string_append_printf(text, "%s\n", command->notes);
	g_string_append(text, "\nOptions:\n");
	for (const struct cli_option *o = command->options; o != NULL && o->name != NULL; o++)
		append_option(text, o->name, o->letter, o->argument, o->help);
	append_option(text, "json", 0, NULL, "print the result as JSON");
	append_option(text, "help", 'h', NULL, "show this help");
	g_string_append_printf(text, "\nMore: man abide-%s\n", command->name);
	return g_string_free(text, FALSE);
}

char *cli_help_verbs(const char *name)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "Usage: abide %s VERB [OPTION...] [ARGUMENT...]\n\nVerbs:\n", name);
	for (guint i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];
		if (strcmp(c->name, name) == 0)
			g_string_append_printf(text, "  %-14s %s\n", c->verb, c->summary);
	}
	g_string_append_printf(text, "\nabide %s VERB --help says more; so does man abide-%s.\n", name, name);
	return g_string_free(text, FALSE);
}

static void append_words(GString *text, const struct cli_command *command)
{
	for (const struct cli_option *o = command->options; o != NULL && o->name != NULL; o++)
		g_string_append_printf(text, "--%s ", o->name);
	g_string_append(text, "--json --help");
}

char *cli_completion(void)
{
	GString *text = g_string_new("# bash completion for abide, written by abide --completion bash\n"
				     "_abide() {\n"
				     "\tlocal current=${COMP_WORDS[COMP_CWORD]} words=\n"
				     "\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");

	for (guint i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];
		g_string_append_printf(text, "\t\"%s \"%s%s) words=\"", c->name, c->verb ? c->verb : "",
				       c->verb ? "" : "*");
		append_words(text, c);
		g_string_append(text, "\" ;;\n");
	}
	g_string_append(text, "\tesac\n\tcase $COMP_CWORD in\n\t1) words=\"");
	for (guint i = 0; cli_commands[i] != NULL; i++)
		if (first_of_name(i))
			g_string_append_printf(text, "%s ", cli_commands[i]->name);
	g_string_append(text, "--help --version\" ;;\n");
	for (guint i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];
		if (c->verb == NULL)
			continue;
		if (first_of_name(i))
			g_string_append_printf(text, "\t2) [ \"${COMP_WORDS[1]}\" = %s ] && words=\"", c->name);
		g_string_append_printf(text, "%s%s", first_of_name(i) ? "" : " ", c->verb);
		if (!same_name(c, cli_commands[i + 1]))
			g_string_append(text, "\" ;;&\n");
	}
	g_string_append(text, "\tesac\n"
			      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
			      "\t[[ $current == -* ]] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "
			      "\"$current\")\n"
			      "}\n"
			      "complete -o filenames -F _abide abide\n");
	return g_string_free(text, FALSE);
}
