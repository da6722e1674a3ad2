/* A directory of metadata replaced as a whole, so that readers find the old files or the new ones. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_GENERATION_H
#define PUBLISH_GENERATION_H

#include "publish/keyring.h"

#include <glib.h>

/*
 * The files of the next generation of a directory such as dists/stable.
 *
 * It is written beside the directory, under the hidden name ".NAME.next", each file with fsync; then the two
 * directories change places in one system call (renameat2, RENAME_EXCHANGE), and the former one is removed. A crash
 * before that leaves the old generation, a crash after it the new one.
 *
 * File systems that cannot exchange (NFS, old FAT) get the files one by one, each by rename; those that point at all
 * others come last. The hidden directory stays whole until all are in their places, so that whoever comes after a
 * crash can do it again.
 *
 * What remains: a reader that fetches two files by two requests may get one of each generation. So indexes have
 * names made of their digest, and those of former generations are kept (generation_keep); apt's InRelease
 * carries its own signature. Only dnf's repomd.xml and repomd.xml.asc are a pair without such names: a client that
 * asks for them exactly around the exchange refuses the signature and has to ask again; it never takes wrong data.
 *
 * Not thread-safe. The caller holds the repository's lock while it writes or commits.
 */
typedef struct generation generation;

/* A file that will be the signature of a text, which another machine may make. */
struct generation_signature {
	char *path; /* relative to the directory */
	enum keyring_signature kind;
	GBytes *text;
};

/*
 * generation_new: the next generation of DIRECTORY (which need not exist).
 *
 * last: the files that point at all others, in the order in which they are replaced where there is no exchange; ends
 *   with a NULL and lives as long as g.
 */
generation *generation_new(const char *directory, const char *const *last);
void generation_free(generation *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(generation, generation_free)

/*
 * generation_add: a file with its contents (a reference is taken). PATH is relative to the directory. One GBytes added
 * under several paths is stored once where the file system has hard links.
 */
void generation_add(generation *g, const char *path, GBytes *contents);

/* generation_add_lasting: the same for a file whose name is made of its digest: it outlives its generation for a while. */
void generation_add_lasting(generation *g, const char *path, GBytes *contents);

/* generation_add_signature: a file that will hold the signature of TEXT; generation_sign makes it. */
void generation_add_signature(generation *g, const char *path, GBytes *text, enum keyring_signature kind);

/* generation_keep: a file that the directory holds now, if it does and none of that path was added, stays. */
void generation_keep(generation *g, const char *path);

/*
 * generation_carry: the file PATH will be what the directory holds now as the lasting file LASTING, which stays too. As
 * the name of that is its digest, a file PATH that somebody changed is mended.
 */
void generation_carry(generation *g, const char *path, const char *lasting);

/* generation_lasting: the paths (char *) of what was added or carried as lasting; owned by g. */
const GPtrArray *generation_lasting(const generation *g);

/* generation_signatures: struct generation_signature *, in the order added; owned by g. */
const GPtrArray *generation_signatures(const generation *g);

/* generation_find: the contents of an added file, also of a signature that was made; NULL: none. Owned by g. */
GBytes *generation_find(const generation *g, const char *path);

/* generation_sign: make all signatures by the chosen key. FALSE with a PUBLISH_ERROR_KEY. */
gboolean generation_sign(generation *g, keyring *keys, GError **error);

/*
 * generation_write: write the files into the hidden directory, which is made anew, and sync them. Readers see nothing
 * of it. Signatures that are not made yet are not written. FALSE with a G_FILE_ERROR; the hidden directory is then gone.
 */
gboolean generation_write(generation *g, GError **error);

/*
 * generation_commit: let the hidden directory take the place of DIRECTORY, which then holds its files and no others.
 * What was there before is in the hidden directory afterwards, and is the caller's to remove (generation_discard).
 *
 * FALSE with a G_FILE_ERROR: readers still find the old generation (or, without exchange, files of both in an order
 * that clients can follow).
 */
gboolean generation_commit(const char *directory, const char *const *last, GError **error);

/*
 * generation_revert: after generation_commit, let the old generation take its place again. FALSE where there is no exchange,
 * or nothing was there before: the new one stays.
 */
gboolean generation_revert(const char *directory);

/* generation_hidden: ".NAME.next" beside DIRECTORY; caller frees. */
char *generation_hidden(const char *directory);

/*
 * generation_discard: remove the hidden directory so that it is gone after a power cut, too: the next command may be for another
 * suite, and does not look there. What cannot be removed now, the next generation_write removes.
 */
void generation_discard(const char *directory);

/* generation_remove_tree: rm -rf, not following symbolic links; a tree that is not there is no error. */
gboolean generation_remove_tree(const char *path, GError **error);

/* generation_sync: flush a directory's own entries, so that renames into it last. */
gboolean generation_sync(const char *directory, GError **error);

#endif
