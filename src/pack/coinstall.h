/* Two sonames of one library install side by side: no path may be owned by both of their packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_COINSTALL_H
#define PACK_COINSTALL_H

#include "pack/package.h"

/*
 * coinstall_is_versioned: does a path belong to one soname only?
 *
 * It does when one of its components is the soname, its package's name, that without "lib", or begins with one of them
 * and goes on with a character that is neither letter nor digit; or is the soname's version alone. For libfoo.so.1:
 * libfoo.so.1.2.3, /usr/share/doc/libfoo1/README, /usr/lib/foo1/helper, /usr/libexec/foo-1/helper, /usr/lib/foo/1/x.
 */
gboolean coinstall_is_versioned(const char *path, const char *soname);

/*
 * coinstall_check: do all entries of a package from index FIRST on, folders apart, belong to one soname only?
 *
 * dpkg and rpm refuse to install two packages that own one file, and programs that need libfoo.so.1 and libfoo.so.2
 * need both; nor may the later take a file over, since removing it would then break the earlier (libblockdev#924).
 *
 * FALSE with PACK_ERROR_MANIFEST, which names the path.
 */
gboolean coinstall_check(const struct package *package, guint first, const char *soname, GError **error);

#endif
