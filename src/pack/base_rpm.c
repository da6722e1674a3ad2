/* Capabilities of rpm packages, by librpm: see base_rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_rpm.h"
#include "core/text.h"

#include <rpm/header.h>
#include <rpm/rpmkeyring.h>
#include <rpm/rpmdb.h>
#include <rpm/rpmds.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmmacro.h>
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

/* ---- packages ---- */

/* Paths that other packages require: those that dnf's primary metadata has, too. */
static gboolean is_required_by_path(const char *path)
{
	return strstr(path, "bin/") != NULL || g_str_has_prefix(path, "/etc/") || strcmp(path, "/usr/lib/sendmail") == 0;
}

static const char *operator_of(rpmsenseFlags flags)
{
	static const struct {
		rpmsenseFlags flags;
		const char *text;
	} rows[] = {
		{RPMSENSE_LESS, "<"},
		{RPMSENSE_LESS | RPMSENSE_EQUAL, "<="},
		{RPMSENSE_EQUAL, "="},
		{RPMSENSE_GREATER | RPMSENSE_EQUAL, ">="},
		{RPMSENSE_GREATER, ">"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if ((flags & RPMSENSE_SENSEMASK) == rows[i].flags)
			return rows[i].text;
	return NULL;
}

static void append_relation(GString *out, const char *name, const char *operator, const char *evr)
{
	if (name == NULL || !text_is_plain(name) || (evr != NULL && !text_is_plain(evr)))
		return;
	g_string_append_printf(out, "%s%s", out->len > 0 ? "\t" : "", name);
	if (operator != NULL && evr != NULL && *evr != '\0')
		g_string_append_printf(out, " %s %s", operator, evr);
}

/* What rpm asks of itself, and of its own way of packing, is no relation to another package. */
static void append_relations(GString *out, Header h, rpmTag tag)
{
	rpmds ds = rpmdsNew(h, tag, 0);

	while (rpmdsNext(ds) >= 0)
		if ((rpmdsFlags(ds) & RPMSENSE_RPMLIB) == 0)
			append_relation(out, rpmdsN(ds), operator_of(rpmdsFlags(ds)), rpmdsEVR(ds));
	rpmdsFree(ds);
}

static void append_files(GString *out, Header h)
{
	struct rpmtd_s files;
	const char *path;

	if (headerGet(h, RPMTAG_FILENAMES, &files, HEADERGET_EXT) != 1)
		return;
	while ((path = rpmtdNextString(&files)) != NULL)
		if (is_required_by_path(path))
			append_relation(out, path, NULL, NULL);
	rpmtdFreeData(&files);
}

/* Public keys stand in the database as if they were packages. */
static void add_installed(struct base *b, Header h)
{
	static const rpmTag tags[BASE_RELATIONS] = {
		[BASE_PROVIDES] = RPMTAG_PROVIDENAME,
		[BASE_DEPENDS] = RPMTAG_REQUIRENAME,
		[BASE_CONFLICTS] = RPMTAG_CONFLICTNAME,
		[BASE_OBSOLETES] = RPMTAG_OBSOLETENAME,
	};
	const char *name = headerGetString(h, RPMTAG_NAME), *arch = headerGetString(h, RPMTAG_ARCH);
	g_autofree char *evr = headerGetAsString(h, RPMTAG_EVR);

	if (name == NULL || arch == NULL || evr == NULL || strcmp(name, "gpg-pubkey") == 0 || !text_is_plain(name) ||
	    !text_is_plain(arch) || !text_is_plain(evr))
		return;
	struct base_package *p = g_new0(struct base_package, 1);
	p->name = g_strdup(name);
	p->arch = g_strdup(arch);
	p->version = g_steal_pointer(&evr);
	for (guint i = 0; i < BASE_RELATIONS; i++) {
		GString *text = g_string_new(NULL);
		append_relations(text, h, tags[i]);
		if (i == BASE_PROVIDES)
			append_files(text, h);
		gboolean none = text->len == 0;
		p->relations[i] = g_string_free(text, none);
	}
	g_ptr_array_add(b->packages, p);
}

static void add_header(struct base *b, Header h)
{
	const char *arch = headerGetString(h, RPMTAG_ARCH), *name;
	struct rpmtd_s provides;

	if (b->arch == NULL && arch != NULL && strcmp(arch, "noarch") != 0)
		b->arch = g_strdup(arch);
	if (headerGet(h, RPMTAG_PROVIDENAME, &provides, HEADERGET_MINMEM) != 1)
		return;
	while ((name = rpmtdNextString(&provides)) != NULL)
		if (is_of_elf(name) && text_is_plain(name))
			g_hash_table_add(b->capabilities, g_strdup(name));
	rpmtdFreeData(&provides);
}

/* Once in a process: each reading would define all macros anew. */
static gboolean configured(void)
{
	static gsize once = 0;

	if (g_once_init_enter(&once)) {
		rpmlogSetMask(RPMLOG_UPTO(RPMLOG_CRIT)); /* what we have to say goes by GError */
		g_once_init_leave(&once, rpmReadConfigFiles(NULL, NULL) == 0 ? 1 : 2);
	}
	return once == 1;
}

/* An empty keyring, because rpm would look into the database, and make one, for its own. */
static rpmts begin(const char *root)
{
	rpmts ts = configured() ? rpmtsCreate() : NULL;
	rpmKeyring keys = rpmKeyringNew();

	if (ts != NULL) {
		rpmtsSetVSFlags(ts, rpmtsVSFlags(ts) | RPMVSF_MASK_NODIGESTS | RPMVSF_MASK_NOSIGNATURES);
		rpmtsSetKeyring(ts, keys);
		if (rpmtsSetRootDir(ts, root) != 0)
			ts = rpmtsFree(ts);
	}
	rpmKeyringFree(keys);
	return ts;
}

/* Where the system below ROOT keeps its database, whatever this machine's rpm is set to; NULL: nowhere. */
static const char *find_database(const char *root)
{
	static const char *const folders[] = {"/usr/lib/sysimage/rpm", "/var/lib/rpm"};
	static const char *const files[] = {"rpmdb.sqlite", "Packages.db", "Packages"};

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		for (gsize j = 0; j < G_N_ELEMENTS(files); j++) {
			g_autofree char *path = g_build_filename(root, folders[i], files[j], NULL);
			if (g_file_test(path, G_FILE_TEST_EXISTS))
				return folders[i];
		}
	return NULL;
}

struct base *base_rpm_root(const char *root, GError **error)
{
	g_autoptr(base) b = base_new(PACKAGE_RPM);
	const char *database = find_database(root);
	rpmts ts = database ? begin(root) : NULL;

	if (ts != NULL)
		rpmPushMacro(NULL, "_dbpath", NULL, database, RMIL_CMDLINE);
	rpmdbMatchIterator packages = ts ? rpmtsInitIterator(ts, RPMDBI_PACKAGES, NULL, 0) : NULL;
	guint n = 0;
	Header h;

	while (packages != NULL && (h = rpmdbNextIterator(packages)) != NULL) {
		add_header(b, h);
		add_installed(b, h);
		n++;
	}
	rpmdbFreeIterator(packages);
	if (ts != NULL)
		rpmPopMacro(NULL, "_dbpath");
	rpmtsFree(ts);
	if (n > 0)
		return g_steal_pointer(&b);
	bad(error, root, "no database of dpkg or rpm with packages in it");
	return NULL;
}

struct base *base_rpm_package(const char *path, GError **error)
{
	g_autoptr(base) b = base_new(PACKAGE_RPM);
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
	if (result != RPMRC_FAIL && result != RPMRC_NOTFOUND)
		return g_steal_pointer(&b);
	bad(error, path, "not an .rpm, or a damaged one");
	return NULL;
}
