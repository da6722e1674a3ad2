/* A directory of metadata replaced as a whole, so that readers find the old files or the new ones. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_GENERATION_H
#define PUBLISH_GENERATION_H

#include <glib.h>

/*
 * The files of the next generation of a directory such as dists/stable.
 *
 * It is written beside the directory, under the hidden name ".NAME.next", each file with fsync; then the two
 * directories change places in one system call (renameat2, RENAME_EXCHANGE), and the former one is removed. A crash
 * before that leaves the old generation, a crash after it the new one; what is left of ".NAME.next" the next
 * publication removes.
 *
 * File systems that cannot exchange (NFS, old FAT) get the files one by one, each by rename, in the order in which
 * they were added: add files that others point at first, and the file that points at all of them last.
 *
 * What remains: a reader that fetches two files by two requests may get one of each generation. So indexes have
 * names made of their digest, and those of the previous generation are kept (generation_keep); apt's InRelease
 * carries its own signature. Only dnf's repomd.xml and repomd.xml.asc are a pair without such names: a client that
 * asks for them exactly around the exchange refuses the signature and has to ask again; it never takes wrong data. On
 * a file system without exchange, a crash between the two leaves that state until the next publication.
 */
typedef struct generation generation;

generation *generation_new(void);
void generation_free(generation *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(generation, generation_free)

/*
 * generation_add: a file with its contents (a reference is taken). PATH is relative to the directory. One GBytes added
 * under several paths is stored once where the file system has hard links.
 */
void generation_add(generation *g, const char *path, GBytes *contents);

/* generation_keep: a file that the directory holds now, if it does and none of that path was added, stays. */
void generation_keep(generation *g, const char *path);

/*
 * generation_publish: make DIRECTORY (which need not exist, its parents neither) hold these files and no others.
 *
 * FALSE with a G_FILE_ERROR: readers still find the old generation (or, without exchange, files of both in an order
 * that clients can follow). The caller holds the repository's lock.
 */
gboolean generation_publish(generation *g, const char *directory, GError **error);

/* generation_remove_tree: rm -rf, not following symbolic links; a tree that is not there is no error. */
gboolean generation_remove_tree(const char *path, GError **error);

/* generation_sync: flush a directory's own entries, so that renames into it last. */
gboolean generation_sync(const char *directory, GError **error);

#endif
