/* OpenPGP signatures, made and checked by the user's gpg through gpgme. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_KEYRING_H
#define PUBLISH_KEYRING_H

#include <glib.h>

/*
 * The user's gpg (GNUPGHOME, agent, cards) and, once chosen, the key that signs. Private keys are never read: gpg and
 * its agent use them. Not thread-safe.
 */
typedef struct keyring keyring;

enum keyring_signature {
	KEYRING_CLEAR,    /* the text and its signature in one file, as InRelease */
	KEYRING_DETACHED, /* the armored signature alone, as Release.gpg and repomd.xml.asc */
};

/* keyring_new: NULL with a PUBLISH_ERROR_KEY when there is no gpg. */
keyring *keyring_new(GError **error);
void keyring_free(keyring *k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(keyring, keyring_free)

/*
 * keyring_choose: take the one secret key that ID (fingerprint, key id, address) names for signing.
 *
 * FALSE with PUBLISH_ERROR_KEY (none, several, or one that cannot sign) or PUBLISH_ERROR_EXPIRED (expired or revoked).
 */
gboolean keyring_choose(keyring *k, const char *id, GError **error);

/* keyring_fingerprint: of the chosen key, upper-case hexadecimal; owned by k. */
const char *keyring_fingerprint(const keyring *k);

/*
 * keyring_sign: sign DATA by the chosen key.
 *
 * Returns the signed file, or NULL with a PUBLISH_ERROR_KEY: gpg refused, or signed with a digest weaker than SHA-256
 * (a digest-algo in gpg.conf), which apt and dnf would refuse.
 */
GBytes *keyring_sign(keyring *k, GBytes *data, enum keyring_signature kind, GError **error);

/*
 * keyring_verify_clear: check a file that carries its own signature.
 *
 * fingerprint: set to the signer's primary key, in upper case; caller frees.
 *
 * Returns what was signed and nothing around it; NULL with a PUBLISH_ERROR_SIGNATURE (not signed, not intact, by a
 * key that gpg does not have) or PUBLISH_ERROR_EXPIRED.
 */
GBytes *keyring_verify_clear(keyring *k, GBytes *file, char **fingerprint, GError **error);

/* keyring_verify_detached: check that the key FINGERPRINT signed DATA. Errors as keyring_verify_clear. */
gboolean keyring_verify_detached(keyring *k, GBytes *data, GBytes *signature, const char *fingerprint, GError **error);

/*
 * keyring_new_from: no keys but the public ones in FILE (binary or armored), whatever the user's gpg has. They are in a
 * folder of their own, which keyring_free removes.
 *
 * NULL with a PUBLISH_ERROR_KEY (no gpg, no key in the file) or a G_FILE_ERROR.
 */
keyring *keyring_new_from(const char *file, GError **error);

/*
 * keyring_signers_clear: check a file that carries its own signatures, by anybody's keys.
 *
 * signers: set to the fingerprints of all keys that signed, NULL-terminated: of each the primary key's, and the subkey's if
 *   that signed; in upper case, at least one. Caller frees. Signatures by keys that the keyring does not have count for
 *   nothing, as apt has it; a bad one by a key that it has is an error, whatever the others are.
 *
 * Returns what was signed and nothing around it; NULL with the errors of keyring_verify_clear.
 */
GBytes *keyring_signers_clear(keyring *k, GBytes *file, char ***signers, GError **error);

/* keyring_signers_detached: the same for a signature in a file of its own. Returns the signers. */
char **keyring_signers_detached(keyring *k, GBytes *data, GBytes *signature, GError **error);

/* keyring_export: the public key, without other people's signatures on it. NULL with a PUBLISH_ERROR_KEY. */
GBytes *keyring_export(keyring *k, const char *fingerprint, gboolean armored, GError **error);

#endif
