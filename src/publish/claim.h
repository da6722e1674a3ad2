/* Who may write in a repository directory: one publisher at a time, and only where nobody else's files are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CLAIM_H
#define PUBLISH_CLAIM_H

#include <glib.h>

/* The file that is locked; it also says that the directory is ours. While it is locked, it says by whom. */
#define CLAIM_FILE ".abide-publish.lock"

/*
 * A held lock (flock on CLAIM_FILE): it is gone when the process is, however that ends.
 * Zero-initialised nothing is held.
 */
struct claim {
	gboolean held;
	int fd;
	char *dir;
	gboolean made_dir, found_empty; /* what claim_undo may remove */
};
typedef struct claim claim;

/* claim_clear: let go. No-op when nothing is held. */
void claim_clear(struct claim *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(claim, claim_clear)

/*
 * claim_existing: lock a repository, once whoever has it lets go.
 *
 * wait: for at most so many seconds.
 *
 * FALSE with PUBLISH_ERROR_BUSY, which says who still publishes (process, host, since when), or G_FILE_ERROR.
 */
gboolean claim_existing(struct claim *c, const char *dir, guint wait, GError **error);

/*
 * claim_fresh: make DIR where needed and lock it as claim_existing does. It must be empty or ours.
 *
 * FALSE with PUBLISH_ERROR_DIRECTORY (somebody else's files are in it), PUBLISH_ERROR_BUSY or G_FILE_ERROR.
 */
gboolean claim_fresh(struct claim *c, const char *dir, guint wait, GError **error);

/* claim_undo: after claim_fresh, empty the directory again if it was, and remove it if it was not there. Lets go. */
void claim_undo(struct claim *c);

#endif
