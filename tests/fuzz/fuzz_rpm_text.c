/* Fuzzes what an .rpm's relations are read from besides ELF: .pc files, and the first lines of scripts. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) provides = rpmpkg_deps_new(), requires = rpmpkg_deps_new(), programs = rpmpkg_deps_new();

	rpmpkg_pkgconfig_parse("fuzz", text, provides, requires);
	rpmpkg_interpreter_parse(text, programs);
	if (programs->len > 2)
		abort();
	for (guint i = 0; i < programs->len; i++) {
		const struct rpmpkg_dep *d = programs->pdata[i];
		if (*d->name != '/')
			abort();
		for (const char *p = d->name; *p != '\0'; p++)
			if (!g_ascii_isgraph(*p))
				abort();
	}
	return 0;
}
