/* Which keys sign a suite: chosen, added for a rotation, retired after it; and the files of the public keys. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_SIGNERS_H
#define PUBLISH_SIGNERS_H

#include "publish/transaction.h"

#include <glib.h>

/*
 * All keys of the Release file's Signed-By sign every publication of a suite. To change keys, the new one is added and
 * both sign for a while; servers that know one of them accept what is published, and have time to get the other; then
 * the old one is retired. The order is that in which they were added.
 *
 * These change the publication in memory only: what follows from it is published by a transaction (transaction_resign).
 * When the signatures are made elsewhere (publication_writer), the secret keys need not be here.
 */

/* signers_begin: the one key of a suite that is being made. FALSE with the errors of keyring_choose. */
gboolean signers_begin(publication *p, const char *id, GError **error);

/* signers_choose: have the suite's keys sign. FALSE with the errors of keyring_choose_all. */
gboolean signers_choose(publication *p, GError **error);

/*
 * signers_add: one more key, what gpg knows as ID. FALSE with the errors of keyring_choose_all and
 * keyring_check_binding, or PUBLISH_ERROR_INPUT: it signs already.
 */
gboolean signers_add(publication *p, const char *id, GError **error);

/*
 * signers_retire: the key no longer signs. It need not be here, nor be good any more.
 *
 * id: its fingerprint or the end of that, at least 8 digits. FALSE with PUBLISH_ERROR_INPUT (not a key of the suite, or
 * the last one) or the errors of keyring_choose_all for those that stay.
 */
gboolean signers_retire(publication *p, const char *id, GError **error);

/*
 * signers_publish: publish a new state of the same packages, everything signed anew by the suite's keys.
 *
 * action: the verb, for the state. FALSE with the errors of signers_write_keys and transaction_publish.
 */
gboolean signers_publish(publication *p, const char *action, GError **error);

/*
 * signers_write_keys: with the commit of T, keys/NAME.asc and keys/NAME.gpg hold the keys of this suite and of those
 * others that have the same origin.
 *
 * FALSE with PUBLISH_ERROR_DIRECTORY when another suite of that origin has no key in common with this one: servers have
 * its file under that name; or with a PUBLISH_ERROR_KEY, or G_FILE_ERROR.
 */
gboolean signers_write_keys(const publication *p, transaction *t, GError **error);

#endif
