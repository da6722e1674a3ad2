/* The gate of publish at the command line: its option, and what became of the programs of a suite. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PUBLISH_USERS_H
#define CLI_PUBLISH_USERS_H

#include "cli/publish.h"
#include "publish/users.h"

#include <json-glib/json-glib.h>

/* The option of verbs whose change is judged. */
#define PUBLISH_WAIVERS_ROW                                                                                            \
	{                                                                                                              \
		"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct publish_options, waivers), "FILE",                  \
			"findings about programs that somebody has decided to live with"                               \
	}

/*
 * publish_gate: today's waivers by those options.
 *
 * list: set to what the caller frees when it no longer needs the gate; may be NULL. FALSE with an error of waivers_read
 * or a CLI_ERROR_USAGE.
 */
gboolean publish_gate(const struct publish_options *options, struct publication_gate *gate, struct waivers **list,
		      GError **error);

/* publish_print_judged: the programs as text, also of what is refused, whose error says what to do; nothing for JSON. */
void publish_print_judged(const struct cli_call *call, const struct users *judged);

/*
 * publish_add_outcome: the members "programs", "staged" and "error" (of publish.schema.json).
 *
 * judged: NULL for nothing judged. cause: why it was refused; NULL: it was not.
 */
void publish_add_outcome(JsonBuilder *b, const publication *p, const struct users *judged, const GError *cause);

/*
 * publish_print_outcome: the answer of a verb that takes packages away or back, as text or as JSON: the change that was
 * published or, when it was refused, which programs would not run.
 *
 * done: what the verb returned. cause: its error; not NULL if it is not done.
 */
void publish_print_outcome(const struct cli_call *call, const publication *p, const char *action, gboolean done,
			   const struct users *judged, const GError *cause);

#endif
