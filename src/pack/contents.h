/* The entries of a package that a manifest lists in `contents`. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_CONTENTS_H
#define PACK_CONTENTS_H

#include "pack/stated.h"

/*
 * contents_add: put everything that `contents` lists for a package and family into it.
 *
 * A dst that ends in a slash is a folder, which the file keeps its name in. The src of a file, config, doc, license or
 * readme may be a pattern (sources.h) unless the manifest says disable_globbing; dst is then a folder, in which what is
 * found keeps its name. A tree is copied as it is, links as links; devices, sockets and pipes are refused. FALSE with
 * PACK_ERROR_MANIFEST, or PACK_ERROR_INPUT with the place of the entry in front: a missing src, a dst that is not
 * absolute or has `..`, two entries for one dst.
 *
 * soname: of the library that the package is for, whose paths coinstall_check then holds; NULL: of none.
 */
gboolean contents_add(struct package *package, const struct stated *stated, const char *soname, GError **error);

/* contents_add_tree: everything below the folder `source`, at the same paths below `path`, which becomes ours too. */
gboolean contents_add_tree(struct package *package, const char *source, const char *path, GError **error);

/*
 * contents_own_folders: make this folder and those above it entries of the package, up to the first that belongs to the
 * distribution (/opt, /usr/include, ...).
 *
 * rpm removes a folder with its last owner; one that nobody owns would stay behind. Folders that are entries already
 * are left as they are.
 */
void contents_own_folders(struct package *package, const char *path);

#endif
