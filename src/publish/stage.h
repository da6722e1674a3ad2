/* The stage of a suite: packages that wait for others, in the pool and in the signed state, and in no index. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_STAGE_H
#define PUBLISH_STAGE_H

#include "publish/publication.h"
#include "publish/state.h"

#include <glib.h>

/* stage_find: what waits in a state under that path, or NULL. S may be NULL. */
const struct state_item *stage_find(const struct state *s, const char *path);

/* stage_drop: let a package leave the stage of a state that is being made; FALSE when it is not there. */
gboolean stage_drop(struct state *s, const char *path);

/*
 * stage_read: describe the packages again that wait in the present state, from their files in the pool.
 *
 * folder: in the repository's file system, for the copies that are read; the caller removes them with it.
 * skip: paths of packages to leave out, a set.
 * entries: receives the entries (struct entry *, its own); members: the same with their copies, as arriving.
 *
 * Their families are loaded; one that is published meanwhile (by a rollback) is left out. FALSE with an error of
 * family->read, or PUBLISH_ERROR_DIGEST: a file is not the one that was staged.
 */
gboolean stage_read(publication *p, const char *folder, GHashTable *skip, GPtrArray *entries, GPtrArray *members,
		    GError **error);

#endif
