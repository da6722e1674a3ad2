/* Fuzzes what bases are made of: base files, symbols and shlibs files, control archives of .debs, headers of .rpms. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "pack/base_rpm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read can be written, and what was written can be read. */
static void write_out(struct base *b)
{
	g_autofree char *text = base_text(b);
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(base) again = base_new(b->family);

	if (!base_parse(again, "again", bytes, NULL))
		abort();
	g_autofree char *twice = base_text(again);
	if (strcmp(text, twice) != 0)
		abort();
}

static void read_base(GBytes *bytes)
{
	enum package_family family;

	if (!base_family_of("fuzz", bytes, &family, NULL))
		return;
	g_autoptr(base) b = base_new(family);
	if (base_parse(b, "fuzz", bytes, NULL))
		write_out(b);
}

static void read_text(const char *text)
{
	g_autoptr(base) b = base_new(PACKAGE_DEB), other = base_new(PACKAGE_DEB);

	base_debian_symbols(b, "fuzz", text, NULL);
	base_debian_shlibs(other, "fuzz", text, NULL);
}

static void read_packages(const char *path)
{
	g_autoptr(base) deb = base_new(PACKAGE_DEB), rpm = base_new(PACKAGE_RPM);

	base_debian_package(deb, path, NULL);
	base_rpm_package(rpm, path, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autofree char *text = g_strndup((const char *)data, size);
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

	read_base(bytes);
	read_text(text);
	if (fd >= 0 && write(fd, data, size) == (ssize_t)size)
		read_packages(path);
	if (fd >= 0)
		close(fd);
	return 0;
}
