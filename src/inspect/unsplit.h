/* Split debug information put together again: one image that libdw reads like debug information that was never split.
 */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_UNSPLIT_H
#define INSPECT_UNSPLIT_H

#include "inspect/bytes.h"

#include <elfutils/libdw.h>

/*
 * libdw 0.188 finds a .dwo file only where it was compiled, does not read .dwp files, and follows no signature from one
 * file into another. So the units are appended to the sections of the file that they were split from. Their bytes stay
 * as they are: only the offset of the abbreviations in a unit's header is written anew, and the abbreviations, which
 * are copied, get DW_AT_str_offsets_base and DW_AT_addr_base as constants (DW_FORM_implicit_const), because a split
 * unit knows its bases only from the unit that stayed behind.
 */
struct unsplit;

/* The sections of one .dwo file, or a unit's parts of those in a .dwp file. They must stay until unsplit_finish. */
struct unsplit_parts {
	struct bytes info, types, abbrev, str_offsets;
	struct bytes str; /* the whole section, which units share */
};

/* unsplit_new: start with the debug sections of ELF (uncompressed, as libdw leaves them once it has opened them). */
struct unsplit *unsplit_new(Elf *elf);

/* unsplit_allow: a file with SIZE bytes of such sections was opened, so the image may grow by twice of that. */
void unsplit_allow(struct unsplit *u, gsize size);

/*
 * unsplit_add: append a compilation unit and all type units that come with it.
 *
 * id: of the compilation unit; others in the same parts are passed over. A unit of DWARF 4 does not have it in its
 * header: there the caller sees to it that the parts are the right ones. addr_base: of the unit that stayed behind.
 *
 * Type units are taken once, whatever parts they come with. FALSE when the parts are damaged or the image grows over
 * what is allowed: then it must not be used.
 */
gboolean unsplit_add(struct unsplit *u, const struct unsplit_parts *parts, guint64 id, guint64 addr_base);

/* unsplit_has: does the header of a unit of DWARF 5 in these parts have this id? */
gboolean unsplit_has(const struct unsplit *u, const struct unsplit_parts *parts, guint64 id);

/* unsplit_finish: the image, an ELF file in memory for elf_memory. The caller frees it. */
char *unsplit_finish(struct unsplit *u, gsize *size);

void unsplit_free(struct unsplit *u);
typedef struct unsplit unsplit;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(unsplit, unsplit_free)

#endif
