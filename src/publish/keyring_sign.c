/* Signing by the chosen keys: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/keyring_private.h"
#include "publish/openpgp.h"

GBytes *keyring_arrange(GBytes *signatures, char *const *made, const char *first, GError **error)
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
		if (!keyring_is_strong(s->hash_algo)) {
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
	gpgme_data_t in = keyring_data_from(data), out = keyring_data_new();

	gpgme_set_armor(k->context, 1);
	gpgme_error_t e = gpgme_op_sign(k->context, in, out,
					kind == KEYRING_CLEAR ? GPGME_SIG_MODE_CLEAR : GPGME_SIG_MODE_DETACH);
	gpgme_data_release(in);
	g_autoptr(GBytes) file = keyring_data_take(out);
	if (e != 0) {
		keyring_failed(error, PUBLISH_ERROR_KEY, "gpg cannot sign", e);
		return NULL;
	}
	g_auto(GStrv) made = check_made(k, error);
	if (made == NULL)
		return NULL;
	return kind == KEYRING_REPOMD && made[1] != NULL ? keyring_arrange(file, made, keyring_fingerprint(k), error)
							 : g_steal_pointer(&file);
}
