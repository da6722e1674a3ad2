/* The command line: one table of commands, one table of options for each, and what they share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <glib.h>
#include <json-glib/json-glib.h>

#define ABIDE_VERSION_MAJOR 0
#define ABIDE_VERSION_MINOR 1
#define ABIDE_VERSION_PATCH 0

/* What abide's exit code says; docs/man/abide.1.scd has the same table. */
enum cli_exit {
	CLI_DONE = 0,         /* done; judge: SAME or ADDS */
	CLI_FAILED = 1,       /* failed, nothing changed */
	CLI_USAGE = 2,        /* the command line was not understood */
	CLI_REFUSED = 3,      /* signature, digest, expiry or rollback */
	CLI_INCOMPATIBLE = 4, /* ABI (BREAKS) or dependencies */
	CLI_UNKNOWN = 7,      /* evidence is missing */
};

/* Errors of the command line itself. Every room has its own domain; exit_code.c maps them all to cli_exit. */
#define CLI_ERROR cli_error_quark()
GQuark cli_error_quark(void);
enum cli_error {
	CLI_ERROR_USAGE,
};

enum cli_option_kind {
	CLI_FLAG,    /* gboolean */
	CLI_STRING,  /* char * */
	CLI_STRINGS, /* char **: may be given again, NULL-terminated */
};

/* One option: parsing, help, the man page check and completion all come from this row. */
struct cli_option {
	const char *name;     /* long, without dashes */
	char letter;          /* short, or 0 */
	enum cli_option_kind kind;
	gsize offset;         /* of its field in the command's options struct */
	const char *argument; /* "FILE", NULL for a flag */
	const char *help;
};

/* What a command's run function is handed. */
struct cli_call {
	const struct cli_command *command;
	const void *options; /* the command's options struct, filled in; strings owned by the caller of run */
	char **arguments;    /* NULL-terminated; the strings are those of main */
	guint n_arguments;
	gboolean json;       /* --json, which every command has */
};

/* One command, or one verb of a command ("publish add"). */
struct cli_command {
	const char *name;
	const char *verb;      /* NULL when the command has no verbs */
	const char *arguments; /* "OLD NEW", as usage shows it */
	guint least, most;     /* how many arguments */
	const char *summary;   /* one line, no full stop */
	const char *notes;     /* more for --help, or NULL */
	const struct cli_option *options; /* ends with a row without a name; NULL when there are none */
	gsize options_size;
	/* Only orders the steps. Prints the result on standard output; returns a cli_exit, or -1 with an error set. */
	int (*run)(const struct cli_call *call, GError **error);
};

/* All commands, in the order of the pipeline (commands.c); ends with a NULL. */
extern const struct cli_command *const cli_commands[];

/* cli_parse: fill in call from argv[0..], by the command's option table. FALSE with a CLI_ERROR_USAGE. */
gboolean cli_parse(const struct cli_command *command, int argc, char **argv, struct cli_call *call, gboolean *help,
		   GError **error);
/* cli_call_clear: free what cli_parse filled in. */
void cli_call_clear(struct cli_call *call);

/* cli_help: the text of `abide --help` (NULL), `abide NAME --help` (name of a command with verbs) or of one command. */
char *cli_help(void);
char *cli_help_verbs(const char *name);
char *cli_help_command(const struct cli_command *command);

/* cli_completion: the bash completion script, from the tables. */
char *cli_completion(void);

/* cli_exit_code: what to exit with for an error of any room. */
int cli_exit_code(const GError *error);

/* cli_print_json: pretty-print a node to standard output; takes the node over. */
void cli_print_json(JsonNode *node);

/* cli_check_version: may the value of an option be a version? NULL may. FALSE with a CLI_ERROR_USAGE. */
gboolean cli_check_version(const char *option, const char *value, GError **error);

/*
 * cli_today: the day that decides whether something is expired, in UTC: that of SOURCE_DATE_EPOCH where it is set, so
 * that the same input says the same again; else today. FALSE with a CLI_ERROR_USAGE.
 */
gboolean cli_today(GDate *today, GError **error);

/* cli_paint: text in a colour when standard output is a terminal and NO_COLOR is not set. Caller frees. */
enum cli_colour { CLI_GREEN, CLI_YELLOW, CLI_RED };
char *cli_paint(enum cli_colour colour, const char *text);

#endif
