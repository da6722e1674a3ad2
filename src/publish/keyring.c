/* OpenPGP by gpgme: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/keyring.h"
#include "core/file.h"
#include "publish/error.h"
#include "publish/generation.h"
#include "publish/openpgp.h"

#include <gpgme.h>
#include <string.h>

/* RFC 4880, 9.1, and what the servers' apt takes (APT::Key::Assert-Pubkey-Algo). */
#define LEAST_RSA_BITS 2048

struct keyring {
	gpgme_ctx_t context;
	GPtrArray *keys;     /* gpgme_key_t: those chosen */
	GHashTable *primary; /* what signed -> its primary key, by fingerprint, of the verification under way */
	GBytes *certificate; /* of keyring_certificate */
	char *home;          /* a throwaway one (keyring_new_from), or NULL */
};

static gboolean failed(GError **error, enum publish_error code, const char *what, gpgme_error_t cause)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "%s: %s", what, gpgme_strerror(cause));
	return FALSE;
}

static gboolean refuse(GError **error, enum publish_error code, const char *id, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "key %s %s; choose another key", id, what);
	return FALSE;
}

/* "VALIDSIG" ends with the fingerprint of the primary key (gnupg's doc/DETAILS); gpgme itself keeps only the subkey's.
 */
static gpgme_error_t take_status(void *data, const char *keyword, const char *arguments)
{
	keyring *k = data;

	if (keyword != NULL && strcmp(keyword, "VALIDSIG") == 0) {
		g_auto(GStrv) words = g_strsplit(arguments, " ", -1);
		guint n = g_strv_length(words);
		if (n >= 10)
			g_hash_table_insert(k->primary, g_strdup(words[0]), g_ascii_strup(words[9], -1));
	}
	return 0;
}

keyring *keyring_new(GError **error)
{
	keyring *k = g_new0(keyring, 1);
	gpgme_error_t e;

	k->keys = g_ptr_array_new_with_free_func((GDestroyNotify)gpgme_key_unref);
	k->primary = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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
	gpgme_set_ctx_flag(k->context, "full-status", "1");
	gpgme_set_status_cb(k->context, take_status, k);
	return k;
}

void keyring_free(keyring *k)
{
	if (k == NULL)
		return;
	g_ptr_array_unref(k->keys);
	g_hash_table_unref(k->primary);
	g_clear_pointer(&k->certificate, g_bytes_unref);
	if (k->context != NULL)
		gpgme_release(k->context);
	if (k->home != NULL)
		generation_remove_tree(k->home, NULL);
	g_free(k->home);
	g_free(k);
}

/* ---- keys ---- */

static gboolean is_weak(gpgme_subkey_t s)
{
	switch (s->pubkey_algo) {
	case GPGME_PK_RSA:
	case GPGME_PK_RSA_S:
		return s->length < LEAST_RSA_BITS;
	case GPGME_PK_DSA:
	case GPGME_PK_ELG:
	case GPGME_PK_ELG_E:
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean can_sign(gpgme_subkey_t s)
{
	return s->can_sign && !s->revoked && !s->expired && !s->disabled && !s->invalid;
}

/* The part of the key that gpg signs with: the newest subkey that can, else the primary key. */
static gpgme_subkey_t signing_part(gpgme_key_t key)
{
	gpgme_subkey_t found = key->subkeys && can_sign(key->subkeys) ? key->subkeys : NULL;
	long newest = 0;

	for (gpgme_subkey_t s = key->subkeys ? key->subkeys->next : NULL; s != NULL; s = s->next) {
		if (can_sign(s) && s->timestamp >= newest) {
			newest = s->timestamp;
			found = s;
		}
	}
	return found;
}

static gboolean check_usable(gpgme_key_t key, const char *id, GError **error)
{
	gpgme_subkey_t part = signing_part(key);

	if (key->revoked || key->expired)
		return refuse(error, PUBLISH_ERROR_EXPIRED, id, key->revoked ? "is revoked" : "is expired");
	if (key->disabled || key->invalid || !key->can_sign || part == NULL)
		return refuse(error, PUBLISH_ERROR_KEY, id, "cannot sign");
	if (is_weak(key->subkeys) || is_weak(part))
		return refuse(error, PUBLISH_ERROR_KEY, id, "is DSA, or RSA under 2048 bits, which apt does not take");
	return TRUE;
}

/* The keys that gpg finds for the patterns, in its own order; by one process. */
static GPtrArray *list_keys(keyring *k, const char *const *patterns, gboolean secret)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func((GDestroyNotify)gpgme_key_unref);
	gpgme_key_t key = NULL;

	if (gpgme_op_keylist_ext_start(k->context, (const char **)patterns, secret ? 1 : 0, 0) == 0)
		while (gpgme_op_keylist_next(k->context, &key) == 0)
			g_ptr_array_add(keys, key);
	gpgme_op_keylist_end(k->context);
	return keys;
}

static gboolean no_secret_key(const char *id, GError **error)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
		    "gpg has no secret key '%s'; gpg --list-secret-keys shows those it has", id);
	return FALSE;
}

