/* The units of a file's DWARF: a walk over what they declare at file scope. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_UNITS_H
#define INSPECT_UNITS_H

#include <elfutils/libdw.h>
#include <glib.h>

typedef void (*units_visitor)(Dwarf_Die *die, gpointer data);

/*
 * units_visit: call VISIT with every direct child of every unit, in file order.
 *
 * Type units, partial units and split units count as units (debuginfo.h joins what was split).
 * A unit that cannot be read is skipped.
 */
void units_visit(Dwarf *dwarf, units_visitor visit, gpointer data);

/*
 * units_complete_names: the names of all types that are complete at file scope, as a set of char *: "struct NAME",
 * "union NAME", "enum NAME", and the bare name of a typedef of one without a tag. Caller unrefs.
 */
GHashTable *units_complete_names(Dwarf *dwarf);

#endif
