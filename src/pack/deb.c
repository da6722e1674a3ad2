/* .deb: an ar archive of debian-binary, control.tar.xz and data.tar.xz (deb(5)), member for member as dpkg-deb writes
 * it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/deb.h"
#include "core/version.h"
#include "pack/base_debian.h"
#include "pack/debug.h"
#include "pack/depends.h"
#include "pack/payload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The header of an ar member: 60 characters, the size known only when the member is written. */
#define AR_HEADER 60

static gboolean failed(GError **error)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot write: %s", g_strerror(errno));
	return FALSE;
}

static gboolean write_at(int fd, const void *data, gsize size, off_t offset, GError **error)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = pwrite(fd, p, size, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(error);
		p += n;
		size -= (gsize)n;
		offset += n;
	}
	return TRUE;
}

static gboolean ar_header(int fd, off_t at, const char *name, gint64 mtime, guint64 size, GError **error)
{
	char header[AR_HEADER + 1];
	int n = snprintf(header, sizeof header,
			 "%-16s%-12" G_GINT64_FORMAT "0     0     100644  %-10" G_GUINT64_FORMAT "`\n", name, mtime,
			 size);

	if (n != AR_HEADER) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "%s: too large for a .deb", name);
		return FALSE;
	}
	return write_at(fd, header, AR_HEADER, at, error);
}

/* One member made by `fill` at *end, which moves past it and its padding. */
static gboolean ar_payload(int fd, off_t *end, const char *stem, const struct package *package,
			   gboolean (*fill)(payload *, const struct package *, GError **), GError **error)
{
	g_auto(payload_sums) sums = {0};
	struct payload_compressor compressor = payload_xz;
	if (package->compression != NULL && !payload_choose(package->compression, &compressor, error))
		return FALSE;
	g_autofree char *name = g_strconcat(stem, compressor.suffix, NULL);
	off_t begin = *end + AR_HEADER;

	if (lseek(fd, begin, SEEK_SET) < 0)
		return failed(error);
	g_autoptr(payload) p = payload_new(PAYLOAD_TAR, &compressor, package->threads, fd, error);
	if (p == NULL || !fill(p, package, error) || !payload_finish(p, &sums, error) ||
	    !ar_header(fd, *end, name, package->mtime, sums.size, error))
		return FALSE;
	*end = begin + (off_t)sums.size;
	if (sums.size % 2 != 0)
		return write_at(fd, "\n", 1, (*end)++, error);
	return TRUE;
}

static int by_path(gconstpointer a, gconstpointer b)
{
	const struct package_file *const *f = a, *const *g = b;

	return strcmp((*f)->path, (*g)->path);
}

/* dpkg-deb's order: everything by name, then the links, so that no link is unpacked before its target. */
static gboolean fill_data(payload *p, const struct package *package, GError **error)
{
	g_autoptr(GPtrArray) folders = deb_folders(package);
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	g_autofree struct package_file *implied = g_new0(struct package_file, folders->len);
	gboolean good = TRUE;

	for (guint i = 0; i < folders->len; i++) {
		implied[i] = (struct package_file){.path = folders->pdata[i],
						   .type = PACKAGE_DIRECTORY,
						   .mode = 0755,
						   .mtime = -1,
						   .owner = (char *)"root",
						   .group = (char *)"root"};
		g_ptr_array_add(entries, &implied[i]);
	}
	for (guint i = 0; i < package->files->len; i++)
		g_ptr_array_add(entries, package->files->pdata[i]);
	g_ptr_array_sort(entries, by_path);
	for (int links = 0; links <= 1; links++)
		for (guint i = 0; i < entries->len && good; i++) {
			const struct package_file *f = entries->pdata[i];
			if ((f->type == PACKAGE_SYMLINK) == links)
				good = payload_add(p, f, package->mtime, error);
		}
	return good;
}

/* A control file of text, taken over; NULL or "": none. */
static void put_text(struct package *control, const char *path, char *text)
{
	if (text != NULL && *text != '\0')
		package_add_data(control, path, g_bytes_new_take(text, strlen(text)));
	else
		g_free(text);
}

