/* OpenPGP by gpgme, its context and its data: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/generation.h"
#include "publish/keyring_private.h"

#include <string.h>

gboolean keyring_failed(GError **error, enum publish_error code, const char *what, gpgme_error_t cause)
{
	g_set_error(error, PUBLISH_ERROR, (gint)code, "%s: %s", what, gpgme_strerror(cause));
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
	g_mutex_init(&k->exporting);
	k->primary = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	/* gpgconf would only say where gpg is, and gpgsm that it is there: four processes, a fifth of a small publication. */
	gpgme_set_global_flag("disable-gpgconf", "1");
	gpgme_check_version(NULL);
	e = gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP);
	if (e == 0)
		e = gpgme_new(&k->context);
	if (e != 0) {
		keyring_failed(error, PUBLISH_ERROR_KEY, "gpg cannot be used", e);
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
	g_mutex_clear(&k->exporting);
	if (k->context != NULL)
		gpgme_release(k->context);
	if (k->home != NULL)
		generation_remove_tree(k->home, NULL);
	g_free(k->home);
	g_free(k);
}

/* ---- data ---- */

gpgme_data_t keyring_data_from(GBytes *bytes)
{
	gpgme_data_t data = NULL;
	gsize size = 0;
	const char *at = g_bytes_get_data(bytes, &size);

	if (gpgme_data_new_from_mem(&data, size ? at : "", size, 0) != 0)
		g_error("gpgme: no memory");
	return data;
}

gpgme_data_t keyring_data_new(void)
{
	gpgme_data_t data = NULL;

	if (gpgme_data_new(&data) != 0)
		g_error("gpgme: no memory");
	return data;
}

GBytes *keyring_data_take(gpgme_data_t data)
{
	size_t size = 0;
	char *at = gpgme_data_release_and_get_mem(data, &size);

	return g_bytes_new_with_free_func(at, size, gpgme_free, at);
}

gboolean keyring_is_strong(gpgme_hash_algo_t digest)
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
