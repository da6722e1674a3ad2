/* Package files on their way in: read on all cores, handed over one after the other. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_ARRIVALS_H
#define PUBLISH_ARRIVALS_H

#include "core/progress.h"
#include "publish/family.h"

/* A package file that is to come in. Strings are borrowed. */
struct arrival {
	const char *file;
	const char *sha256; /* what a signed index says of it already; NULL: none does */
};

/*
 * arrivals_fn: take one that was read.
 *
 * e: the caller's from now on. copy: the path of its copy, which is the caller's to move or to remove. FALSE with an error ends
 * the reading. Called by the thread that called arrivals_read, in the order of the arrivals.
 */
typedef gboolean (*arrivals_fn)(const struct arrival *arrival, entry *e, const char *copy, gpointer user, GError **error);

/*
 * arrivals_read: read packages, each of its family, and copy them into FOLDER, which exists.
 *
 * A batch is read at once, on all cores unless they are small, and then handed over; so when one cannot be read, those before it were handed over, and
 * little lies about in copies. progress: is told of each, one at a time; may be NULL.
 *
 * FALSE with the error of the first that is wrong: of family_of or its family's read; a PUBLISH_ERROR_DIGEST when it is not what
 * the index says; or of TAKE.
 */
gboolean arrivals_read(const struct site *site, const char *folder, const struct arrival *arrivals, guint n,
		       const struct progress *progress, arrivals_fn take, gpointer user, GError **error);

#endif
