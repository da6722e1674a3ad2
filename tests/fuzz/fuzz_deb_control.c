/* Hostile .deb files: ar, compressed control archive, control file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/debindex.h"
#include "publish/debread.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(intake) in = intake_open_memory("fuzz", data, size);
	g_autofree char *names = NULL;
	g_auto(debread) d = {0};
	struct intake_sum sum = {0};

	if (!debread_control(in, &d, &names, NULL) || !intake_finish(in, &sum, NULL))
		return 0;
	g_autoptr(entry) e = debindex_entry("fuzz", d.control, &sum, NULL);
	g_assert(sum.size == size);
	g_free(sum.sha256);
	return 0;
}
