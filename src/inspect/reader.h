/* How the files of this room share the work of facts_read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_READER_H
#define INSPECT_READER_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>
#include <libelf.h>

/* Fills in everything that the ELF file itself says (dynamic.c). FALSE with a FACTS_ERROR. */
gboolean facts_read_dynamic(struct facts *facts, Elf *elf, GError **error);

/*
 * Fills in evidence, types, and the declarations of exports, from DWARF (types.c).
 *
 * dwarf: of the file or of its separate debug file, NULL when there is none.
 * headers: as for facts_read.
 */
void facts_read_types(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers);

/* The facts without evidence and types, of an open file (facts.c). NULL with a FACTS_ERROR. */
struct facts *facts_read_surface_fd(int fd, const char *shown, GError **error);

/* Opens a regular file for reading, or -1 with a FACTS_ERROR (facts.c). */
int facts_open(const char *path, GError **error);

/* SIZE bytes in lower-case hexadecimal (facts.c). Caller frees. */
char *facts_hex(const guchar *bytes, gsize size);

/* Frees what facts_type has of a class; NULL is fine (facts.c). */
void facts_class_free(struct facts_class *class);

/* Do the headers make the type of this name complete? */
gboolean facts_headers_show(const struct facts_headers *headers, const char *name);

/* An interned copy of TEXT that lives as long as the facts; NULL for NULL. */
const char *facts_keep(struct facts *facts, const char *text);

#endif
