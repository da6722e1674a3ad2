/* Two sonames of one library install side by side: see coinstall.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/coinstall.h"

#include <string.h>

/* The names that belong to one soname, ending with a NULL. Caller frees. */
static char **names_of(const char *soname)
{
	g_autofree char *stem = NULL, *version = NULL, *package = names_runtime(soname);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	g_strv_builder_add(names, soname);
	if (package == NULL || !names_soname_split(soname, &stem, &version))
		return g_strv_builder_end(names);
	g_strv_builder_add(names, package);
	if (version == NULL)
		return g_strv_builder_end(names);
	g_autofree char *dashed = g_strdup_printf("%s-%s", stem, version);
	g_strv_builder_add(names, dashed);
	if (g_str_has_prefix(stem, "lib") && stem[3] != '\0') {
		g_autofree char *joined = g_strconcat(stem + 3, version, NULL);
		g_strv_builder_add(names, joined);
		g_strv_builder_add(names, dashed + 3);
	}
	return g_strv_builder_end(names);
}

static gboolean belongs(const char *component, char *const *names)
{
	for (; *names != NULL; names++)
		if (g_str_has_prefix(component, *names) && !g_ascii_isalnum(component[strlen(*names)]))
			return TRUE;
	return FALSE;
}

gboolean coinstall_is_versioned(const char *path, const char *soname)
{
	g_autofree char *stem = NULL, *version = NULL;
	g_auto(GStrv) names = names_of(soname), components = g_strsplit(path, "/", -1);

	names_soname_split(soname, &stem, &version);
	for (gsize i = 0; components[i] != NULL; i++)
		if (belongs(components[i], names) || g_strcmp0(components[i], version) == 0)
			return TRUE;
	return FALSE;
}

gboolean coinstall_check(const struct package *package, guint first, const char *soname, GError **error)
{
	g_autofree char *name = names_runtime(soname);

	for (guint i = first; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->type == PACKAGE_DIRECTORY || coinstall_is_versioned(f->path, soname))
			continue;
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST,
			    "%s would be in the package of the next soname, too, and no two packages may own one file; "
			    "put it in a folder of %s's own, or into another package, or say `unversioned: true`",
			    f->path, name == NULL ? soname : name);
		return FALSE;
	}
	return TRUE;
}