static gboolean choose(keyring *k, gpgme_key_t key, const char *id, GError **error)
{
	if (!check_usable(key, id, error))
		return FALSE;
	if (gpgme_signers_add(k->context, key) != 0)
		return failed(error, PUBLISH_ERROR_KEY, id, GPG_ERR_UNUSABLE_SECKEY);
	gpgme_key_ref(key);
	g_ptr_array_add(k->keys, key);
	return TRUE;
}

static gboolean several_keys(const char *id, GError **error)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "gpg has several keys for '%s'; give the fingerprint", id);
	return FALSE;
}

gboolean keyring_choose(keyring *k, const char *id, GError **error)
{
	const char *const patterns[] = {id, NULL};
	g_autoptr(GPtrArray) found = list_keys(k, patterns, TRUE);

	g_ptr_array_set_size(k->keys, 0);
	gpgme_signers_clear(k->context);
	if (found->len == 0)
		return no_secret_key(id, error);
	return found->len == 1 ? choose(k, found->pdata[0], id, error) : several_keys(id, error);
}

char *keyring_find(keyring *k, const char *id, GError **error)
{
	const char *const patterns[] = {id, NULL};
	g_autoptr(GPtrArray) found = list_keys(k, patterns, FALSE);

	if (found->len == 0)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "gpg has no key '%s'", id);
	else if (found->len > 1)
		several_keys(id, error);
	else if (check_usable(found->pdata[0], id, error))
		return g_ascii_strup(((gpgme_key_t)found->pdata[0])->fpr, -1);
	return NULL;
}

static gpgme_key_t find_key(const GPtrArray *keys, const char *fingerprint)
{
	for (guint i = 0; i < keys->len; i++) {
		gpgme_key_t key = keys->pdata[i];
		if (key->fpr != NULL && g_ascii_strcasecmp(key->fpr, fingerprint) == 0)
			return key;
	}
	return NULL;
}

gboolean keyring_choose_all(keyring *k, const char *const *fingerprints, GError **error)
{
	g_autoptr(GPtrArray) found = list_keys(k, fingerprints, TRUE);

	g_ptr_array_set_size(k->keys, 0);
	gpgme_signers_clear(k->context);
	for (; *fingerprints != NULL; fingerprints++) {
		gpgme_key_t key = find_key(found, *fingerprints);
		if (key == NULL)
			return no_secret_key(*fingerprints, error);
		if (!choose(k, key, *fingerprints, error))
			return FALSE;
	}
	return TRUE;
}

const char *keyring_fingerprint(const keyring *k)
{
	return ((gpgme_key_t)k->keys->pdata[0])->fpr;
}

/* When signatures of the key stop being good; 0: never. */
static gint64 expiry(gpgme_key_t key)
{
	gpgme_subkey_t part = signing_part(key);
	gint64 primary = key->subkeys ? (gint64)key->subkeys->expires : 0, signing = part ? (gint64)part->expires : 0;

	return primary == 0 || (signing != 0 && signing < primary) ? signing : primary;
}

gint64 keyring_expires(const keyring *k, const char **fingerprint)
{
	gint64 first = 0;

	for (guint i = 0; i < k->keys->len; i++) {
		gint64 expires = expiry(k->keys->pdata[i]);
		if (expires == 0 || (first != 0 && expires >= first))
			continue;
		first = expires;
		if (fingerprint != NULL)
			*fingerprint = ((gpgme_key_t)k->keys->pdata[i])->fpr;
	}
	return first;
}

void keyring_info_free(struct keyring_info *info)
{
	g_free(info->fingerprint);
	g_free(info->user);
	g_free(info);
}

GPtrArray *keyring_describe(keyring *k, const char *const *fingerprints, GError **error)
{
	g_autoptr(GPtrArray) found = list_keys(k, fingerprints, FALSE);
	g_autoptr(GPtrArray) infos = g_ptr_array_new_with_free_func((GDestroyNotify)keyring_info_free);

	for (; *fingerprints != NULL; fingerprints++) {
		gpgme_key_t key = find_key(found, *fingerprints);
		if (key == NULL) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "gpg does not have the key %s",
				    *fingerprints);
			return NULL;
		}
		struct keyring_info *info = g_new(struct keyring_info, 1);
		*info = (struct keyring_info){.fingerprint = g_ascii_strup(key->fpr, -1),
					      .user = g_strdup(key->uids ? key->uids->uid : ""),
					      .expires = expiry(key),
					      .expired = key->expired != 0,
					      .revoked = key->revoked != 0};
		g_ptr_array_add(infos, info);
	}
	return g_steal_pointer(&infos);
}

/* ---- data ---- */

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

/*
 * The signatures for repomd.xml in their order (KEYRING_REPOMD): first the first key's, and again at the end. MADE: the
 * primary keys of the packets.
 */
