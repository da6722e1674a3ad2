/* What a publication is about to do, on disk before it does it, so that whoever comes after a crash can finish or undo it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_JOURNAL_H
#define PUBLISH_JOURNAL_H

#include <glib.h>

#define JOURNAL_FILE ".abide-publish.journal"

/*
 * There while a publication changes anything outside its hidden directories; one at a time, under the lock. It says which
 * state is being made: that state is published once the signed Release file of the suite names it (recovery.h).
 */
struct journal {
	char *suite;
	guint64 state;
	char *repomd_signature; /* SHA-256 of the repomd.xml.asc to be, where repomd.xml may stay the same; else NULL */
	GPtrArray *follows;     /* char *: files that take their places with the commit, from the repository's top */
};
typedef struct journal journal;

journal *journal_new(const char *suite, guint64 state);
void journal_free(journal *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(journal, journal_free)

/*
 * journal_parse: NAME is for errors. NULL with a PUBLISH_ERROR_INPUT. Paths are only those that follow a publication: a
 * file right below keys/ or bases/.
 */
journal *journal_parse(const char *name, const char *text, gsize size, GError **error);

/* journal_write: durable on return. FALSE with a G_FILE_ERROR. */
gboolean journal_write(const journal *j, const char *dir, GError **error);

/* journal_read: *j is NULL when there is none. FALSE with a G_FILE_ERROR or PUBLISH_ERROR_INPUT. */
gboolean journal_read(const char *dir, journal **j, GError **error);

/* journal_remove: all is done, or undone. That need not last: doing it once more changes nothing. */
void journal_remove(const char *dir);

/* journal_waiting: where a file that follows waits for the commit: keys/.NAME.next; caller frees. */
char *journal_waiting(const char *dir, const char *path);

/* journal_complete: let the files that still wait take their places, durably. FALSE with a G_FILE_ERROR. */
gboolean journal_complete(const journal *j, const char *dir, GError **error);

/* journal_abandon: remove the files that wait, and their folders where they are empty then. */
void journal_abandon(const journal *j, const char *dir);

#endif
