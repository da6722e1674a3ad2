/* Names and versions that dpkg and rpm accept, and what each family calls an architecture. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_NAMES_H
#define PACK_NAMES_H

#include <glib.h>

/* One architecture: what Go, dpkg and rpm call it, and how to tell it from an ELF header. */
struct names_arch {
	const char *go;	     /* as a manifest has it: "amd64" */
	const char *deb;     /* "amd64" */
	const char *rpm;     /* "x86_64" */
	const char *isa;     /* what rpm's %_isa says in brackets: "x86-64"; NULL for packages without machine code */
	const char *triplet; /* Debian's multiarch folder: "x86_64-linux-gnu"; NULL likewise */
	guint16 machine;     /* e_machine */
	guint bits;
	guint16 lead; /* rpmrc's arch_canon: the number in the obsolete lead of an .rpm, shown by file(1) only */
};

/* names_arch_find: by Go's, dpkg's or rpm's name; NULL when unknown. */
const struct names_arch *names_arch_find(const char *name);

/* names_arch_of_elf: by e_machine and word size; NULL when unknown. */
const struct names_arch *names_arch_of_elf(guint16 machine, guint bits);

/* The checks below return FALSE with PACK_ERROR_MANIFEST: the value in quotation marks, and the rule that it breaks. */

/* names_check_deb: a Debian package name (Debian Policy 5.6.7). */
gboolean names_check_deb(const char *name, GError **error);
/* names_check_deb_version: a Debian version, [epoch:]upstream[-revision] (Debian Policy 5.6.12). */
gboolean names_check_deb_version(const char *version, GError **error);
/* names_check_rpm: an rpm package name, as rpmbuild takes it. */
gboolean names_check_rpm(const char *name, GError **error);
/* names_check_rpm_version: a version or release; evr: `[epoch:]version[-release]` is fine too. */
gboolean names_check_rpm_version(const char *version, gboolean evr, GError **error);
/* names_check_rpm_capability: what an rpm relation may name: a package, a capability with brackets, or a path. */
gboolean names_check_rpm_capability(const char *name, GError **error);

/*
 * names_runtime: the name of the package of a shared library, from its soname (Debian Policy 8.1).
 *
 * libwarden.so.1 -> libwarden1, libfoo2.so.1 -> libfoo2-1, libfoo-1.2.so -> libfoo-1.2; in lower case, with `-` for
 * `_`. NULL when the soname has neither form. Caller frees.
 */
char *names_runtime(const char *soname);

/*
 * names_soname_split: the stem before `.so` and the version after it, both copied; version is NULL in
 * `libfoo-1.2.so`. FALSE when there is no `.so` in it.
 */
gboolean names_soname_split(const char *soname, char **stem, char **version);

#endif
