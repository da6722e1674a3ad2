/* Other names of what a library exports: those that only its full symbol table has. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_ALIASES_H
#define INSPECT_ALIASES_H

#include "inspect/facts.h"

#include <libelf.h>

/*
 * aliases_read: the names in .symtab of functions and variables that stand where an export without a declaration
 * stands.
 *
 * A library may declare in C what it defines in assembly, under a name of its own that is hidden from others: the
 * loader of glibc knows its __rseq_offset as _rseq_offset.
 *
 * elf: the file that has debug information, which keeps the full symbol table too; it owns the names. NULL is fine.
 *
 * Returns a set for g_hash_table_unref: const char * -> guint64 *, the address. Empty without a symbol table.
 */
GHashTable *aliases_read(const struct facts *facts, Elf *elf);

#endif
