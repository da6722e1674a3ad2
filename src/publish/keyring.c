/* OpenPGP by gpgme: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/keyring.h"
#include "core/file.h"
#include "publish/error.h"
#include "publish/generation.h"

#include <gpgme.h>
#include <string.h>

struct keyring {
	gpgme_ctx_t context;
	gpgme_key_t key; /* NULL until chosen */
	char *home;      /* a throwaway one, or NULL */
};

static gboolean failed(GError **error, enum publish_error code, const char *what, gpgme_error_t cause)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "%s: %s", what, gpgme_strerror(cause));
	return FALSE;
}

keyring *keyring_new(GError **error)
{
	keyring *k = g_new0(keyring, 1);
	gpgme_error_t e;

	gpgme_check_version(NULL);
	e = gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP);
	if (e == 0)
		e = gpgme_new(&k->context);
	if (e != 0) {
		failed(error, PUBLISH_ERROR_KEY, "gpg cannot be used", e);
		keyring_free(k);
		return NULL;
	}
	gpgme_set_offline(k->context, 1);
	return k;
}

void keyring_free(keyring *k)
{
	if (k == NULL)
		return;
	if (k->key != NULL)
		gpgme_key_unref(k->key);
	if (k->context != NULL)
		gpgme_release(k->context);
	if (k->home != NULL)
		generation_remove_tree(k->home, NULL);
	g_free(k->home);
	g_free(k);
}

static gboolean check_usable(gpgme_key_t key, const char *id, GError **error)
{
	const char *state = key->revoked ? "revoked" : key->expired ? "expired" : NULL;

	if (state != NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_EXPIRED, "key %s is %s; choose another key", id, state);
		return FALSE;
	}
	if (key->disabled || key->invalid || !key->can_sign) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "key %s cannot sign; choose another key", id);
		return FALSE;
	}
	return TRUE;
}

gboolean keyring_choose(keyring *k, const char *id, GError **error)
{
	gpgme_key_t key = NULL, second = NULL;
	gpgme_error_t e = gpgme_op_keylist_start(k->context, id, 1);

	if (e == 0)
		e = gpgme_op_keylist_next(k->context, &key);
	if (e == 0 && gpgme_op_keylist_next(k->context, &second) == 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
			    "gpg has several secret keys for '%s'; give the fingerprint", id);
		gpgme_key_unref(second);
		gpgme_key_unref(key);
		gpgme_op_keylist_end(k->context);
		return FALSE;
	}
	gpgme_op_keylist_end(k->context);
	if (e != 0 || key == NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
			    "gpg has no secret key '%s'; gpg --list-secret-keys shows those it has", id);
		return FALSE;
	}
	if (k->key != NULL)
		gpgme_key_unref(k->key);
	k->key = key;
	gpgme_signers_clear(k->context);
	return check_usable(key, id, error) && (gpgme_signers_add(k->context, key) == 0 ||
						failed(error, PUBLISH_ERROR_KEY, id, GPG_ERR_UNUSABLE_SECKEY));
}

const char *keyring_fingerprint(const keyring *k)
{
	return k->key->fpr;
}

/* gpgme reads straight from the caller's bytes, which outlive the operation. */
static gpgme_data_t data_from(GBytes *bytes)
{
	gpgme_data_t data = NULL;
	gsize size = 0;
	const char *at = g_bytes_get_data(bytes, &size);

	if (gpgme_data_new_from_mem(&data, size ? at : "", size, 0) != 0)
		g_error("gpgme: no memory");
	return data;
}

static gpgme_data_t data_new(void)
{
	gpgme_data_t data = NULL;

	if (gpgme_data_new(&data) != 0)
		g_error("gpgme: no memory");
	return data;
}

static GBytes *data_take(gpgme_data_t data)
{
	size_t size = 0;
	char *at = gpgme_data_release_and_get_mem(data, &size);

	return g_bytes_new_with_free_func(at, size, gpgme_free, at);
}

static gboolean strong(gpgme_hash_algo_t digest)
{
	switch (digest) {
	case GPGME_MD_SHA256:
	case GPGME_MD_SHA384:
	case GPGME_MD_SHA512:
		return TRUE;
	default:
		return FALSE;
	}
}

