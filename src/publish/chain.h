/* The states of a suite, each verified by the next, and the newest by the signed Release file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CHAIN_H
#define PUBLISH_CHAIN_H

#include "publish/publication.h"
#include "publish/state.h"

#include <glib.h>

/* chain_path: history/SUITE/NUMBER in the repository; caller frees. */
char *chain_path(const struct site *site, guint64 number);

/*
 * chain_last: the present state, which the Release file of the site names.
 *
 * NULL with PUBLISH_ERROR_DIGEST (its file is not as it was signed), PUBLISH_ERROR_INPUT (signed, but not as we write),
 * PUBLISH_ERROR_DIRECTORY (a suite of an earlier abide has no states yet) or G_FILE_ERROR.
 */
state *chain_last(const struct site *site, GError **error);

/* chain_before: the state before S, which is verified; S must not be the first. Errors as chain_last. */
state *chain_before(const struct site *site, const state *s, GError **error);

/*
 * chain_load: the present state and those before it down to number DOWN_TO (0: to the oldest that is kept).
 *
 * Returns struct state *, newest first; NULL with an error of chain_last, or PUBLISH_ERROR_DIRECTORY when DOWN_TO is no
 * kept state.
 */
GPtrArray *chain_load(const struct site *site, guint64 down_to, GError **error);

/*
 * chain_packages: what the suite had in the state NUMBER: the present packages, with the changes since taken back.
 *
 * number: 0 for the present state. All families must be loaded.
 *
 * Returns path -> struct state_item (both owned by the table); NULL with an error of chain_load, or PUBLISH_ERROR_DIGEST
 * when a state does not fit those around it.
 */
GHashTable *chain_packages(const publication *p, guint64 number, GError **error);

/*
 * chain_needed: the paths (a set) of all package files that the suite needs: those of every kept state and its stage. All
 * families must be loaded.
 *
 * oldest: the state from which on states are kept (0: all that are). Errors as chain_packages.
 */
GHashTable *chain_needed(const publication *p, guint64 oldest, GError **error);

#endif
