/* OpenPGP signatures, made and checked by the user's gpg through gpgme. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_KEYRING_H
#define PUBLISH_KEYRING_H

#include <glib.h>

/*
 * The user's gpg (GNUPGHOME, agent, cards) and, once chosen, the keys that sign. Private keys are never read: gpg and
 * its agent use them. Each operation is one gpg process, which is most of what a small publication costs. Not
 * thread-safe.
 */
typedef struct keyring keyring;

enum keyring_signature {
	KEYRING_CLEAR,	  /* the text and its signatures in one file, as InRelease */
	KEYRING_DETACHED, /* the armored signatures alone, as Release.gpg */
	/*
	 * The same for repomd.xml.asc. While two keys sign, each signature is an armored block of its own, and the
	 * first key's comes first and again last: rpm's OpenPGP (dnf of Fedora and EL 10) reads the first block only
	 * and wants one signature in it, zypper asks for the key of the last signature, and gpg (other dnf) takes any
	 * of them. So servers that know only the key from before go on.
	 */
	KEYRING_REPOMD,
};

/* keyring_new: NULL with a PUBLISH_ERROR_KEY when there is no gpg. */
keyring *keyring_new(GError **error);

/*
 * keyring_new_from: no keys but the public ones in FILE (binary or armored), whatever the user's gpg has. They are in a
 * folder of their own, which keyring_free removes.
 *
 * NULL with a PUBLISH_ERROR_KEY (no gpg, no key in the file) or a G_FILE_ERROR.
 */
keyring *keyring_new_from(const char *file, GError **error);
void keyring_free(keyring *k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(keyring, keyring_free)

/*
 * keyring_choose: take the one secret key that ID (fingerprint, key id, address) names for signing.
 *
 * FALSE with PUBLISH_ERROR_EXPIRED (expired or revoked) or PUBLISH_ERROR_KEY: none, several, one that cannot sign, or
 * one that is too weak for the servers' apt: DSA, and RSA under 2048 bits.
 */
gboolean keyring_choose(keyring *k, const char *id, GError **error);

/*
 * keyring_choose_all: take the secret keys of these fingerprints, all of which sign from now on, in this order.
 *
 * FALSE with the errors of keyring_choose.
 */
gboolean keyring_choose_all(keyring *k, const char *const *fingerprints, GError **error);

/* keyring_fingerprint: of the first chosen key, upper-case hexadecimal; owned by k. */
const char *keyring_fingerprint(const keyring *k);

/* What people want to know of a key. */
struct keyring_info {
	char *fingerprint; /* upper-case hexadecimal */
	char *user;	   /* "Name <address>"; "" where the key has none */
	gint64 expires;	   /* when it, or the part of it that signs, expires: seconds since 1970; 0: never */
	gboolean expired, revoked;
};
void keyring_info_free(struct keyring_info *info);

/*
 * keyring_describe: the public keys of these fingerprints, in this order (struct keyring_info *).
 *
 * One that gpg does not have is a PUBLISH_ERROR_KEY, and NULL is returned.
 */
GPtrArray *keyring_describe(keyring *k, const char *const *fingerprints, GError **error);

/* keyring_expires: when the first of the chosen keys expires; 0: never. *fingerprint (may be NULL): of that key. */
gint64 keyring_expires(const keyring *k, const char **fingerprint);

/*
 * keyring_sign: sign DATA by the chosen keys.
 *
 * Returns the signed file, or NULL with a PUBLISH_ERROR_KEY: gpg refused, or signed with a digest weaker than SHA-256
 * (a digest-algo in gpg.conf), which apt and dnf would refuse.
 */
GBytes *keyring_sign(keyring *k, GBytes *data, enum keyring_signature kind, GError **error);

/*
 * keyring_verify_clear: check a file that carries its own signatures.
 *
 * signers: set to the primary keys, in upper case, that made the good signatures, NULL-terminated; caller frees with
 *   g_strfreev. Signatures of keys that gpg does not have do not count: while two keys sign, having one of them is
 *   enough. Nor do those of expired and
 *   revoked keys, as long as there is a good one. One bad signature spoils the file.
 *
 * Returns what was signed and nothing around it; NULL with a PUBLISH_ERROR_SIGNATURE (not signed, not intact, by
 * keys that gpg does not have) or PUBLISH_ERROR_EXPIRED.
 */
GBytes *keyring_verify_clear(keyring *k, GBytes *file, char ***signers, GError **error);

/*
 * keyring_verify_detached: check that one of the keys FINGERPRINTS at least signed DATA. Errors as
 * keyring_verify_clear.
 */
gboolean keyring_verify_detached(keyring *k, GBytes *data, GBytes *signature, const char *const *fingerprints,
				 GError **error);

/* keyring_signers_detached: by whom DATA is signed, as keyring_verify_clear says it; NULL with its errors. */
char **keyring_signers_detached(keyring *k, GBytes *data, GBytes *signature, GError **error);

/*
 * keyring_accept: signatures that were made elsewhere, as this keyring would have made them by the keys FINGERPRINTS.
 *
 * kind: what FILE is to be: of KEYRING_CLEAR what is signed must be DATA, byte for byte.
 *
 * Returns the file to publish (KEYRING_REPOMD: put into its order); NULL with PUBLISH_ERROR_SIGNATURE when a
 * signature of one of the keys is missing, bad or weak, or with the errors of keyring_verify_clear.
 */
GBytes *keyring_accept(keyring *k, GBytes *file, GBytes *data, enum keyring_signature kind,
		       const char *const *fingerprints, GError **error);

/*
 * keyring_export: the public keys of these fingerprints, in this order, without other people's signatures on them;
 * armored each is a block of its own, as rpm wants it. NULL with a PUBLISH_ERROR_KEY.
 */
GBytes *keyring_export(keyring *k, const char *const *fingerprints, gboolean armored, GError **error);

/*
 * keyring_certificate: the same in binary, exported once for all calls; owned by k. Threads may call it at once.
 */
GBytes *keyring_certificate(keyring *k, const char *const *fingerprints, GError **error);

/*
 * keyring_find: the fingerprint, in upper case, of the one public key that ID names and that may sign; caller frees.
 *
 * NULL with the errors of keyring_choose.
 */
char *keyring_find(keyring *k, const char *id, GError **error);

/*
 * keyring_check_binding: refuse a key whose own signatures on its names or subkeys are all of MD5 or SHA-1: the apt of
 * Debian 13 does not take it. FALSE with a PUBLISH_ERROR_KEY.
 */
gboolean keyring_check_binding(keyring *k, const char *fingerprint, GError **error);

#endif