GBytes *keyring_sign(keyring *k, GBytes *data, enum keyring_signature kind, GError **error)
{
	gpgme_data_t in = data_from(data), out = data_new();

	gpgme_set_armor(k->context, 1);
	gpgme_error_t e = gpgme_op_sign(k->context, in, out,
					kind == KEYRING_CLEAR ? GPGME_SIG_MODE_CLEAR : GPGME_SIG_MODE_DETACH);
	gpgme_sign_result_t result = gpgme_op_sign_result(k->context);
	gboolean made = e == 0 && result != NULL && result->signatures != NULL;
	gboolean ok = made && strong(result->signatures->hash_algo);

	gpgme_data_release(in);
	if (e != 0)
		failed(error, PUBLISH_ERROR_KEY, "gpg cannot sign", e);
	else if (!ok)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
			    "gpg signed with the digest %s, weaker than SHA-256; see digest-algo in gpg.conf",
			    made ? gpgme_hash_algo_name(result->signatures->hash_algo) : "none");
	if (ok)
		return data_take(out);
	gpgme_data_release(out);
	return NULL;
}

/* The primary key's fingerprint for that of the (sub)key which signed. */
static char *primary_fingerprint(keyring *k, const char *fingerprint)
{
	gpgme_key_t key = NULL;
	char *primary = NULL;

	if (gpgme_get_key(k->context, fingerprint, &key, 0) == 0) {
		primary = g_strdup(key->fpr);
		gpgme_key_unref(key);
	}
	return primary;
}

static gboolean check_signature(gpgme_signature_t s, GError **error)
{
	g_autofree char *what = g_strdup_printf("signature by %s", s->fpr ? s->fpr : "an unknown key");

	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_ERROR:
		if (strong(s->hash_algo))
			return TRUE;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "%s: made with a digest weaker than SHA-256",
			    what);
		return FALSE;
	case GPG_ERR_KEY_EXPIRED:
	case GPG_ERR_SIG_EXPIRED:
	case GPG_ERR_CERT_REVOKED:
		return failed(error, PUBLISH_ERROR_EXPIRED, what, s->status);
	case GPG_ERR_NO_PUBKEY:
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE,
			    "%s: gpg does not have that key; import it if you trust it", what);
		return FALSE;
	default:
		return failed(error, PUBLISH_ERROR_SIGNATURE, what, s->status);
	}
}

/* What the operation just done found: exactly one signature, a good one; returns its maker's primary key. */
static char *signer(keyring *k, gpgme_error_t e, GError **error)
{
	gpgme_verify_result_t result = e == 0 ? gpgme_op_verify_result(k->context) : NULL;
	gpgme_signature_t s = result ? result->signatures : NULL;

	if (s == NULL || s->next != NULL) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "%s",
			    s ? "more than one signature" : "not signed");
		return NULL;
	}
	if (!check_signature(s, error))
		return NULL;
	char *primary = primary_fingerprint(k, s->fpr);
	if (primary == NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "gpg does not have the key that signed");
	return primary;
}

GBytes *keyring_verify_clear(keyring *k, GBytes *file, char **fingerprint, GError **error)
{
	gpgme_data_t in = data_from(file), out = data_new();
	gpgme_error_t e = gpgme_op_verify(k->context, in, NULL, out);

	gpgme_data_release(in);
	*fingerprint = signer(k, e, error);
	if (*fingerprint != NULL)
		return data_take(out);
	gpgme_data_release(out);
	return NULL;
}

gboolean keyring_verify_detached(keyring *k, GBytes *data, GBytes *signature, const char *fingerprint, GError **error)
{
	gpgme_data_t text = data_from(data), in = data_from(signature);
	gpgme_error_t e = gpgme_op_verify(k->context, in, text, NULL);
	g_autofree char *primary = signer(k, e, error);

	gpgme_data_release(in);
	gpgme_data_release(text);
	if (primary == NULL)
		return FALSE;
	if (g_ascii_strcasecmp(primary, fingerprint) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "signed by %s, not by this repository's key %s",
		    primary, fingerprint);
	return FALSE;
}

