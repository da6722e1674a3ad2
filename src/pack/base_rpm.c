/* Capabilities of rpm packages, by librpm: see base_rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_rpm.h"

#include <rpm/header.h>
#include <rpm/rpmdb.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmtd.h>
#include <rpm/rpmts.h>
#include <string.h>

static gboolean bad(GError **error, const char *path, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s", path, what);
	return FALSE;
}

/* A soname, with or without a version node and (64bit), or the loader's own features. */
static gboolean is_of_elf(const char *capability)
{
	return strstr(capability, ".so") != NULL || g_str_has_prefix(capability, "rtld(");
}

static void add_header(struct base *b, Header h)
{
	struct rpmtd_s provides;
	const char *name;

	if (headerGet(h, RPMTAG_PROVIDENAME, &provides, HEADERGET_MINMEM) != 1)
		return;
	while ((name = rpmtdNextString(&provides)) != NULL)
		if (is_of_elf(name) && strpbrk(name, "\t\n") == NULL)
			g_hash_table_add(b->capabilities, g_strdup(name));
	rpmtdFreeData(&provides);
}

/* The architecture is that of the C library, or of whatever else is not for all. */
static void note_arch(struct base *b, Header h)
{
	const char *arch = headerGetString(h, RPMTAG_ARCH);

	if (b->arch == NULL && arch != NULL && strcmp(arch, "noarch") != 0)
		b->arch = g_strdup(arch);
}

static rpmts begin(const char *root)
{
	rpmlogSetMask(RPMLOG_UPTO(RPMLOG_CRIT)); /* what we have to say goes by GError */
	if (rpmReadConfigFiles(NULL, NULL) != 0)
		return NULL;
	rpmts ts = rpmtsCreate();
	if (rpmtsSetRootDir(ts, root) != 0)
		return rpmtsFree(ts);
	rpmtsSetVSFlags(ts, rpmtsVSFlags(ts) | RPMVSF_MASK_NODIGESTS | RPMVSF_MASK_NOSIGNATURES);
	return ts;
}

gboolean base_rpm_root(struct base *b, const char *root, GError **error)
{
	rpmts ts = begin(root);
	rpmdbMatchIterator packages = ts ? rpmtsInitIterator(ts, RPMDBI_PACKAGES, NULL, 0) : NULL;
	guint n = 0;
	Header h;

	while (packages != NULL && (h = rpmdbNextIterator(packages)) != NULL) {
		add_header(b, h);
		note_arch(b, h);
		n++;
	}
	rpmdbFreeIterator(packages);
	rpmtsFree(ts);
	return n > 0 || bad(error, root, "no rpm database with packages in it");
}

gboolean base_rpm_package(struct base *b, const char *path, GError **error)
{
	rpmts ts = begin("/");
	FD_t fd = Fopen(path, "r.ufdio");
	Header h = NULL;
	rpmRC result = ts && fd && !Ferror(fd) ? rpmReadPackageFile(ts, fd, path, &h) : RPMRC_FAIL;

	if (h != NULL)
		add_header(b, h);
	headerFree(h);
	if (fd != NULL)
		Fclose(fd);
	rpmtsFree(ts);
	return (result != RPMRC_FAIL && result != RPMRC_NOTFOUND) || bad(error, path, "not an .rpm, or a damaged one");
}
