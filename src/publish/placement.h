/* Packages moved into their places in a repository, durably, and taken back if it comes to nothing. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_PLACEMENT_H
#define PUBLISH_PLACEMENT_H

#include <glib.h>

/* Files on their way to their places. Not thread-safe. */
typedef struct placement placement;

/* placement_new: for the repository whose top is DIR. */
placement *placement_new(const char *dir);
void placement_free(placement *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(placement, placement_free)

/* placement_add: FILE, which is in the repository's file system, is to be moved to PATH, from the repository's top. */
void placement_add(placement *p, const char *file, const char *path);

/* placement_is_empty: whether nothing is to be moved. */
gboolean placement_is_empty(const placement *p);

/* placement_run: flush all files, move them, flush the directories. FALSE with a G_FILE_ERROR. */
gboolean placement_run(placement *p, GError **error);

/* placement_flush: everything in the file system of DIR, files and names. FALSE with a G_FILE_ERROR. */
gboolean placement_flush(const char *dir, GError **error);

/* placement_undo: remove what placement_run put where nothing was, and the folders that are empty then. */
void placement_undo(placement *p);

#endif
