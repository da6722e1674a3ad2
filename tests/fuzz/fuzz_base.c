/* Hostile bases, symbols files, shlibs files and dpkg's status files: what is taken can be written, and is read back the same. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "pack/base_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const struct base *b)
{
	char *text = base_text(b);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
	g_autoptr(base) again = base_parse("written", bytes, NULL);

	g_assert(again != NULL);
	g_autofree char *second = base_text(again);
	g_assert_cmpstr(g_bytes_get_data(bytes, NULL), ==, second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(base) parsed = base_parse("fuzz", bytes, NULL), symbols = base_new(PACKAGE_DEB);

	if (parsed != NULL)
		write_and_read(parsed);
	if (base_debian_symbols(symbols, "fuzz", text, NULL) && base_debian_shlibs(symbols, "fuzz", text, NULL))
		write_and_read(symbols);
	for (int available = 0; available < 2; available++) {
		g_autoptr(base) packages = base_new(PACKAGE_DEB);
		if (base_debian_packages(packages, "fuzz", text, available, NULL))
			write_and_read(packages);
	}
	return 0;
}
