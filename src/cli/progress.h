/* Progress bars: what core/progress.h tells, drawn on a terminal while somebody waits. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"
#include "core/progress.h"

/*
 * A bar on standard error. It is drawn only on a terminal that can go back in a line, and not with --json; only for
 * work that takes longer than a second; at most ten times a second; and it is gone when the work is done. So a command
 * hands it on whenever its work may take long.
 */
struct cli_progress {
	struct progress progress; /* for whoever does the work */
	const char *doing;	  /* "fetching" */
	gboolean drawn;
	gint64 begun, next; /* monotonic, in microseconds */
};
typedef struct cli_progress cli_progress;

/* cli_progress_begin: DOING must outlive it. End it before anything else is printed. */
void cli_progress_begin(struct cli_progress *p, const struct cli_call *call, const char *doing);

/* cli_progress_end: take the bar away. May be called again. */
void cli_progress_end(struct cli_progress *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(cli_progress, cli_progress_end)

#endif
