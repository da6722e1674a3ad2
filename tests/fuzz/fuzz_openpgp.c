/* Hostile signature files and keys: packets lie within the file, and what is taken apart is read again the same. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/openpgp.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) file = g_bytes_new_static(data, size);
	g_autoptr(GBytes) binary = openpgp_dearmor(file, NULL);
	const guint first = 0;

	if (binary == NULL)
		return 0;
	g_autoptr(GError) error = NULL;
	openpgp_weak_binding(binary, &error);
	g_autoptr(GBytes) one = openpgp_separate(binary, &first, 1, NULL);
	if (one == NULL)
		return 0;
	g_autoptr(GBytes) back = openpgp_dearmor(one, NULL);
	g_autoptr(GBytes) again = back ? openpgp_separate(back, &first, 1, NULL) : NULL;
	g_assert(again != NULL && g_bytes_equal(one, again));
	return 0;
}
