/* How far a long piece of work is: told by whoever does it, shown by whoever knows where. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_PROGRESS_H
#define CORE_PROGRESS_H

#include <glib.h>

/* What done and total count. */
enum progress_unit {
	PROGRESS_BYTES,
	PROGRESS_PIECES,
};

/*
 * A listener. It is called by the thread that does the work, as often as that likes (for each block, for each file): it
 * must be quick, and decide by itself how much of that it shows.
 *
 * done, total: so far, and in all; total is 0 while it is not known, and may grow. what: the piece at hand, such as a
 *   file's name, from outside and not yet fit for a terminal; NULL for none; valid during the call.
 */
struct progress {
	void (*report)(gpointer user, enum progress_unit unit, guint64 done, guint64 total, const char *what);
	gpointer user;
};

/* progress_report: tell the listener, if there is one (P may be NULL). */
static inline void progress_report(const struct progress *p, enum progress_unit unit, guint64 done, guint64 total,
				   const char *what)
{
	if (p != NULL)
		p->report(p->user, unit, done, total, what);
}

#endif
