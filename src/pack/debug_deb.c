/* NAME-dbgsym, as dh_strip(1) and dh_gencontrol(1) make it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/debug.h"

static char *deb_path(const struct package *runtime, const struct package_file *file, const char *build_id)
{
	(void)runtime;
	(void)file;
	return g_strdup_printf("/usr/lib/debug/.build-id/%.2s/%s.debug", build_id, build_id + 2);
}

static void deb_describe(struct package *debug, const struct package *runtime, const struct package_format *format)
{
	g_free(debug->priority);
	debug->priority = g_strdup("optional");
	g_clear_pointer(&debug->homepage, g_free);
	debug->summary = g_strconcat("debug symbols for ", runtime->name, NULL);
	g_ptr_array_add(debug->relations[RELATION_DEPENDS], format->exactly(runtime));
}

const struct debug_format deb_debug = {
	.suffix = "-dbgsym",
	.mode = 0644,
	.path = deb_path,
	.describe = deb_describe,
	.link = NULL,
};
