/* Hostile journals of publications: no path but those that may follow one is taken. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/journal.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(journal) j = journal_parse("journal", (const char *)data, size, NULL);

	if (j == NULL)
		return 0;
	g_assert(strchr(j->suite, '/') == NULL && j->state > 0);
	for (guint i = 0; i < j->follows->len; i++) {
		const char *path = j->follows->pdata[i], *slash = strchr(path, '/');
		g_assert(slash != NULL && strchr(slash + 1, '/') == NULL && slash[1] != '.' && slash[1] != '\0');
	}
	return 0;
}
