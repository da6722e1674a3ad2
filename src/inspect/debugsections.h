/* Debug sections before libdw sees them: what it must not be given, and what it cannot read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_DEBUGSECTIONS_H
#define INSPECT_DEBUGSECTIONS_H

#include <elfutils/libdw.h>
#include <glib.h>

/*
 * debugsections_begin: dwarf_begin_elf for a file from outside, whose compressed sections may claim any size.
 *
 * Returns DWARF with at least one unit, for dwarf_end; or NULL, and then WHY says in words what the file has that
 * cannot be used: compressed sections that would unpack to more than 64 MiB and 16 times the file, ones compressed in a
 * way that this libelf does not know (zstd, before elfutils 0.189), or BTF or CTF alone. WHY is NULL when it has
 * nothing; the caller frees it.
 *
 * Formats: ELF gABI, "Section Compression", and the older .zdebug_* of GNU.
 */
Dwarf *debugsections_begin(Elf *elf, char **why);

#endif
