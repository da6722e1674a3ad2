/* Hostile Release files: what is accepted is written and read again the same. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/release.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(release) r = release_parse((const char *)data, size, NULL);

	if (r == NULL)
		return 0;
	g_autofree char *text = release_text(r);
	g_autoptr(release) again = release_parse(text, strlen(text), NULL);
	g_assert(again != NULL);
	g_autofree char *same = release_text(again);
	g_assert(strcmp(text, same) == 0);
	return 0;
}
