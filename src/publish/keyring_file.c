/* Public keys of a file, in a keyring of their own: see keyring.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/keyring_private.h"

#define MOST_KEY_FILE (16 * 1024 * 1024)

keyring *keyring_new_from(const char *file, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(file, MOST_KEY_FILE, error);
	g_autoptr(keyring) k = bytes ? keyring_new(error) : NULL;

	if (k == NULL || (k->home = g_dir_make_tmp("abide-keys-XXXXXX", error)) == NULL)
		return NULL;
	gpgme_data_t in = keyring_data_from(bytes);
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