static void put_scripts(struct package *control, const struct package *package)
{
	static const char *const names[] = {[PACKAGE_PREINSTALL] = "/preinst",
					    [PACKAGE_POSTINSTALL] = "/postinst",
					    [PACKAGE_PREREMOVE] = "/prerm",
					    [PACKAGE_POSTREMOVE] = "/postrm"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (package->scripts[i] != NULL)
			package_add_data(control, names[i], g_bytes_ref(package->scripts[i]))->mode = 0755;
	if (package->deb.config != NULL)
		package_add_data(control, "/config", g_bytes_ref(package->deb.config))->mode = 0755;
	if (package->deb.templates != NULL)
		package_add_data(control, "/templates", g_bytes_ref(package->deb.templates));
}

/*
 * In a vendor folder the loader finds a library by its cache only: whoever depends on the package is not to be configured
 * before the cache is written. The system's own folders are searched in any case.
 */
static char *triggers(const struct package *package)
{
	const char *stated = package->deb.triggers == NULL ? "" : package->deb.triggers;

	if (package->library == NULL)
		return g_strdup(stated);
	return g_strdup_printf("%sactivate-%s ldconfig\n", stated,
			       package->library->ldconfig_scripts ? "await" : "noawait");
}

/* The control archive is a small package of its own: the same order, owners and modes. */
static gboolean fill_control(payload *p, const struct package *package, GError **error)
{
	g_autoptr(package) control = package_new("control");
	char *fields = deb_control(package, error), *symbols;

	if (fields == NULL)
		return FALSE;
	package_add(control, PACKAGE_DIRECTORY, "/");
	put_text(control, "/control", fields);
	put_text(control, "/conffiles", deb_conffiles(package));
	put_text(control, "/md5sums", deb_md5sums(package));
	put_scripts(control, package);
	if (package->library != NULL) {
		symbols = deb_symbols(package, error);
		if (symbols == NULL)
			return FALSE;
		put_text(control, "/symbols", symbols);
		put_text(control, "/shlibs", deb_shlibs(package));
	}
	put_text(control, "/triggers", triggers(package));
	gboolean good = package_seal(control, error);
	for (guint i = 0; good && i < control->files->len; i++)
		good = payload_add(p, control->files->pdata[i], package->mtime, error);
	return good;
}

static gboolean deb_write(const struct package *package, int fd, GError **error)
{
	static const char magic[] = "!<arch>\n", binary[] = "2.0\n";
	off_t end = sizeof magic - 1;

	if (!write_at(fd, magic, sizeof magic - 1, 0, error) ||
	    !ar_header(fd, end, "debian-binary", package->mtime, sizeof binary - 1, error) ||
	    !write_at(fd, binary, sizeof binary - 1, end + AR_HEADER, error))
		return FALSE;
	end += AR_HEADER + (off_t)sizeof binary - 1;
	return ar_payload(fd, &end, "control.tar", package, fill_control, error) &&
	       ar_payload(fd, &end, "data.tar", package, fill_data, error);
}

/* A script that the kernel cannot start would fail on every server, long after packing. */
static gboolean check_scripts(const struct package *package, GError **error)
{
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		gsize size = 0;
		const char *text = package->scripts[i] == NULL ? NULL : g_bytes_get_data(package->scripts[i], &size);
		if (package->scripts[i] != NULL && (size < 3 || memcmp(text, "#!/", 3) != 0)) {
			g_set_error_literal(error, PACK_ERROR, PACK_ERROR_MANIFEST,
					    "dpkg wants every maintainer script to begin with #!/, such as #!/bin/sh");
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean deb_check(const struct package *package, GError **error)
{
	g_autofree char *version = deb_version(package);
	g_autofree char *control = NULL;

	if (!names_check_deb(package->name, error) || !names_check_deb(package->source, error) ||
	    !names_check_deb_version(version, error) ||
	    !check_scripts(package, error))
		return FALSE;
	if (package->release != NULL && strchr(package->release, '-') != NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s': a release has no -", package->release);
		return FALSE;
	}
	if (package->release == NULL && strchr(package->version, '-') != NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST,
			    "'%s': dpkg reads what follows the last - as a revision; put it in `release`",
			    package->version);
		return FALSE;
	}
	control = deb_control(package, error);
	return control != NULL;
}

/* Does a relation of the manifest say all that the clause "NAME (>= VERSION)" or "NAME" says? */
static gboolean implies(const struct relation *stated, const char *clause)
{
	gsize name = strcspn(clause, " ");

	if (strchr(clause, '|') != NULL || strlen(stated->name) != name || strncmp(stated->name, clause, name) != 0)
		return FALSE;
	if (clause[name] == '\0')
		return TRUE;
	if (!g_str_has_prefix(clause + name, " (>= ") || !g_str_has_suffix(clause, ")"))
		return FALSE;
	const char *version = clause + name + strlen(" (>= ");
	g_autofree char *least = g_strndup(version, strlen(version) - 1);
	return stated->op >= RELATION_EQUAL && version_compare_deb(stated->version, least) >= 0;
}

/* Of what the manifest states and what was found for one package the stronger is kept, as dpkg-gencontrol does. */
static void add_found(struct package *package, const char *clause)
{
	GPtrArray *stated = package->relations[RELATION_DEPENDS];
	gsize name = strcspn(clause, " ");

	for (guint i = 0; i < stated->len; i++)
		if (implies(stated->pdata[i], clause))
			return;
	for (guint i = strchr(clause, '|') ? 0 : stated->len; i > 0; i--) {
		const struct relation *r = stated->pdata[i - 1];
		if (r->op == RELATION_ANY && strlen(r->name) == name && strncmp(r->name, clause, name) == 0)
			g_ptr_array_remove_index(stated, i - 1);
	}
	g_ptr_array_add(package->found_depends, g_strdup(clause));
}

static gboolean deb_resolve(struct package *package, const struct base *made, const struct base *base, GError **error)
{
	g_autofree const char **own = package_sonames(package);

	if (base == NULL)
		return TRUE;
	g_autoptr(depends) d = depends_new(made, base);
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->facts != NULL && !depends_add(d, f->facts, own, error))
			return FALSE;
	}
	g_autoptr(GPtrArray) found = depends_list(d);
	for (guint i = 0; i < found->len; i++)
		add_found(package, found->pdata[i]);
	return TRUE;
}

