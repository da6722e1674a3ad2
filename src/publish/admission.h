/* What arrives at a suite, until it is known what becomes of it: published, staged or refused. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_ADMISSION_H
#define PUBLISH_ADMISSION_H

#include "publish/transaction.h"

#include <glib.h>

/* The packages of one command on their way in. Not thread-safe. */
typedef struct admission admission;

/* admission_new: for the packages that T is to publish, or to stage, as GATE says. All three must outlive it. */
admission *admission_new(publication *p, transaction *t, const struct publication_gate *gate);
void admission_free(admission *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(admission, admission_free)

/*
 * admission_known: the SHA-256 of what is known by a path: published, arriving, or waiting in the stage; else NULL.
 *
 * known: set to its entry, or to NULL when it waits in the stage, of which there is none.
 */
const char *admission_known(admission *a, const char *path, const entry **known);

/* admission_add: one more package. E becomes the admission's; COPY is its file, as for transaction_add. */
void admission_add(admission *a, entry *e, const char *copy);

/*
 * admission_settle: judge what arrives, with what waits in the stage (users.h), and decide.
 *
 * If all programs run, everything is handed to the transaction to be published, and the stage is empty. Else, with
 * gate->stage, what arrives is staged. Else what arrives is published alone, if programs run with that; else it is refused.
 * What was waived is noted in the state.
 *
 * folder: for copies of what waits, removed by the caller.
 * added: struct publication_added *, whose fates are filled in; those that leave the stage are appended.
 * judged: as for publication_add.
 * changes: set to whether there is anything to publish.
 *
 * FALSE with an error of users_pass, users_judge or stage_read.
 */
gboolean admission_settle(admission *a, const char *folder, GPtrArray *added, struct users **judged, gboolean *changes,
			  GError **error);

#endif
