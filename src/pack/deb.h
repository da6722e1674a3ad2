/* The control files of a .deb, apart from the archive that holds them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_DEB_H
#define PACK_DEB_H

#include "pack/package.h"

/*
 * deb_control: the control file (deb-control(5)), fields in the order in which dpkg-gencontrol writes them.
 *
 * Multi-Arch: same only where two architectures never own one path with different contents, which the vendor layout
 * cannot promise. NULL with PACK_ERROR_MANIFEST for a relation that dpkg would refuse.
 */
char *deb_control(const struct package *package, GError **error);

/* deb_md5sums: the md5sums file (deb-md5sums(5)): every regular file that is not a conffile. */
char *deb_md5sums(const struct package *package);

/* deb_conffiles: the conffiles file (deb-conffiles(5)); "" when there are none. */
char *deb_conffiles(const struct package *package);

/*
 * deb_shlibs: the shlibs file (deb-shlibs(5)); NULL when the soname has no version, which the format cannot express.
 *
 * It is for programs whose symbols are not looked at, so it asks for the last version that added a symbol or node when
 * library->history knows it, else for the version being packed.
 */
char *deb_shlibs(const struct package *package);

/*
 * deb_symbols: the symbols file (deb-symbols(5)), as dpkg-gensymbols sorts it.
 *
 * The minimum version of a symbol or node, i.e. of the package that a program importing it will depend on, comes from
 * library->history where there is one: the version since which it is there. Without history, what library->older has
 * needs the version of that release, where the names of both files say which it is. Everything else needs the version being
 * packed, as dpkg-gensymbols has it for symbols that it never saw: never too low, if more than needed. The version in the
 * name of a node is no evidence; libraries got nodes for symbols that they long had, and older releases lack the node.
 * Versions are without Debian revision, and with the package's epoch.
 *
 * Build-Depends-Package names the development package: what is built against one version of it needs at least that
 * version of the library, whatever symbols it uses.
 *
 * NULL with PACK_ERROR_INPUT for a symbol name that would not survive the format (white space, control characters).
 */
char *deb_symbols(const struct package *package, GError **error);

/*
 * deb_document: add /usr/share/doc/NAME/copyright and changelog(.Debian).gz (Debian Policy 12.5, 12.7), from what the
 * manifest says, unless the package has a file of that name. A package in /opt gets lintian overrides (Debian Policy
 * 9.1 leaves /opt to others) likewise. PACK_ERROR_WRITE.
 */
gboolean deb_document(struct package *package, GError **error);

/* deb_upstream: [epoch:]version without revision. */
char *deb_upstream(const struct package *package);
/* deb_version: [epoch:]version[-release]. */
char *deb_version(const struct package *package);

/* deb_installed_size: in KiB, as dpkg-gencontrol counts: each file and link rounded up, 1 for each directory. */
guint64 deb_installed_size(const struct package *package);

/* deb_folders: the folders that the entries imply, "/" first, without those that are entries themselves; sorted. */
GPtrArray *deb_folders(const struct package *package);

#endif