static gboolean deb_provide(const struct package *package, struct base *base, GError **error)
{
	if (package->library == NULL)
		return TRUE;
	g_autofree char *shlibs = deb_shlibs(package), *symbols = deb_symbols(package, error);
	return symbols != NULL && base_debian_symbols(base, package->name, symbols, error) &&
	       (shlibs == NULL || base_debian_shlibs(base, package->name, shlibs, error));
}

/* Without the epoch, whose colon file names do not have (Debian Policy 5.6.12). */
static char *deb_file_name(const struct package *package)
{
	return g_strdup_printf("%s_%s%s%s_%s.deb", package->name, package->version, package->release == NULL ? "" : "-",
			       package->release == NULL ? "" : package->release, package->arch->deb);
}

static struct relation *deb_exactly(const struct package *package)
{
	g_autofree char *version = deb_version(package);

	return relation_new(package->name, RELATION_EQUAL, version);
}

static char *deb_libdir(const struct names_arch *arch)
{
	return arch->triplet == NULL ? g_strdup("/usr/lib") : g_strconcat("/usr/lib/", arch->triplet, NULL);
}

const struct package_format deb_format = {
	.name = "deb",
	.family = PACKAGE_DEB,
	.devel_suffix = "-dev",
	.debug = &deb_debug,
	.library_mode = 0644,
	.version = deb_version,
	.exactly = deb_exactly,
	.libdir = deb_libdir,
	.file_name = deb_file_name,
	.document = deb_document,
	.resolve = deb_resolve,
	.provide = deb_provide,
	.check = deb_check,
	.write = deb_write,
	.sign = NULL,
};
