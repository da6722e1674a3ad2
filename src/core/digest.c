/* Message digests by libcrypto: see digest.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"

#include <openssl/evp.h>

struct digest {
	EVP_MD_CTX *context;
};

/* Fetched once: libcrypto would otherwise look for the implementation with each digest, which takes longer than a small one. */
static const EVP_MD *algorithm(enum digest_kind kind)
{
	static const char *const names[] = {
		[DIGEST_MD5] = "MD5", [DIGEST_SHA1] = "SHA1", [DIGEST_SHA256] = "SHA256", [DIGEST_SHA512] = "SHA512"};
	static gsize fetched[G_N_ELEMENTS(names)];

	if (g_once_init_enter(&fetched[kind])) {
		EVP_MD *md = EVP_MD_fetch(NULL, names[kind], NULL);
		if (md == NULL)
			g_error("libcrypto offers no %s", names[kind]);
		g_once_init_leave(&fetched[kind], (gsize)md);
	}
	return (const EVP_MD *)fetched[kind];
}

digest *digest_new(enum digest_kind kind)
{
	digest *d = g_new(digest, 1);

	d->context = EVP_MD_CTX_new();
	if (d->context == NULL || EVP_DigestInit_ex(d->context, algorithm(kind), NULL) != 1)
		g_error("libcrypto offers no digest %d", (int)kind);
	return d;
}

void digest_free(digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->context);
	g_free(d);
}

void digest_again(digest *d)
{
	if (EVP_DigestInit_ex(d->context, NULL, NULL) != 1)
		g_error("libcrypto cannot begin a digest again");
}

void digest_update(digest *d, const void *data, gsize size)
{
	EVP_DigestUpdate(d->context, data, size);
}

char *digest_hex(digest *d)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	EVP_DigestFinal_ex(d->context, raw, &size);
	char *hex = g_malloc(2 * (gsize)size + 1);
	for (unsigned int i = 0; i < size; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[2 * size] = '\0';
	return hex;
}

void digest_raw(digest *d, guint8 *to)
{
	EVP_DigestFinal_ex(d->context, to, NULL);
}

char *digest_of(enum digest_kind kind, const void *data, gsize size)
{
	g_autoptr(digest) d = digest_new(kind);

	digest_update(d, data, size);
	return digest_hex(d);
}
