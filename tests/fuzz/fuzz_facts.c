/* Fuzzes the reading of ELF and DWARF: src/inspect. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/report.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size) {
		g_autoptr(facts) f = facts_read(path, NULL, NULL);
		if (f != NULL) {
			g_autofree char *text = facts_text(f);
			json_node_unref(facts_json(f));
			/* a program that was built against itself */
			facts_free(facts_read(path, &(struct facts_sources){.interface = f}, NULL));
		}
	}
	close(fd);
	return 0;
}
