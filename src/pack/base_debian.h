/* What Debian packages say of their libraries: symbols and shlibs files, out of a .deb or an installed system. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_DEBIAN_H
#define PACK_BASE_DEBIAN_H

#include "pack/base.h"

/*
 * base_debian_symbols: add the libraries of a symbols file, deb-symbols(5), as packages carry it.
 *
 * name: for messages. FALSE with PACK_ERROR_INPUT, "NAME:LINE: what is wrong".
 */
gboolean base_debian_symbols(struct base *base, const char *name, const char *text, GError **error);

/*
 * base_debian_shlibs: add the libraries of a shlibs file, deb-shlibs(5), that no symbols file has told of; errors likewise.
 *
 * It says `LIBRARY VERSION`, which stands for two sonames, LIBRARY.so.VERSION and LIBRARY-VERSION.so: see base_find.
 */
gboolean base_debian_shlibs(struct base *base, const char *name, const char *text, GError **error);

/*
 * base_debian_package: what a .deb's control archive says; it may hold neither file.
 *
 * The control archive may have 16 MiB, packed and unpacked; nothing else of the package is read. Returns a new base, or
 * NULL with PACK_ERROR_INPUT.
 */
struct base *base_debian_package(const char *path, GError **error);

/*
 * base_debian_packages: add the packages of dpkg's status file, or of a Packages index, deb822(5).
 *
 * name: for messages. available: they are not installed, but to be had from the system's repositories; else only those count
 * that the file calls installed. The relations go into one line each; those that only recommend are left out.
 *
 * FALSE with PACK_ERROR_INPUT: "NAME: package: what is wrong".
 */
gboolean base_debian_packages(struct base *base, const char *name, const char *text, gboolean available, GError **error);

/*
 * base_debian_root: what dpkg has installed below ROOT: packages, and the libraries of the architecture that dpkg itself has.
 *
 * Returns a new base without a name, or NULL with PACK_ERROR_INPUT or a G_FILE_ERROR.
 */
struct base *base_debian_root(const char *root, GError **error);

#endif
