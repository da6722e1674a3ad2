/* Waiting for a moment at which no reader is between two files that are fetched one after the other. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_READERS_H
#define PUBLISH_READERS_H

#include <glib.h>

/*
 * dnf and zypper fetch repomd.xml and then, by a second request, repomd.xml.asc. A reader who gets the first file of
 * one generation and the second of the next refuses them (librepo#311, zypper#549). No contents of the second file
 * help: with the signatures of both generations in it zypper refuses the one that does not fit, and the gpg behind dnf
 * stops at the first that does not. But a web server opens the files, and the kernel tells who watches: so a publisher
 * can let those who have begun finish.
 *
 * Readers of another machine that reach the files by NFS are not seen; nor is anybody where there is no inotify.
 * Not thread-safe.
 */
typedef struct readers readers;

/*
 * readers_watch: begin to watch who opens FIRST and SECOND of DIRECTORY.
 *
 * Call it as long before readers_wait as possible, and after this process has itself opened them for the last time.
 * Never NULL: where nothing can be watched, nobody is waited for.
 */
readers *readers_watch(const char *directory, const char *first, const char *second);
void readers_free(readers *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(readers, readers_free)

/*
 * readers_wait: return at a moment when nobody who has opened the first file still has to open the second.
 *
 * At once when nobody has since the watch began. A reader who has not come back for the second file after PATIENCE
 * milliseconds is taken not to want it (dnf, to see whether anything is new); on a busy server, where somebody always has
 * just begun, patience shrinks until none is left after LONGEST milliseconds.
 */
void readers_wait(readers *r, guint patience, guint longest);

#endif
