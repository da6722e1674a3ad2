/* Split debug information: what the skeleton units of a file left in .dwo and .dwp files is found and joined to them.
 */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SPLIT_H
#define INSPECT_SPLIT_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>

/* split_is: does this debug information have skeleton units (-gsplit-dwarf)? */
gboolean split_is(Dwarf *dwarf);

/*
 * split_join: the debug information of ELF with all its split units, as an ELF image in memory for elf_memory.
 *
 * dwarf: that of elf.
 * files: the library and the file that the debug information is from, by their paths; NULL-terminated.
 * debug_dirs: NULL-terminated, or NULL.
 *
 * Places, in this order: FILE.dwp beside each file, also with .debug added to or taken from its name; the same names in
 * the debug folders; each .dwo where its name and DW_AT_comp_dir say, beside the file, and in the debug folders by its
 * path below the folder and by its base name. A unit counts only when its dwo_id is the one that the skeleton names.
 * Files are opened for reading when they are regular ones.
 *
 * Returns the image (caller frees) and its size; or NULL, and NEEDED says in words what is missing or damaged (caller
 * frees).
 */
char *split_join(Dwarf *dwarf, Elf *elf, const char *const *files, const char *const *debug_dirs, gsize *size,
		 char **needed);

#endif
