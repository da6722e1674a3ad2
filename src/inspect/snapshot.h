/* ABI snapshots (*.abi): the facts of a library as text, to be kept in git and judged without the library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SNAPSHOT_H
#define INSPECT_SNAPSHOT_H

#include "inspect/facts.h"

/*
 * The format is abide-abi(5): a first line "abide-abi 1", then lines of fields that are separated by tabs. The same facts
 * give the same bytes. What changes with every build and is no part of the ABI is left out: addresses, code sizes, the
 * build-id, imports.
 */

/* The largest snapshot that is read, in bytes: many times what the largest libraries need. */
#define SNAPSHOT_CEILING ((gsize)64 << 20)

/* snapshot_text: facts as a snapshot. Caller frees. */
char *snapshot_text(const struct facts *facts);

/* snapshot_is: does this file begin as a snapshot does? FALSE also when it cannot be read. */
gboolean snapshot_is(const char *path);

/*
 * snapshot_read: the facts of a snapshot, as facts_read would give them for the library it was made of.
 *
 * NULL with a FACTS_ERROR "PATH:LINE: ..." (FACTS_ERROR_CORRUPT) or a G_FILE_ERROR. The fingerprints are computed from the
 * rest and must be those that are written: an edited snapshot is refused.
 */
struct facts *snapshot_read(const char *path, GError **error);

/* snapshot_parse: the same for text in memory; name is what errors call it. */
struct facts *snapshot_parse(const char *name, const char *text, gsize size, GError **error);

#endif
