/* Hostile records of publications: what is accepted is written and read again the same. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/state.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(state) s = state_parse("state", (const char *)data, size, NULL);

	if (s == NULL)
		return 0;
	g_autofree char *text = state_text(s);
	g_autoptr(state) again = state_parse("again", text, strlen(text), NULL);
	g_assert(again != NULL);
	g_autofree char *same = state_text(again);
	g_assert(strcmp(text, same) == 0);
	return 0;
}