static GBytes *arrange(GBytes *signatures, char *const *made, const char *first, GError **error)
{
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
	guint head = 0;

	for (guint i = 0; made[i] != NULL; i++)
		if (g_ascii_strcasecmp(made[i], first) == 0)
			head = i;
	g_array_append_val(order, head);
	for (guint i = 0; made[i] != NULL; i++)
		if (i != head)
			g_array_append_val(order, i);
	if (order->len > 1)
		g_array_append_val(order, head);
	g_autoptr(GBytes) binary = openpgp_dearmor(signatures, error);
	return binary ? openpgp_separate(binary, (const guint *)(const void *)order->data, order->len, error) : NULL;
}

/* ---- signing ---- */

static gboolean has_part(gpgme_key_t key, const char *fingerprint)
{
	for (gpgme_subkey_t s = key->subkeys; s != NULL; s = s->next)
		if (s->fpr != NULL && g_ascii_strcasecmp(s->fpr, fingerprint) == 0)
			return TRUE;
	return FALSE;
}

/* The primary keys of the signatures just made, in order; NULL: not one by each of the chosen keys, or a weak one. */
static char **check_made(keyring *k, GError **error)
{
	gpgme_sign_result_t result = gpgme_op_sign_result(k->context);
	g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);

	for (gpgme_new_signature_t s = result ? result->signatures : NULL; s != NULL; s = s->next) {
		if (!strong(s->hash_algo)) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
				    "gpg signed with the digest %s, weaker than SHA-256; see digest-algo in gpg.conf",
				    gpgme_hash_algo_name(s->hash_algo));
			return NULL;
		}
		for (guint i = 0; i < k->keys->len; i++)
			if (has_part(k->keys->pdata[i], s->fpr))
				g_ptr_array_add(made, g_strdup(((gpgme_key_t)k->keys->pdata[i])->fpr));
	}
	if (made->len != k->keys->len) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY, "gpg made %u signatures, not %u", made->len,
			    k->keys->len);
		return NULL;
	}
	g_ptr_array_add(made, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&made), FALSE);
}

GBytes *keyring_sign(keyring *k, GBytes *data, enum keyring_signature kind, GError **error)
{
	gpgme_data_t in = data_from(data), out = data_new();

	gpgme_set_armor(k->context, 1);
	gpgme_error_t e = gpgme_op_sign(k->context, in, out,
					kind == KEYRING_CLEAR ? GPGME_SIG_MODE_CLEAR : GPGME_SIG_MODE_DETACH);
	gpgme_data_release(in);
	g_autoptr(GBytes) file = data_take(out);
	if (e != 0) {
		failed(error, PUBLISH_ERROR_KEY, "gpg cannot sign", e);
		return NULL;
	}
	g_auto(GStrv) made = check_made(k, error);
	if (made == NULL)
		return NULL;
	return kind == KEYRING_REPOMD && made[1] != NULL ? arrange(file, made, keyring_fingerprint(k), error)
							 : g_steal_pointer(&file);
}

/* ---- verifying ---- */

/* FALSE with the error that a signature which is not good stands for. */
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
	gpgme_data_t in = data_from(file), out = data_new();

	g_hash_table_remove_all(k->primary);
	gpgme_error_t e = gpgme_op_verify(k->context, in, NULL, out);
	gpgme_data_release(in);
	*fingerprints = signers(k, e, error);
	if (*fingerprints != NULL)
		return data_take(out);
	gpgme_data_release(out);
	return NULL;
}

char **keyring_signers_detached(keyring *k, GBytes *data, GBytes *signature, GError **error)
{
	gpgme_data_t text = data_from(data), in = data_from(signature);

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
	return kind == KEYRING_REPOMD && found[1] != NULL ? arrange(file, found, fingerprints[0], error)
							  : g_bytes_ref(file);
}

/* ---- public keys ---- */

static GBytes *export_one(keyring *k, const char *fingerprint, gboolean armored, GError **error)
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

GBytes *keyring_export(keyring *k, const char *const *fingerprints, gboolean armored, GError **error)
{
	g_autoptr(GByteArray) all = g_byte_array_new();

	for (; *fingerprints != NULL; fingerprints++) {
		g_autoptr(GBytes) one = export_one(k, *fingerprints, armored, error);
		gsize size = 0;
		const void *data = one ? g_bytes_get_data(one, &size) : NULL;
		if (one == NULL)
			return NULL;
		g_byte_array_append(all, data, (guint)size);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

GBytes *keyring_certificate(keyring *k, const char *const *fingerprints, GError **error)
{
	if (k->certificate == NULL)
		k->certificate = keyring_export(k, fingerprints, FALSE, error);
	return k->certificate;
}

gboolean keyring_check_binding(keyring *k, const char *fingerprint, GError **error)
{
	g_autoptr(GBytes) key = export_one(k, fingerprint, FALSE, error);
	g_autoptr(GError) cause = NULL;

	if (key == NULL)
		return FALSE;
	if (openpgp_weak_binding(key, &cause)) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_KEY,
			    "key %s vouches for itself by MD5 or SHA-1, which apt no longer takes; gpg "
			    "--quick-set-expire %s "
			    "signs it anew",
			    fingerprint, fingerprint);
		return FALSE;
	}
	if (cause == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

/* ---- public keys of a file ---- */

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
