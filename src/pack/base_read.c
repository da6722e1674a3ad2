/* From what --base names to a base: see base_read.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_read.h"
#include "core/file.h"
#include "core/text.h"
#include "core/version.h"
#include "inspect/container.h"
#include "pack/base_debian.h"
#include "pack/base_rpm.h"
#include "pack/base_text.h"

#include <string.h>

#define BASE_CEILING (16 * 1024 * 1024)
#define INDEX_CEILING (256 * 1024 * 1024)

static gboolean is_of_arch(const struct bases *all, const struct base *b)
{
	const char *wanted = b->family == PACKAGE_DEB ? all->arch->deb : all->arch->rpm;

	return b->arch == NULL || strcmp(b->arch, wanted) == 0;
}

/* Takes ONE over. */
static void put(struct bases *all, struct base *one)
{
	struct base **place = &all->of[one->family];

	if (*place == NULL) {
		*place = one;
		return;
	}
	base_take_over(*place, one);
	base_free(one);
}

static gboolean add_system(struct bases *all, const char *name, GBytes *text, GError **error)
{
	g_autoptr(base) b = base_parse(name, text, error);

	if (b == NULL)
		return FALSE;
	if (!is_of_arch(all, b)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: a base of %s; the package is for %s", name, b->arch,
			    all->arch->go);
		return FALSE;
	}
	all->system[b->family] = TRUE;
	put(all, g_steal_pointer(&b));
	return TRUE;
}

static gboolean add_package(struct bases *all, const char *path, gboolean named, GError **error)
{
	g_autoptr(base) b = g_str_has_suffix(path, ".rpm") ? base_rpm_package(path, error)
							   : base_debian_package(path, error);

	if (b == NULL)
		return FALSE;
	if (is_of_arch(all, b)) {
		put(all, g_steal_pointer(&b));
		return TRUE;
	}
	if (named)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: a package for %s; the one to be made is for %s", path,
			    b->arch, all->arch->go);
	return !named;
}

/* So that of two versions of a package the higher one comes later. */
static int compare_names(gconstpointer a, gconstpointer b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int order = version_compare_deb(x, y);

	return order != 0 ? order : strcmp(x, y);
}

static gboolean add_folder(struct bases *all, const char *folder, GError **error)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, error);

	if (dir == NULL)
		return FALSE;
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
		if (g_str_has_suffix(name, ".deb") || g_str_has_suffix(name, ".rpm"))
			g_ptr_array_add(packages, g_strdup(name));
	g_dir_close(dir);
	g_ptr_array_sort(packages, compare_names);
	for (guint i = 0; i < packages->len; i++) {
		g_autofree char *path = g_build_filename(folder, packages->pdata[i], NULL);
		if (!add_package(all, path, FALSE, error))
			return FALSE;
	}
	if (packages->len == 0)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: no package in this folder; abide base capture --root makes a base of an installed system",
			    folder);
	return packages->len > 0;
}

static gboolean add_file(struct bases *all, const char *path, GError **error)
{
	g_autoptr(GBytes) text = NULL;

	if (container_is_package(path))
		return add_package(all, path, TRUE, error);
	if (strchr(path, '/') == NULL && !g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: no such file, and no base of abide's for %s; see abide base list", path, all->arch->go);
		return FALSE;
	}
	text = file_read(path, BASE_CEILING, error);
	return text != NULL && add_system(all, path, text, error);
}

gboolean bases_add(struct bases *all, const char *name, GError **error)
{
	g_autoptr(GBytes) shipped = strchr(name, '/') == NULL ? base_shipped(name, all->arch->deb) : NULL;

	return shipped != NULL				 ? add_system(all, name, shipped, error)
	       : g_file_test(name, G_FILE_TEST_IS_DIR) ? add_folder(all, name, error)
						       : add_file(all, name, error);
}

static gboolean add_default(struct bases *all, GError **error)
{
	g_autoptr(GBytes) text = base_shipped(BASES_DEFAULT, all->arch->deb);
	g_autoptr(base) b = text ? base_parse(BASES_DEFAULT, text, error) : base_new(PACKAGE_DEB);

	if (b == NULL)
		return FALSE;
	if (all->of[PACKAGE_DEB] != NULL)
		base_take_over(b, all->of[PACKAGE_DEB]);
	base_free(all->of[PACKAGE_DEB]);
	all->of[PACKAGE_DEB] = g_steal_pointer(&b);
	return TRUE;
}

guint bases_read(struct bases *all, const char *const *names, guint n, const struct names_arch *arch, GError **error)
{
	all->arch = arch;
	if (arch->isa == NULL)
		return 0;
	if (n == 1 && strcmp(names[0], BASES_NONE) == 0)
		return 0;
	for (guint i = 0; i < n; i++) {
		if (strcmp(names[i], BASES_NONE) == 0) {
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: stands for no base, so it stands alone",
				    BASES_NONE);
			return i + 1;
		}
		if (!bases_add(all, names[i], error))
			return i + 1;
	}
	if (!all->system[PACKAGE_RPM])
		g_clear_pointer(&all->of[PACKAGE_RPM], base_free);
	return all->system[PACKAGE_DEB] || add_default(all, error) ? 0 : MAX(n, 1);
}

void bases_clear(struct bases *all)
{
	for (int i = 0; i < PACKAGE_FAMILIES; i++)
		g_clear_pointer(&all->of[i], base_free);
}

/* A value of /etc/os-release, os-release(5), without quotation marks. Caller frees; NULL when there is none. */
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
			return text_one_line(g_strdelimit(*line + strlen(key) + 1, "\"'", ' '));
	return NULL;
}

struct base *base_capture(const char *root, const char *name, GError **error)
{
	g_autofree char *status = g_build_filename(root, "var/lib/dpkg/status", NULL);
	g_autofree char *id = os_release(root, "ID"), *version = os_release(root, "VERSION_ID");
	g_autofree char *real = g_canonicalize_filename(root, NULL);
	struct base *b = g_file_test(status, G_FILE_TEST_EXISTS) ? base_debian_root(root, error) : base_rpm_root(real, error);

	if (b == NULL)
		return NULL;
	if (name != NULL)
		b->name = text_one_line(name);
	else if (id != NULL)
		b->name = g_strdup_printf("%s%s%s", id, version ? "-" : "", version ? version : "");
	return b;
}

gboolean base_add_available(struct base *b, const char *index, GError **error)
{
	g_autoptr(GBytes) bytes = b->family == PACKAGE_DEB ? file_read(index, INDEX_CEILING, error) : NULL;
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", size);

	if (b->family != PACKAGE_DEB)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: a Packages index is of no use to an rpm system", index);
	else if (bytes != NULL && strlen(text) != size)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: not a text file; is it compressed?", index);
	else
		return bytes != NULL && base_debian_packages(b, index, text, TRUE, error);
	return FALSE;
}
