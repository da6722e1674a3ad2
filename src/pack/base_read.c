/* From what --base names to a base: see base_read.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_read.h"
#include "core/file.h"
#include "inspect/container.h"
#include "pack/base_debian.h"
#include "pack/base_rpm.h"

#include <string.h>

#define BASE_CEILING (64 * 1024 * 1024)

static gboolean add_text(struct bases *all, const char *name, GBytes *text, GError **error)
{
	enum package_family family;

	if (!base_family_of(name, text, &family, error))
		return FALSE;
	g_autoptr(base) one = base_new(family);
	if (!base_parse(one, name, text, error))
		return FALSE;
	if (all->of[family] == NULL)
		all->of[family] = base_new(family);
	base_take_over(all->of[family], one);
	return TRUE;
}

static gboolean add_package(struct bases *all, const char *path, GError **error)
{
	enum package_family family = g_str_has_suffix(path, ".rpm") ? PACKAGE_RPM : PACKAGE_DEB;

	if (all->of[family] == NULL)
		all->of[family] = base_new(family);
	return family == PACKAGE_RPM ? base_rpm_package(all->of[family], path, error)
				     : base_debian_package(all->of[family], path, error);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean add_folder(struct bases *all, const char *folder, GError **error)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, error);

	if (dir == NULL)
		return FALSE;
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
		if (g_str_has_suffix(name, ".deb") || g_str_has_suffix(name, ".rpm"))
			g_ptr_array_add(packages, g_build_filename(folder, name, NULL));
	g_dir_close(dir);
	g_ptr_array_sort(packages, compare_names);
	for (guint i = 0; i < packages->len; i++)
		if (!add_package(all, packages->pdata[i], error))
			return FALSE;
	if (packages->len == 0)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: no package in this folder; abide base capture --root makes a base of an installed system",
			    folder);
	return packages->len > 0;
}

gboolean bases_add(struct bases *all, const char *name, const char *arch, GError **error)
{
	g_autoptr(GBytes) shipped = strchr(name, '/') == NULL ? base_shipped(name, arch) : NULL;

	if (shipped != NULL)
		return add_text(all, name, shipped, error);
	if (g_file_test(name, G_FILE_TEST_IS_DIR))
		return add_folder(all, name, error);
	if (container_is_package(name))
		return add_package(all, name, error);
	g_autoptr(GBytes) text = file_read(name, BASE_CEILING, error);
	return text != NULL && add_text(all, name, text, error);
}

void bases_clear(struct bases *all)
{
	for (int i = 0; i < PACKAGE_FAMILIES; i++)
		g_clear_pointer(&all->of[i], base_free);
}

/* A value of /etc/os-release, os-release(5), without quotes. Caller frees; NULL when there is none. */
static char *os_release(const char *root, const char *key)
{
	g_autofree char *path = g_build_filename(root, "etc/os-release", NULL);
	g_autoptr(GBytes) bytes = file_read(path, 65536, NULL);
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (g_str_has_prefix(*line, key) && (*line)[strlen(key)] == '=')
			return g_strdelimit(g_strdup(*line + strlen(key) + 1), "\"'\t", ' ');
	return NULL;
}

struct base *base_capture(const char *root, const char *name, GError **error)
{
	g_autofree char *status = g_build_filename(root, "var/lib/dpkg/status", NULL);
	enum package_family family = g_file_test(status, G_FILE_TEST_EXISTS) ? PACKAGE_DEB : PACKAGE_RPM;
	g_autofree char *id = os_release(root, "ID"), *version = os_release(root, "VERSION_ID");
	g_autofree char *real = g_canonicalize_filename(root, NULL);
	g_autoptr(base) b = base_new(family);

	if (!(family == PACKAGE_DEB ? base_debian_root(b, root, error) : base_rpm_root(b, real, error)))
		return NULL;
	if (name != NULL)
		b->name = g_strdup(name);
	else if (id != NULL)
		b->name = g_strdup_printf("%s%s%s", g_strstrip(id), version ? "-" : "", version ? g_strstrip(version) : "");
	return g_steal_pointer(&b);
}
