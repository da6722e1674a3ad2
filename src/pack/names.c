/* Names, versions and architectures of the two families: see names.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/names.h"
#include "pack/error.h"

#include <elf.h>
#include <string.h>

static const struct names_arch arch_rows[] = {
	{"all", "all", "noarch", NULL, NULL, EM_NONE, 0, 1},
	{"amd64", "amd64", "x86_64", "x86-64", "x86_64-linux-gnu", EM_X86_64, 64, 1},
	{"arm64", "arm64", "aarch64", "aarch-64", "aarch64-linux-gnu", EM_AARCH64, 64, 19},
	{"386", "i386", "i686", "x86-32", "i386-linux-gnu", EM_386, 32, 1},
	{"arm7", "armhf", "armv7hl", "armv7hl-32", "arm-linux-gnueabihf", EM_ARM, 32, 12},
	{"ppc64le", "ppc64el", "ppc64le", "ppc-64", "powerpc64le-linux-gnu", EM_PPC64, 64, 16},
	{"riscv64", "riscv64", "riscv64", "riscv-64", "riscv64-linux-gnu", EM_RISCV, 64, 22},
	{"s390x", "s390x", "s390x", "s390-64", "s390x-linux-gnu", EM_S390, 64, 15},
};

const struct names_arch *names_arch_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(arch_rows); i++)
		if (g_str_equal(name, arch_rows[i].go) || g_str_equal(name, arch_rows[i].deb) ||
		    g_str_equal(name, arch_rows[i].rpm))
			return &arch_rows[i];
	return NULL;
}

const struct names_arch *names_arch_of_elf(guint16 machine, guint bits)
{
	for (gsize i = 0; i < G_N_ELEMENTS(arch_rows); i++)
		if (arch_rows[i].isa != NULL && arch_rows[i].machine == machine && arch_rows[i].bits == bits)
			return &arch_rows[i];
	return NULL;
}

static gboolean refuse(GError **error, const char *value, const char *rule)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s': %s", value, rule);
	return FALSE;
}

/* TRUE when text consists of ASCII letters, digits and the characters of `others`. */
static gboolean consists_of(const char *text, const char *others)
{
	for (; *text != '\0'; text++)
		if (!g_ascii_isalnum(*text) && strchr(others, *text) == NULL)
			return FALSE;
	return TRUE;
}

gboolean names_check_deb(const char *name, GError **error)
{
	gboolean lower = TRUE;

	for (const char *p = name; *p != '\0'; p++)
		lower = lower && !g_ascii_isupper(*p);
	if (strlen(name) < 2 || !lower || !g_ascii_isalnum(*name) || !consists_of(name, "+-."))
		return refuse(error, name,
			      "dpkg wants a name of two or more lower-case letters, digits and + - . that begins "
			      "with a letter or digit");
	return TRUE;
}

gboolean names_check_deb_version(const char *version, GError **error)
{
	const char *colon = strchr(version, ':');
	const char *upstream = colon == NULL ? version : colon + 1;
	const char *dash = strrchr(upstream, '-');
	gboolean digits = colon == NULL || (colon > version && colon - version < 10);

	for (const char *p = version; colon != NULL && p < colon; p++)
		digits = digits && g_ascii_isdigit(*p);
	if (!digits)
		return refuse(error, version, "dpkg wants a number before the ':' of a version");
	if (!g_ascii_isdigit(*upstream) || !consists_of(upstream, "+-.~") || (dash != NULL && dash[1] == '\0'))
		return refuse(error, version,
			      "dpkg wants a version that begins with a digit and has letters, digits and . + ~ - only");
	return TRUE;
}

gboolean names_check_rpm(const char *name, GError **error)
{
	if (*name == '\0' || (!g_ascii_isalnum(*name) && *name != '_') || !consists_of(name, "-._+"))
		return refuse(error, name, "rpm wants a name of letters, digits and - . _ +");
	return TRUE;
}

gboolean names_check_rpm_version(const char *version, gboolean evr, GError **error)
{
	if (!g_ascii_isalnum(*version) || !consists_of(version, evr ? "._+~^:-" : "._+~^"))
		return refuse(
			error, version,
			"rpm wants a version of letters, digits and . _ + ~ ^ that begins with a letter or digit");
	return TRUE;
}

gboolean names_check_rpm_capability(const char *name, GError **error)
{
	for (const char *p = name; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || *p == ',')
			return refuse(error, name, "rpm wants printable characters without spaces and commas");
	return TRUE;
}

gboolean names_soname_split(const char *soname, char **stem, char **version)
{
	const char *so = strstr(soname, ".so");

	while (so != NULL && so[3] != '.' && so[3] != '\0')
		so = strstr(so + 1, ".so");
	if (so == NULL || so == soname)
		return FALSE;
	*stem = g_strndup(soname, (gsize)(so - soname));
	*version = so[3] == '.' && so[4] != '\0' ? g_strdup(so + 4) : NULL;
	return TRUE;
}

char *names_runtime(const char *soname)
{
	g_autofree char *stem = NULL, *version = NULL;

	if (!names_soname_split(soname, &stem, &version))
		return NULL;
	gboolean digit = g_ascii_isdigit(stem[strlen(stem) - 1]);
	g_autofree char *name = version == NULL ? g_strdup(stem) : g_strconcat(stem, digit ? "-" : "", version, NULL);
	g_autofree char *lower = g_ascii_strdown(name, -1);
	return g_strdelimit(g_steal_pointer(&lower), "_", '-');
}
