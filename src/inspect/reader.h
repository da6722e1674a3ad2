/* How the files of this room share the work of facts_read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_READER_H
#define INSPECT_READER_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>
#include <libelf.h>

/* Fills in everything that the ELF file itself says (dynamic.c). FALSE with a FACTS_ERROR. */
gboolean facts_read_dynamic(struct facts *facts, Elf *elf, GError **error);

/* Fills in the properties of FACTS, whose header is read (properties.c). What is damaged says nothing. */
void properties_read(struct facts *facts, Elf *elf);

/*
 * Fills in evidence, types, and the declarations of exports, from DWARF (types.c).
 *
 * dwarf: of the file or of its separate debug file, NULL when there is none.
 * headers: as for facts_read.
 */
void facts_read_types(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers);

/* Gives a symbol its declaration and shape, from the DIE of a function or variable (types.c). */
struct graph;
void facts_describe(struct facts *facts, struct graph *graph, struct facts_symbol *symbol, Dwarf_Die *die);

/* Hands the types of a graph over to the facts, sorted (types.c). Once for each graph. */
void facts_take_types(struct facts *facts, struct graph *graph);

/* Opens a regular file for reading, or -1 with a FACTS_ERROR (facts.c). */
int facts_open(const char *path, GError **error);

/* Puts the types in order (facts.c). */
void facts_sort_types(struct facts *facts);

/* SIZE bytes in lower-case hexadecimal (facts.c). Caller frees. */
char *facts_hex(const guchar *bytes, gsize size);

/* Frees what facts_type has of a class; NULL is fine (facts.c). */
void facts_class_free(struct facts_class *class);

/* Do the headers make the type of this name complete? */
gboolean facts_headers_show(const struct facts_headers *headers, const char *name);

/* The names of the types that the public headers themselves complete, sorted char *. */
const GPtrArray *facts_headers_own(const struct facts_headers *headers);

/* Marks types that only older headers show, and adds the enumerations of the headers that no export leads to, unsorted. */
void facts_headers_add_types(const struct facts_headers *headers, struct facts *facts);

/* Adds what the headers compile into callers. */
void facts_headers_add_inlined(const struct facts_headers *headers, struct facts *facts);

/* An interned copy of TEXT that lives as long as the facts; NULL for NULL. */
const char *facts_keep(struct facts *facts, const char *text);

#endif
