/* The packages of a shared library: runtime and development, and where their files go. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_LIBRARY_H
#define PACK_LIBRARY_H

#include "pack/gate.h"

/*
 * Where a library's files go.
 *
 *            vendor                  system
 *   libdir   PREFIX/lib              /usr/lib/TRIPLET (deb), /usr/lib64 (rpm)
 *   include  PREFIX/include          /usr/include
 *
 * A private library is in libdir/NAME in the system layout, where the loader does not look either; one that is held is
 * in PREFIX/held/VERSION/lib.
 *
 * The vendor layout has the same paths on every distribution, and a file in /etc/ld.so.conf.d, since the dynamic
 * linker does not look there by itself.
 */
struct library_paths {
	char *prefix, *libdir, *include;
	char *file;	/* the library's own name: libwarden.so.1.0.0 */
	char *ldconfig; /* the path of the file in /etc/ld.so.conf.d; NULL in the system layout, and if private */
};

/*
 * library_runtime: put the library into its runtime package, which this names after the soname: libwarden.so.1 ->
 * libwarden1.
 *
 * In it are the library, the link of its soname, and the loader's configuration. The file keeps its name, links
 * followed, when that begins with the soname (libwarden.so.1.0.0); otherwise it is called like its soname, so that no
 * two versions of the soname ever own one path.
 *
 * A private library is for programs that name its folder (DT_RUNPATH), so the package tells the system nothing of it: no
 * shlibs, symbols and trigger, no Provides. A held one is private, and its package is called libwarden1-held-1.0.1.
 *
 * FALSE with PACK_ERROR_MANIFEST or PACK_ERROR_INPUT.
 */
gboolean library_runtime(struct package *package, const struct manifest *manifest, const struct gate *gate,
			 const struct package_format *format, GError **error);

/*
 * library_development: a package NAME-dev or NAME-devel: headers, the link that `-lNAME` finds, the .pc file, and the
 * ABI snapshot, LIBDIR/abide/SONAME.abi, where the types are known; it depends on exactly this runtime package.
 *
 * In the .pc file @PREFIX@, @LIBDIR@, @INCLUDEDIR@ and @VERSION@ are filled in, in either case, since the paths differ
 * between families in the system layout. A header folder's files keep their paths below it.
 *
 * NULL with PACK_ERROR_MANIFEST or PACK_ERROR_INPUT.
 */
struct package *library_development(const struct package *runtime, const struct manifest *manifest,
				    const struct gate *gate, const struct package_format *format, GError **error);

/*
 * library_ldconfig_name: what the loader's configuration is called in /etc/ld.so.conf.d (caller frees).
 *
 * dpkg lets no two packages own one file, and rpm only if they agree on every byte; yet libwarden1 and libwarden2 must
 * install side by side. So the first soname version, 1, keeps the name that the manifest gives (warden.conf), and
 * every other has its version in it (warden2.conf), unless it is there already.
 *
 * base: "warden.conf". soname: "libwarden.so.2".
 */
char *library_ldconfig_name(const char *base, const char *soname);

#endif
