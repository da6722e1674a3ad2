/* Fuzzes changelogs, in Debian's format and in nfpm's: what reads can be written in Debian's. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/changelog.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(changelog) log = changelog_parse("fuzz", bytes, &error);

	if ((log == NULL) != (error != NULL))
		abort();
	if (log == NULL)
		return 0;
	if (log->entries->len == 0)
		abort();
	g_autofree char *text = changelog_debian(log, "name", "1.0", "1");
	if (log->debian == NULL && strlen(text) == 0)
		abort();
	for (guint i = 0; i < log->entries->len; i++) {
		const struct changelog_entry *e = log->entries->pdata[i];
		if (e->version == NULL || e->who == NULL || strpbrk(e->version, "\n") != NULL || e->time < 0)
			abort();
	}
	return 0;
}
