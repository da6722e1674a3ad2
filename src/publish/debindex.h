/* apt's Packages index: stanzas made from control files, and read back. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DEBINDEX_H
#define PUBLISH_DEBINDEX_H

#include "publish/family.h"
#include "publish/segments.h"

#include <glib.h>

/*
 * debindex_entry: the entry of a package for the pool of COMPONENT main, from its control file.
 *
 * sum: digest and size of the .deb. NAME is for errors.
 *
 * The stanza has every field of the control file, verbatim, in apt-ftparchive's order, and Filename, Size and SHA256.
 * The file's place in the pool is Debian's: pool/main/l/less, pool/main/libw/libwarden, by source package; its name has
 * no epoch. NULL with a PUBLISH_ERROR_INPUT when a field that apt needs is missing or malformed (Debian Policy 5.6), or
 * when the package has fields that only a repository may write.
 */
entry *debindex_entry(const char *name, const char *control, const struct intake_sum *sum, GError **error);

/*
 * debindex_parse: append the packages of a Packages index to ENTRIES, which keep one copy of its text.
 *
 * text: as debindex_write has written it. Only the fields that say which package it is are looked at.
 * seen: paths of packages already in ENTRIES, owned by them (those for all architectures are in several indexes).
 *
 * FALSE with a PUBLISH_ERROR_INPUT.
 */
gboolean debindex_parse(const char *text, gsize size, GHashTable *seen, GPtrArray *entries, GError **error);

/* debindex_count: how many packages a Packages index has. */
guint debindex_count(const char *text, gsize size);

/* debindex_has: whether a package is in the index of an architecture. */
gboolean debindex_has(const char *architecture, const entry *e);

/* debindex_architectures: those of the entries, sorted, and always "all"; NULL-terminated. */
char **debindex_architectures(GPtrArray *entries);

/* debindex_write: the Packages index of one architecture, with the packages for all architectures. */
void debindex_write(const GPtrArray *entries, const char *architecture, segments *to);

#endif
