/* Lists of what is installed on a host: see installed.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/installed.h"
#include "core/text.h"
#include "pack/base_text.h"
#include "pin/channel.h"
#include "pin/view_private.h"

#include <string.h>

#define BASE_MAGIC "abide-base\t"

static void free_package(gpointer data)
{
	struct installed_package *p = data;

	g_free(p->name);
	g_free(p->version);
	g_free(p->arch);
	g_free(p);
}

static installed *installed_new(enum package_family family)
{
	installed *list = g_new0(installed, 1);

	list->family = family;
	list->packages = g_ptr_array_new_with_free_func(free_package);
	return list;
}

void installed_free(installed *list)
{
	if (list == NULL)
		return;
	g_ptr_array_unref(list->packages);
	g_free(list);
}

static void add(installed *list, char *name, char *version, char *arch)
{
	struct installed_package *p = g_new0(struct installed_package, 1);

	*p = (struct installed_package){name, version, arch};
	g_ptr_array_add(list->packages, p);
}

/* ---- lines ---- */

/* "libc6:amd64\t2.36-9" */
static gboolean add_deb(installed *list, const char *line)
{
	const char *tab = strchr(line, '\t'), *colon = memchr(line, ':', (gsize)(tab - line));
	const char *end = colon ? colon : tab;

	if (end == line || strchr(tab + 1, '\t') != NULL || strchr(tab + 1, ' ') != NULL)
		return FALSE;
	if (tab[1] != '\0')
		add(list, g_strndup(line, (gsize)(end - line)), g_strdup(tab + 1),
		    colon ? g_strndup(colon + 1, (gsize)(tab - colon - 1)) : NULL);
	return TRUE;
}

/* What rpm may say behind the last dot of a line: "el9" is no architecture. */
static gboolean is_arch(const char *word)
{
	static const char *const words[] = {"noarch", "x86_64",	 "i386",  "i586",  "i686", "aarch64", "armv7hl",
					    "ppc64le", "s390x", "riscv64", "src", NULL};

	return g_strv_contains(words, word);
}

/* "libwarden1-1.0.1-1.el9.x86_64" */
static gboolean add_rpm(installed *list, const char *line)
{
	g_autofree char *text = g_strdup(line);
	char *dot = strrchr(text, '.'), *arch = NULL;

	if (g_str_has_prefix(text, "gpg-pubkey-"))
		return TRUE;
	if (dot != NULL && is_arch(dot + 1)) {
		*dot = '\0';
		arch = dot + 1;
	}
	char *dash = strrchr(text, '-');
	if (dash == NULL || dash[1] == '\0' || strchr(line, ' ') != NULL)
		return FALSE;
	*dash = '\0';
	char *before = strrchr(text, '-');
	*dash = '-';
	if (before == NULL || before == text || before + 1 == dash)
		return FALSE;
	*before = '\0';
	add(list, g_strdup(text), g_strdup(before + 1), g_strdup(arch));
	return TRUE;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct installed_package *x = *(const struct installed_package *const *)a;
	const struct installed_package *y = *(const struct installed_package *const *)b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : g_strcmp0(x->arch, y->arch);
}

static installed *parse_lines(const char *name, char *const *lines, GError **error)
{
	g_autoptr(installed) list = NULL;

	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i];
		if (*line == '\0')
			continue;
		gboolean deb = strchr(line, '\t') != NULL;
		if (list == NULL)
			list = installed_new(deb ? PACKAGE_DEB : PACKAGE_RPM);
		if ((list->family == PACKAGE_DEB) == deb && (deb ? add_deb : add_rpm)(list, line))
			continue;
		g_autofree char *shown = text_one_line(line);
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
			    "%s:%u: '%.60s' is no line of dpkg-query -W or rpm -qa", name, i + 1, shown);
		return NULL;
	}
	if (list == NULL)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s:1: there is nothing in this list", name);
	else
		g_ptr_array_sort(list->packages, by_name);
	return g_steal_pointer(&list);
}

/* ---- all of it ---- */

static installed *from_base(const struct base *b)
{
	installed *list = installed_new(b->family);

	for (guint i = 0; i < b->packages->len; i++) {
		const struct base_package *p = b->packages->pdata[i];
		if (!p->available)
			add(list, g_strdup(p->name), g_strdup(p->version), g_strdup(p->arch));
	}
	g_ptr_array_sort(list->packages, by_name);
	return list;
}

installed *installed_parse(const char *name, GBytes *text, GError **error)
{
	gsize size = 0;
	const char *data = g_bytes_get_data(text, &size);

	if (size >= strlen(BASE_MAGIC) && memcmp(data, BASE_MAGIC, strlen(BASE_MAGIC)) == 0) {
		g_autoptr(base) b = base_parse(name, text, error);
		return b != NULL ? from_base(b) : NULL;
	}
	g_autofree char *copy = g_strndup(data ? data : "", size);
	if (strlen(copy) != size) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s:1: this is no text", name);
		return NULL;
	}
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
	return parse_lines(name, lines, error);
}

const struct installed_package *installed_find(const installed *list, const char *name, const char *arch)
{
	guint low = 0, high = list->packages->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (strcmp(((const struct installed_package *)list->packages->pdata[middle])->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < list->packages->len; low++) {
		const struct installed_package *p = list->packages->pdata[low];
		if (strcmp(p->name, name) != 0)
			break;
		if (p->arch == NULL || view_is_for(p->arch, arch))
			return p;
	}
	return NULL;
}
