/* Fuzzes the reading of ABI snapshots; one that is taken must be written again as it was. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/snapshot.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(facts) f = snapshot_parse("fuzz", (const char *)data, size, NULL);

	if (f != NULL) {
		g_autofree char *text = snapshot_text(f);
		if (strlen(text) != size || memcmp(text, data, size) != 0)
			abort();
	}
	return 0;
}
