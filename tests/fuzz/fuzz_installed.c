/* Fuzzes lists of installed packages: dpkg-query -W, rpm -qa, abide-base(5). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/installed.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(installed) list = installed_parse("fuzz", text, &error);

	if ((list == NULL) != (error != NULL))
		abort();
	for (guint i = 0; list != NULL && i < list->packages->len; i++) {
		const struct installed_package *p = list->packages->pdata[i];
		if (*p->name == '\0' || *p->version == '\0' ||
		    (p->arch == NULL && installed_find(list, p->name, "amd64") == NULL))
			abort();
	}
	return 0;
}
