/* What a crash left of a publication: completed if it was published, else removed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RECOVERY_H
#define PUBLISH_RECOVERY_H

#include "publish/family.h"

#include <glib.h>

/*
 * Whoever holds the lock calls this before anything else. A publication that was interrupted, of whatever suite, left its
 * journal. If the suite's signed Release file names the journal's state, that state is published, and what was to follow
 * is done: the exchange of repodata, keys and bases, what prune gives up. Else nothing of it stays: not its state's file, not
 * its packages, unless a kept state of some suite has them. Then the journal goes. Each step may be done again, so a crash
 * in here is no other case.
 *
 * Readers need none of this: they find the old state or the new one at any moment.
 */

/*
 * recovery_settle: for the suite that SITE has the signed settings of.
 *
 * FALSE with a G_FILE_ERROR, PUBLISH_ERROR_DIGEST (repomd.xml is not the signed one and none waits that is), or an error of
 * publication_open when something was interrupted and another suite cannot be read.
 */
gboolean recovery_settle(const struct site *site, GError **error);

/* recovery_settle_any: before a suite is there. Errors as recovery_settle. */
gboolean recovery_settle_any(const char *dir, keyring *keys, GError **error);

/* recovery_has_repomd: whether DIRECTORY has a repomd.xml of that SHA-256. */
gboolean recovery_has_repomd(const char *directory, const char *sha256);

#endif
