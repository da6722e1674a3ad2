/* Hostile .deb files, read for what they say of their libraries: ar, compressed control archive, its members. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	gssize written = write(fd, data, size);
	g_autoptr(base) b = written == (gssize)size ? base_debian_package(path, NULL) : NULL;

	close(fd);
	return 0;
}
