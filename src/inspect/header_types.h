/* What public headers say of types by themselves, read from the debug information of the compiled headers. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_HEADER_TYPES_H
#define INSPECT_HEADER_TYPES_H

#include "inspect/facts.h"
#include "inspect/inlined.h"

#include <elfutils/libdw.h>

/* The pseudo-type that has the constants of all enumerations without any name. */
#define HEADER_TYPES_ANONYMOUS "enum (anonymous)"

struct header_types {
	GHashTable *complete;  /* char *: all types that are complete, as units_complete_names has them */
	GPtrArray *own;        /* char *: those that public headers themselves complete, not the system's; sorted */
	GArray *enumerations;  /* struct facts_type: the enumerations among them; last the pseudo-type, when it has constants */
};

/*
 * header_types_read: read them.
 *
 * is_public: which files are public headers. strings: gets the strings of the enumerations.
 */
struct header_types header_types_read(Dwarf *dwarf, GStringChunk *strings, inlined_filter is_public, gpointer data);
void header_types_clear(struct header_types *types);

/*
 * header_types_add: add to the types of FACTS the enumerations that no export leads to, and of the pseudo-type the
 * constants that none of its types has. Callers hold their values all the same: flags are passed as int.
 */
void header_types_add(const struct header_types *types, struct facts *facts);

#endif
