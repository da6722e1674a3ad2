/* One publication being made: from a changed list of packages to what readers see, for every verb. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_TRANSACTION_H
#define PUBLISH_TRANSACTION_H

#include "publish/publication.h"
#include "publish/state.h"

#include <glib.h>

/* How long index files that were replaced stay for readers in the middle: a day. */
#define TRANSACTION_READER_SECONDS (24 * 60 * 60)

/* How long a client may take from repomd.xml to its signature, and a publisher wait on a busy server; milliseconds. */
#define TRANSACTION_READER_PATIENCE 500
#define TRANSACTION_READER_LONGEST 5000

/*
 * Every verb that publishes says what is to change in a publication that is open for writing, and then publishes it:
 *
 *   transaction_new      what the next state will be begins as the present one
 *   transaction_add, transaction_remove, transaction_again, transaction_state   what is to change; only in memory
 *   transaction_publish
 *     packages are put into their places, the indexes of what changed and the texts to be signed are made;
 *     the signatures are made, or taken from where another machine made them;
 *     all is written beside what is published, synced;
 *     and exchanged with it: the commit
 *
 * Until the commit readers see nothing, and transaction_free of one that was not committed leaves the directory as it was.
 *
 * The commit. First dists/SUITE is exchanged, whose InRelease file names everything else by digest: from then on the
 * new state is the published one. Then rpm/SUITE/repodata is, if it changed, at a moment when no client is between
 * repomd.xml and its signature (readers.h). Then the keys and bases that belong to
 * it take their places. Whoever opens the directory for writing after a crash completes or removes what it left, by the
 * journal that was written before anything else (recovery.h).
 *
 * Not thread-safe.
 */
typedef struct transaction transaction;

/*
 * transaction_new: p must be open for writing and outlive the transaction.
 *
 * action: the verb, for the state.
 */
transaction *transaction_new(publication *p, const char *action);
void transaction_free(transaction *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(transaction, transaction_free)

/*
 * transaction_find: the package of that path as it will be published, or NULL; those that are to be removed are not there,
 * those added are. Its family must be loaded.
 */
const entry *transaction_find(transaction *t, const char *path);

/*
 * transaction_add: publish one more package; none of its path may be there.
 *
 * e: becomes the transaction's, and the publication's with the commit.
 * file: a copy of it in the repository's file system, which is moved to its place. NULL: it is in its place.
 */
void transaction_add(transaction *t, entry *e, const char *file);

/* transaction_stage: let a package wait in the stage (stage.h). FILE as for transaction_add. */
void transaction_stage(transaction *t, const entry *e, const char *file);

/*
 * transaction_follow: with the commit, a file of keys/ or bases/ gets these contents (a reference is taken).
 *
 * path: from the repository's top. It waits under a hidden name beside it (journal.h).
 */
void transaction_follow(transaction *t, const char *path, GBytes *contents);

/*
 * transaction_remove: no longer publish a package, which transaction_find returned. Its file stays for the states that
 * have it (prune removes it). The entry lives as long as the transaction.
 */
void transaction_remove(transaction *t, const entry *e);

/*
 * transaction_state: the state being made, of which the caller may change `staged` (which begins as the present one's),
 * `waived` and `oldest`; the rest is filled in when it is published. Owned by the transaction, later by the publication.
 */
struct state *transaction_state(transaction *t);

/* transaction_again: make the indexes of a family anew, even if its packages stay the same. */
void transaction_again(transaction *t, const struct family *family);

/* transaction_resign: sign everything of all families again, also what stays the same. */
void transaction_resign(transaction *t);

/*
 * transaction_publish: make, sign, write and commit it. The publication is then, in memory, what is published now.
 *
 * With the publication's folder `prepare` only what is to be signed is written, into that; and the publication is what it will be.
 *
 * FALSE with a G_FILE_ERROR, a PUBLISH_ERROR_DIGEST (another suite has published other bytes in a package's place), a
 * PUBLISH_ERROR_KEY, or an error of loading or rendering a family or of elsewhere_take: the old state is the published one still;
 * unless the error says "published, but", when the next command that publishes does the rest.
 */
gboolean transaction_publish(transaction *t, GError **error);

#endif
