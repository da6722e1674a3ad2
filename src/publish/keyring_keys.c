/* Which keys there are, whether they may sign, and their public parts: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/keyring_private.h"
#include "publish/openpgp.h"

/* RFC 4880, 9.1, and what the servers' apt takes (APT::Key::Assert-Pubkey-Algo). */
#define LEAST_RSA_BITS 2048

static gboolean refuse(GError **error, enum publish_error code, const char *id, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "key %s %s; choose another key", id, what);
	return FALSE;
}

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
		return keyring_failed(error, PUBLISH_ERROR_KEY, id, GPG_ERR_UNUSABLE_SECKEY);
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

/* ---- public keys ---- */

static GBytes *export_one(keyring *k, const char *fingerprint, gboolean armored, GError **error)
{
	gpgme_data_t out = keyring_data_new();

	gpgme_set_armor(k->context, armored ? 1 : 0);
	gpgme_error_t e = gpgme_op_export(k->context, fingerprint, GPGME_EXPORT_MODE_MINIMAL, out);
	g_autoptr(GBytes) key = keyring_data_take(out);
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
	g_mutex_lock(&k->exporting);
	if (k->certificate == NULL)
		k->certificate = keyring_export(k, fingerprints, FALSE, error);
	GBytes *certificate = k->certificate;
	g_mutex_unlock(&k->exporting);
	return certificate;
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
