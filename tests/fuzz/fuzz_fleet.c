/* Fuzzes fleet files: what reads has every path and name that it promises. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/fleet.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct fleet *f)
{
	g_autofree char *path = fleet_resolve(f, "sites/a.base");

	if (f->suite == NULL || f->channels == NULL || strcmp(path, "folder/sites/a.base") != 0)
		abort();
	for (guint i = 0; i < f->n_bases; i++)
		if (fleet_find_base(f, f->bases[i].name) != &f->bases[i] || *f->bases[i].base == '\0')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(fleet) f = fleet_parse("folder/fleet.yaml", text, &error);

	if ((f == NULL) != (error != NULL))
		abort();
	if (f != NULL)
		use(f);
	return 0;
}
