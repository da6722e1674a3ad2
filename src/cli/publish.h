/* What the verbs of abide publish share: who publishes and when, and how suites and packages are shown. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H

#include "cli/cli.h"
#include "core/member.h"
#include "publish/publication.h"
#include "publish/state.h"

/* Without --suite. */
#define PUBLISH_SUITE "stable"

/* The options of every verb that publishes; a verb's struct begins with it, and its table with PUBLISH_ROWS. */
struct publish_options {
	char *by, *why, *wait;
	char *prepare, *attach; /* of verbs with PUBLISH_ELSEWHERE_ROWS */
	char *waivers;          /* of verbs with PUBLISH_WAIVERS_ROW (cli/publish_users.h) */
};

#define PUBLISH_ROWS                                                                                                   \
	{"by", 0, CLI_STRING, G_STRUCT_OFFSET(struct publish_options, by), "NAME",                                     \
	 "who publishes (DEBFULLNAME and DEBEMAIL, else your account)"},                                               \
		{"why", 0, CLI_STRING, G_STRUCT_OFFSET(struct publish_options, why), "TEXT", "the reason, for the history"}, \
	{                                                                                                              \
		"wait", 0, CLI_STRING, G_STRUCT_OFFSET(struct publish_options, wait), "SECONDS",                       \
			"how long to wait for another publisher (10)"                                                  \
	}

/* The options of verbs whose signatures may be made on another machine. */
#define PUBLISH_ELSEWHERE_ROWS                                                                                         \
	{"prepare", 0, CLI_STRING, G_STRUCT_OFFSET(struct publish_options, prepare), "FOLDER",                         \
	 "publish nothing; write what is to be signed into FOLDER, for the machine that has the key"},                 \
	{                                                                                                              \
		"attach", 0, CLI_STRING, G_STRUCT_OFFSET(struct publish_options, attach), "FOLDER",                    \
			"publish what was prepared in FOLDER, by the signatures made there"                            \
	}

/*
 * publish_writer: who publishes, when and why, from the options and the environment.
 *
 * by: set to a string that the caller frees when it no longer needs w. FALSE with a CLI_ERROR_USAGE.
 */
gboolean publish_writer(const struct publish_options *options, struct publication_writer *w, char **by, GError **error);

/* publish_open: a suite (NULL: the default) open for writing by those options. NULL with an error. */
publication *publish_open(const char *dir, const char *suite, const struct publish_options *options, GError **error);

/* publish_state_number: the number of a state, an argument. FALSE with a CLI_ERROR_USAGE. */
gboolean publish_state_number(const char *text, guint64 *number, GError **error);
/* publish_open_keys: the same, but which keys sign is the caller's to say (signers.h). */
publication *publish_open_keys(const char *dir, const char *suite, const struct publish_options *options,
			       GError **error);

/*
 * publish_print_signing: what follows from what was just published or prepared: how a prepared folder is signed, on
 * standard output unless JSON is printed; on standard error a key that expires before servers are to stop accepting it.
 */
void publish_print_signing(const struct cli_call *call, const publication *p);

/* publish_add_suite: the members that say which suite of which directory. */
void publish_add_suite(JsonBuilder *b, const publication *p);

/* publish_add_entry: the members of a package. publish_add_item: the same as a state names it. */
void publish_add_entry(JsonBuilder *b, const entry *e);
void publish_add_item(JsonBuilder *b, const struct state_item *item);

/* publish_add_state: the members of a state, without its lists. */
void publish_add_state(JsonBuilder *b, const struct state *s);

/* publish_add_changes: what came and went with a state, as members "changes" (packages) and "base_changes". */
void publish_add_changes(JsonBuilder *b, const struct state *s);

/* publish_print_item: "WORD  deb  NAME VERSION ARCH". */
void publish_print_item(const char *word, const struct state_item *item);

/* publish_print_summary: one line on what was just published: state, packages and bytes that came and went. */
void publish_print_summary(const publication *p);

/* publish_print_change: everything that was just published, as text or as JSON. */
void publish_print_change(const struct cli_call *call, const publication *p);

/* publish_time: the time of this command: SOURCE_DATE_EPOCH where set, for the same bytes again; else now. */
gboolean publish_time(gint64 *when, GError **error);

#endif
