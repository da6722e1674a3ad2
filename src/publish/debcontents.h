/* apt's Contents index: which package has which file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEBCONTENTS_H
#define PUBLISH_DEBCONTENTS_H

#include "publish/family.h"
#include "publish/segments.h"

/*
 * The lines of Contents-ARCH, as https://wiki.debian.org/DebianRepository/Format describes them and apt-file(1) reads them:
 * a path, blanks, and the packages that have it as SECTION/NAME, with commas between. There are no versions in it.
 *
 * A published index is brought up to date by what is added to it and removed from it; the bytes are those that all packages
 * together would have given.
 */

/*
 * debcontents_render: the index of an architecture.
 *
 * top: the repository's directory, where packages are read whose names of files are not at hand (record[1] has them of a
 *   package just read): those that share a name with one that is gone, and all if PUBLISHED is NULL.
 * entries: all packages of the family. gone: those of the published index that are not among them.
 *
 * FALSE with a G_FILE_ERROR or PUBLISH_ERROR_INPUT (also when PUBLISHED is not such an index). Thread-safe.
 */
gboolean debcontents_render(const char *top, const GPtrArray *entries, const GPtrArray *gone, const char *architecture,
			 GBytes *published, segments *to, GError **error);

#endif
