/* What the steps of a transaction share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_TRANSACTION_PRIVATE_H
#define PUBLISH_TRANSACTION_PRIVATE_H

#include "publish/journal.h"
#include "publish/placement.h"
#include "publish/readers.h"
#include "publish/transaction.h"

struct transaction {
	publication *p;
	GPtrArray *added;    /* entry *, owned until the commit */
	GHashTable *by_path; /* path -> entry: of `added` and of the publication's loaded packages */
	gboolean indexed[FAMILIES]; /* those that are in it */
	GHashTable *removed; /* entry *, a set; the publication's until the commit */
	GPtrArray *gone;     /* entry *: those removed, after it */
	gboolean changed[FAMILIES];
	placement *placement;
	journal *journal;
	GPtrArray *followers; /* GBytes *, of journal->follows */
	gboolean journaled, placed, state_written, committed;
	gboolean unfinished; /* committed, but what follows is left to the next publisher */
	state *state;
	char *state_file; /* its text, once rendered */
	release *next;
	generation *generations[FAMILIES]; /* NULL: the family's directory stays */
	readers *readers[FAMILIES];        /* of the files of it that fit only together */
	gboolean resign;
};

/*
 * transaction_place: put packages into their places, where nothing names them yet; the journal is written before.
 *
 * FALSE with a G_FILE_ERROR, or a PUBLISH_ERROR_DIGEST: another suite has published other bytes in a package's place.
 */
gboolean transaction_place(transaction *t, GError **error);

/* transaction_render: make everything but the signatures, in memory. FALSE with an error of loading or rendering a family. */
gboolean transaction_render(transaction *t, GError **error);

/*
 * transaction_write: write the state's file, and the next generations into their hidden directories, synced. FALSE with a
 * G_FILE_ERROR.
 */
gboolean transaction_write(transaction *t, GError **error);

/*
 * transaction_commit: let readers see it, and adopt it.
 *
 * FALSE with a G_FILE_ERROR: the old state is the published one still; or it is the new one, and what follows is left to the
 * next publisher.
 */
gboolean transaction_commit(transaction *t, GError **error);

/* transaction_adopt: in memory, the publication is from now on what was made. */
void transaction_adopt(transaction *t);

#endif
