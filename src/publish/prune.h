/* Giving up old states of a suite, and the package files that only they had. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_PRUNE_H
#define PUBLISH_PRUNE_H

#include "publish/publication.h"
#include "publish/state.h"

#include <glib.h>

/* What prune is asked. */
struct prune_request {
	guint64 keep; /* how many states to keep, the present one among them; those that prune itself made do not count */
	/* Whether somebody still needs the package, so that a state which has it must be kept; NULL: nobody is asked. */
	gboolean (*wanted)(const struct state_item *item, gpointer data);
	gpointer data;
};

/* What prune did. */
struct prune_result {
	guint64 oldest; /* the oldest state that is kept now */
	guint64 states; /* how many are no longer kept */
	guint files;    /* removed */
	guint64 bytes;
	char *wanted;   /* a package for whose sake more states are kept than were asked for, "NAME VERSION"; or NULL */
	gboolean published; /* a new state was made: there was something to give up */
};
void prune_result_clear(struct prune_result *result);
typedef struct prune_result prune_result;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(prune_result, prune_result_clear)

/*
 * prune: make a state that gives up old ones, and then remove the files of packages that are in no kept state and no
 * stage of any suite. After a crash in between, the next publisher removes them.
 *
 * p: open for writing, and committed to.
 *
 * FALSE with PUBLISH_ERROR_DIRECTORY (no states yet), or an error of opening, loading or publishing; nothing is changed
 * then, unless removing a file failed (G_FILE_ERROR).
 */
gboolean prune(publication *p, const struct prune_request *request, struct prune_result *result, GError **error);

/*
 * prune_again: finish what was interrupted: remove the files of states that the suite has given up, and of packages that
 * no kept state of any suite has, durably.
 *
 * published: whether the suite is; else SITE has its name only. FALSE with an error of publication_open, or a G_FILE_ERROR.
 */
gboolean prune_again(const struct site *site, gboolean published, GError **error);

#endif
