/* What the files of keyring.h share: the context of gpgme, its data, and its errors. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_KEYRING_PRIVATE_H
#define PUBLISH_KEYRING_PRIVATE_H

#include "publish/error.h"
#include "publish/keyring.h"

#include <gpgme.h>

struct keyring {
	gpgme_ctx_t context;
	GPtrArray *keys;     /* gpgme_key_t: those chosen */
	GHashTable *primary; /* what signed -> its primary key, by fingerprint, of the verification under way */
	GBytes *certificate; /* of keyring_certificate */
	GMutex exporting;    /* of certificate, and of the context while that is made */
	char *home;	     /* a throwaway one (keyring_new_from), or NULL */
};

/* keyring_failed: FALSE, with an error that says what gpgme said of WHAT. */
gboolean keyring_failed(GError **error, enum publish_error code, const char *what, gpgme_error_t cause);

/* keyring_data_from: gpgme's view of BYTES, which must outlive it; for gpgme_data_release. */
gpgme_data_t keyring_data_from(GBytes *bytes);

/* keyring_data_new: for what gpgme writes. keyring_data_take: what it wrote; DATA is released. */
gpgme_data_t keyring_data_new(void);
GBytes *keyring_data_take(gpgme_data_t data);

/* keyring_is_strong: SHA-256 or better. */
gboolean keyring_is_strong(gpgme_hash_algo_t digest);

/*
 * keyring_arrange: the signatures for repomd.xml in their order (KEYRING_REPOMD): first the first key's, and again at the
 * end.
 *
 * made: the primary keys of the packets of SIGNATURES. NULL with an error of openpgp_separate.
 */
GBytes *keyring_arrange(GBytes *signatures, char *const *made, const char *first, GError **error);

#endif
