/* NAME-debuginfo, as find-debuginfo(8) and rpmbuild make it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/contents.h"
#include "pack/debug.h"
#include "pack/rpm.h"

#define DEBUG_FOLDER "/usr/lib/debug"

/* The version is in the name, so that the symbols of two releases can be installed together. */
static char *rpm_path(const struct package *runtime, const struct package_file *file, const char *build_id)
{
	(void)build_id;
	return g_strdup_printf(DEBUG_FOLDER "%s-%s-%s.%s.debug", file->path, runtime->version, rpmpkg_release(runtime),
			       runtime->arch->rpm);
}

static void rpm_describe(struct package *debug, const struct package *runtime, const struct package_format *format)
{
	(void)format;
	debug->summary = g_strconcat("Debug information for package ", runtime->name, NULL);
	debug->description = g_strdup_printf("This package provides debug information for package %s.\n"
					     "Debug information is useful when developing applications that use this\n"
					     "package or when debugging this package.",
					     runtime->name);
}

static void add_link(struct package *package, const char *target, const char *root, const char *build_id)
{
	g_autofree char *path = g_strdup_printf("%s/.build-id/%.2s/%s%s", root, build_id, build_id + 2,
						g_str_has_suffix(target, ".debug") ? ".debug" : "");
	g_autofree char *folder = g_path_get_dirname(path);

	package_add_link(package, path, target);
	contents_own_folders(package, folder);
}

static void rpm_link(struct package *debug, struct package *runtime, const char *file, const char *symbols,
		     const char *build_id)
{
	g_autofree char *folder = g_path_get_dirname(symbols);
	g_autofree char *to_symbols = g_strconcat("../..", symbols + sizeof DEBUG_FOLDER - 1, NULL);
	g_autofree char *to_file = g_strconcat("../../../..", file, NULL);
	g_autofree char *to_link = g_strdup_printf("../../../.build-id/%.2s/%s", build_id, build_id + 2);

	contents_own_folders(debug, folder);
	add_link(debug, to_symbols, DEBUG_FOLDER, build_id);
	add_link(debug, to_link, DEBUG_FOLDER, build_id);
	add_link(runtime, to_file, "/usr/lib", build_id);
}

const struct debug_format rpmpkg_debug = {
	.suffix = "-debuginfo",
	.path = rpm_path,
	.describe = rpm_describe,
	.link = rpm_link,
};
