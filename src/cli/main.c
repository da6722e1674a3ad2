/* abide: finds the command, runs it, prints its error and picks the exit code. Nothing else prints errors. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define VERSION_TEXT(major, minor, patch) G_STRINGIFY(major) "." G_STRINGIFY(minor) "." G_STRINGIFY(patch)

static int print_text(char *text)
{
	fputs(text, stdout);
	g_free(text);
	return CLI_DONE;
}

static int no_such_command(const char *name, const char *verb)
{
	fprintf(stderr, "abide: '%s%s%s' is not a command; see abide --help\n", name, verb ? " " : "", verb ? verb : "");
	return CLI_USAGE;
}

static int completion(const char *shell)
{
	if (shell != NULL && strcmp(shell, "bash") == 0)
		return print_text(cli_completion());
	fprintf(stderr, "abide: --completion knows only bash\n");
	return CLI_USAGE;
}

static int run_command(const struct cli_command *command, int argc, char **argv)
{
	struct cli_call call = {0};
	gboolean help = FALSE;
	g_autoptr(GError) error = NULL;
	int exit_code = -1;

	if (cli_parse(command, argc, argv, &call, &help, &error))
		exit_code = help ? print_text(cli_help_command(command)) : command->run(&call, &error);
	if (exit_code < 0) {
		fprintf(stderr, "abide: %s\n", error->message);
		exit_code = cli_exit_code(error);
	}
	cli_call_clear(&call);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "abide: cannot write to standard output\n");
		return exit_code == CLI_DONE ? CLI_FAILED : exit_code;
	}
	return exit_code;
}

/* `abide NAME ...` or `abide NAME VERB ...`; the rows of one command stand together. */
static int dispatch(int argc, char **argv)
{
	gboolean has_verbs = FALSE;

	for (guint i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];
		if (strcmp(c->name, argv[0]) != 0)
			continue;
		if (c->verb == NULL)
			return run_command(c, argc - 1, argv + 1);
		has_verbs = TRUE;
		if (argc > 1 && strcmp(c->verb, argv[1]) == 0)
			return run_command(c, argc - 2, argv + 2);
	}
	if (!has_verbs)
		return no_such_command(argv[0], NULL);
	if (argc > 1 && strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0)
		return no_such_command(argv[0], argv[1]);
	print_text(cli_help_verbs(argv[0]));
	return argc > 1 ? CLI_DONE : CLI_USAGE;
}

/*
 * Freed memory is kept for the next package, of which there may be thousands: each takes a few hundred KiB, the system clears what
 * it gives anew, and threads wait for each other while it does.
 */
static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
	mallopt(M_TOP_PAD, 1024 * 1024);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	keep_memory();
	if (argc < 2) {
		g_autofree char *text = cli_help();
		fputs(text, stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_text(cli_help());
	if (strcmp(argv[1], "--version") == 0)
		return print_text(g_strdup("abide " VERSION_TEXT(ABIDE_VERSION_MAJOR, ABIDE_VERSION_MINOR,
								 ABIDE_VERSION_PATCH) "\n"));
	if (strcmp(argv[1], "--completion") == 0)
		return completion(argc > 2 ? argv[2] : NULL);
	return dispatch(argc - 1, argv + 1);
}
