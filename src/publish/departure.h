/* The gate for packages that leave a suite or come back to it: what is left must run. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEPARTURE_H
#define PUBLISH_DEPARTURE_H

#include "publish/transaction.h"

#include <glib.h>

/*
 * departure_pass: judge the programs of the suite as T would leave it (users.h), and note in the state what is waived.
 *
 * returning: entry *, those that were given to T to be added, whose files are in their places.
 * advice: what can be done about a refusal, for the error.
 * judged: as for publication_add.
 *
 * All families must be loaded. FALSE with an error of users_judge or users_pass.
 */
gboolean departure_pass(const publication *p, transaction *t, const GPtrArray *returning,
		   const struct publication_gate *gate, const char *advice, struct users **judged, GError **error);

/* departure_record: note in the state being made what was waived of JUDGED. */
void departure_record(transaction *t, const struct users *judged);

#endif
