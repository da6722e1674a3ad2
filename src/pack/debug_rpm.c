/* NAME-debuginfo, as find-debuginfo(8) and rpmbuild make it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/contents.h"
#include "pack/debug.h"
#include "pack/rpm.h"

#include <string.h>

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

/* A link ROOT/.build-id/XX/YYYY, with its folders. */
static void add_link(struct package *package, const char *root, const char *build_id, const char *suffix,
		     const char *target)
{
	g_autofree char *path = g_strdup_printf("%s/.build-id/%.2s/%s%s", root, build_id, build_id + 2, suffix);
	g_autofree char *folder = g_path_get_dirname(path);
	guint first = package->files->len;

	package_add_link(package, path, target);
	contents_own_folders(package, folder);
	for (guint i = first; i < package->files->len; i++) {
		struct package_file *f = package->files->pdata[i];
		if (strstr(f->path, "/.build-id") != NULL)
			f->flags |= PACKAGE_ARTIFACT;
	}
}

/* From a file to its symbols, from its symbols' folder to it, and to it from where every file's build-id is linked. */
static void rpm_link(struct package *debug, struct package *runtime, const char *file, const char *symbols,
		     const char *build_id)
{
	g_autofree char *folder = g_path_get_dirname(symbols);
	g_autofree char *to_symbols = g_strconcat("../../../../..", symbols, NULL);
	g_autofree char *to_file = g_strconcat("../../../..", file, NULL);
	g_autofree char *to_link = g_strdup_printf("../../../.build-id/%.2s/%s", build_id, build_id + 2);

	contents_own_folders(debug, folder);
	add_link(debug, DEBUG_FOLDER, build_id, ".debug", to_symbols);
	add_link(debug, DEBUG_FOLDER, build_id, "", to_link);
	add_link(runtime, "/usr/lib", build_id, "", to_file);
}

const struct debug_format rpmpkg_debug = {
	.suffix = "-debuginfo",
	.mode = 0444,
	.path = rpm_path,
	.describe = rpm_describe,
	.link = rpm_link,
};
