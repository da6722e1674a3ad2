/* The units of a file's DWARF: a walk over what they declare outside of functions. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_UNITS_H
#define INSPECT_UNITS_H

#include <elfutils/libdw.h>
#include <glib.h>

typedef void (*units_visitor)(Dwarf_Die *die, gpointer data);

/*
 * units_visit: call VISIT with what every unit declares at file scope, in file order, and where units are not in C
 * also in namespaces and classes; but not in functions.
 *
 * Type units, partial units and split units count as units (debuginfo.h joins what was split).
 * A unit that cannot be read is skipped.
 */
void units_visit(Dwarf *dwarf, units_visitor visit, gpointer data);

/* units_visit_bodies: the same, and with what stands in functions: many times as much. */
void units_visit_bodies(Dwarf *dwarf, units_visitor visit, gpointer data);

/*
 * units_complete_names: the names of all types that are complete at file scope, in namespaces and in classes, as a set
 * of char *: "struct NAME", "union NAME", "enum NAME", and the bare name of a typedef of one without a tag. Caller
 * unrefs.
 */
GHashTable *units_complete_names(Dwarf *dwarf);

#endif
