/* How the files of this room share the work of facts_read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_READER_H
#define INSPECT_READER_H

#include "inspect/facts.h"

#include <libelf.h>

/* Fills in everything that the ELF file itself says (dynamic.c). FALSE with a FACTS_ERROR. */
gboolean facts_read_dynamic(struct facts *facts, Elf *elf, GError **error);

/*
 * Fills in evidence, types, and the declarations of exports, from DWARF (types.c).
 *
 * exposed: the names of the types that public headers make complete, or NULL when that is not known.
 */
void facts_read_types(struct facts *facts, Elf *elf, GHashTable *exposed);

/*
 * The names of all types that these headers make complete (headers.c): a set of char *, or NULL with
 * FACTS_ERROR_HEADERS that quotes the compiler.
 */
GHashTable *facts_exposed_types(const char *const *headers, GError **error);

/* An interned copy of TEXT that lives as long as the facts; NULL for NULL. */
const char *facts_keep(struct facts *facts, const char *text);

#endif