GBytes *keyring_export(keyring *k, const char *fingerprint, gboolean armored, GError **error)
{
	gpgme_data_t out = data_new();

	gpgme_set_armor(k->context, armored ? 1 : 0);
	gpgme_error_t e = gpgme_op_export(k->context, fingerprint, GPGME_EXPORT_MODE_MINIMAL, out);
	g_autoptr(GBytes) key = data_take(out);
	if (e == 0 && g_bytes_get_size(key) > 0)
		return g_steal_pointer(&key);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "gpg cannot export the key %s: %s", fingerprint,
		    e ? gpgme_strerror(e) : "it does not have it");
	return NULL;
}

/* ---- any number of signatures, and keys from a file ---- */

#define MOST_KEY_FILE (16 * 1024 * 1024)

keyring *keyring_new_from(const char *file, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(file, MOST_KEY_FILE, error);
	g_autoptr(keyring) k = bytes ? keyring_new(error) : NULL;

	if (k == NULL || (k->home = g_dir_make_tmp("abide-keys-XXXXXX", error)) == NULL)
		return NULL;
	gpgme_data_t in = data_from(bytes);
	gpgme_error_t e = gpgme_ctx_set_engine_info(k->context, GPGME_PROTOCOL_OpenPGP, NULL, k->home);
	if (e == 0)
		e = gpgme_op_import(k->context, in);
	gpgme_import_result_t result = e == 0 ? gpgme_op_import_result(k->context) : NULL;
	gpgme_data_release(in);
	if (result != NULL && result->imported + result->unchanged > 0)
		return g_steal_pointer(&k);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "%s: no OpenPGP public key in it%s%s", file, e ? ": " : "",
		    e ? gpgme_strerror(e) : "");
	return NULL;
}

static void add_signer(keyring *k, const char *fingerprint, GPtrArray *signers)
{
	char *primary = primary_fingerprint(k, fingerprint);

	if (primary == NULL)
		return;
	g_ptr_array_add(signers, primary);
	if (g_ascii_strcasecmp(primary, fingerprint) != 0)
		g_ptr_array_add(signers, g_ascii_strup(fingerprint, -1));
}

/* Whose good signatures the operation just done found. */
static char **signers_of(keyring *k, gpgme_error_t e, GError **error)
{
	gpgme_verify_result_t result = e == 0 ? gpgme_op_verify_result(k->context) : NULL;
	g_autoptr(GPtrArray) signers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) good = g_ptr_array_new_with_free_func(g_free); /* the result ends when a key is asked for */
	g_autoptr(GError) first = NULL;

	for (gpgme_signature_t s = result ? result->signatures : NULL; s != NULL; s = s->next) {
		if (gpgme_err_code(s->status) == GPG_ERR_BAD_SIGNATURE) {
			check_signature(s, error);
			return NULL;
		}
		if (check_signature(s, first ? NULL : &first))
			g_ptr_array_add(good, g_strdup(s->fpr));
	}
	for (guint i = 0; i < good->len; i++)
		add_signer(k, good->pdata[i], signers);
	if (signers->len > 0) {
		g_ptr_array_add(signers, NULL);
		return (char **)g_ptr_array_steal(signers, NULL);
	}
	if (first == NULL)
		g_set_error(&first, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "not signed");
	g_propagate_error(error, g_steal_pointer(&first));
	return NULL;
}

GBytes *keyring_signers_clear(keyring *k, GBytes *file, char ***signers, GError **error)
{
	gpgme_data_t in = data_from(file), out = data_new();
	gpgme_error_t e = gpgme_op_verify(k->context, in, NULL, out);

	gpgme_data_release(in);
	*signers = signers_of(k, e, error);
	if (*signers != NULL)
		return data_take(out);
	gpgme_data_release(out);
	return NULL;
}

char **keyring_signers_detached(keyring *k, GBytes *data, GBytes *signature, GError **error)
{
	gpgme_data_t text = data_from(data), in = data_from(signature);
	gpgme_error_t e = gpgme_op_verify(k->context, in, text, NULL);

	gpgme_data_release(in);
	gpgme_data_release(text);
	return signers_of(k, e, error);
}
