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
 * headers: as for facts_read.
 */
void facts_read_types(struct facts *facts, Elf *elf, const struct facts_headers *headers);

/* Do the headers make the type of this name complete? */
gboolean facts_headers_show(const struct facts_headers *headers, const char *name);

/* An interned copy of TEXT that lives as long as the facts; NULL for NULL. */
const char *facts_keep(struct facts *facts, const char *text);

#endif
