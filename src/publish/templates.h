/* Under which names a .deb's libraries are depended on: what its symbols and shlibs files say. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_TEMPLATES_H
#define PUBLISH_TEMPLATES_H

#include "publish/links.h"

/*
 * templates_read: fill in the `names` of .debs that arrive or leave, from the dependency templates of their control archives
 * (deb-symbols(5), deb-shlibs(5)): the names in them that are not the package's own.
 *
 * Done on all cores. A package whose files cannot be read has no names: dpkg-shlibdeps cannot have read them either.
 */
void templates_read(GPtrArray *members);

#endif
