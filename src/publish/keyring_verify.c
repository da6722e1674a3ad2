/* Whether signatures are good, and by whom: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/keyring_private.h"

/* FALSE with the error that a signature which is not good stands for. */
static gboolean check_signature(gpgme_signature_t s, GError **error)
{
	g_autofree char *what = g_strdup_printf("signature by %s", s->fpr ? s->fpr : "an unknown key");

	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_ERROR:
		if (keyring_is_strong(s->hash_algo))
			return TRUE;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "%s: made with a digest weaker than SHA-256",
			    what);
		return FALSE;
	case GPG_ERR_KEY_EXPIRED:
	case GPG_ERR_SIG_EXPIRED:
	case GPG_ERR_CERT_REVOKED:
		return keyring_failed(error, PUBLISH_ERROR_EXPIRED, what, s->status);
	case GPG_ERR_NO_PUBKEY:
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE,
			    "%s: gpg does not have that key; import it if you trust it", what);
		return FALSE;
	default:
		return keyring_failed(error, PUBLISH_ERROR_SIGNATURE, what, s->status);
	}
}

/* Whether another signature of the file may stand in for this one: its key is not here, has expired or is revoked. */
static gboolean is_replaceable(gpgme_signature_t s)
{
	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_PUBKEY:
	case GPG_ERR_KEY_EXPIRED:
	case GPG_ERR_SIG_EXPIRED:
	case GPG_ERR_CERT_REVOKED:
		return TRUE;
	default:
		return FALSE;
	}
}

/* What the operation just done found: the primary keys of the good signatures, in order; at least one, or NULL. */
static char **signers(keyring *k, gpgme_error_t e, GError **error)
{
	gpgme_verify_result_t result = e == 0 ? gpgme_op_verify_result(k->context) : NULL;
	g_autoptr(GPtrArray) good = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) first = NULL;

	for (gpgme_signature_t s = result ? result->signatures : NULL; s != NULL; s = s->next) {
		g_autoptr(GError) cause = NULL;
		const char *primary = s->fpr ? g_hash_table_lookup(k->primary, s->fpr) : NULL;
		if (check_signature(s, &cause)) {
			g_ptr_array_add(good, g_ascii_strup(primary ? primary : s->fpr, -1));
		} else if (!is_replaceable(s)) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return NULL;
		} else if (first == NULL) {
			first = g_steal_pointer(&cause);
		}
	}
	if (good->len > 0) {
		g_ptr_array_add(good, NULL);
		return (char **)g_ptr_array_free(g_steal_pointer(&good), FALSE);
	}
	if (first != NULL)
		g_propagate_error(error, g_steal_pointer(&first));
	else
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "not signed");
	return NULL;
}

GBytes *keyring_verify_clear(keyring *k, GBytes *file, char ***fingerprints, GError **error)
{
	gpgme_data_t in = keyring_data_from(file), out = keyring_data_new();

	g_hash_table_remove_all(k->primary);
	gpgme_error_t e = gpgme_op_verify(k->context, in, NULL, out);
	gpgme_data_release(in);
	*fingerprints = signers(k, e, error);
	if (*fingerprints != NULL)
		return keyring_data_take(out);
	gpgme_data_release(out);
	return NULL;
}

char **keyring_signers_detached(keyring *k, GBytes *data, GBytes *signature, GError **error)
{
	gpgme_data_t text = keyring_data_from(data), in = keyring_data_from(signature);

	g_hash_table_remove_all(k->primary);
	gpgme_error_t e = gpgme_op_verify(k->context, in, text, NULL);
	gpgme_data_release(in);
	gpgme_data_release(text);
	return signers(k, e, error);
}

static gboolean has_fingerprint(const char *const *list, const char *fingerprint)
{
	for (; *list != NULL; list++)
		if (g_ascii_strcasecmp(*list, fingerprint) == 0)
			return TRUE;
	return FALSE;
}

gboolean keyring_verify_detached(keyring *k, GBytes *data, GBytes *signature, const char *const *fingerprints,
				 GError **error)
{
	g_auto(GStrv) found = keyring_signers_detached(k, data, signature, error);

	if (found == NULL)
		return FALSE;
	for (char **f = found; *f != NULL; f++)
		if (has_fingerprint(fingerprints, *f))
			return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "signed by %s, not by this repository's key %s",
		    found[0], fingerprints[0]);
	return FALSE;
}

/* Each of the keys signed, and nobody else: what others think of the file is not published under these names. */
static gboolean check_all_signed(char *const *found, const char *const *fingerprints, GError **error)
{
	for (const char *const *f = fingerprints; *f != NULL; f++) {
		if (has_fingerprint((const char *const *)found, *f))
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "not signed by the key %s", *f);
		return FALSE;
	}
	for (char *const *f = found; *f != NULL; f++) {
		if (has_fingerprint(fingerprints, *f))
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE,
			    "also signed by %s, which is not a key of this repository", *f);
		return FALSE;
	}
	return TRUE;
}

GBytes *keyring_accept(keyring *k, GBytes *file, GBytes *data, enum keyring_signature kind,
		       const char *const *fingerprints, GError **error)
{
	g_auto(GStrv) found = NULL;

	if (kind == KEYRING_CLEAR) {
		g_autoptr(GBytes) text = keyring_verify_clear(k, file, &found, error);
		if (text != NULL && !g_bytes_equal(text, data)) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "it is another text that is signed");
			return NULL;
		}
	} else {
		found = keyring_signers_detached(k, data, file, error);
	}
	if (found == NULL || !check_all_signed(found, fingerprints, error))
		return NULL;
	return kind == KEYRING_REPOMD && found[1] != NULL ? keyring_arrange(file, found, fingerprints[0], error)
							  : g_bytes_ref(file);
}
