/* Classes of C++, read from DWARF: bases, virtual functions, and how values are passed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CLASS_H
#define INSPECT_CLASS_H

#include "inspect/graph.h"

/*
 * class_read: what a struct, class or union has besides its members, or NULL when that is nothing, as in C.
 *
 * graph: for shapes. facts: owns the strings. memory: a table of pointers, empty at first, in which the answers for
 * other classes are kept from call to call.
 *
 * A value is passed by reference when its class has a copy or move constructor or a destructor that is not trivial, or
 * when all its copy and move constructors are deleted (Itanium C++ ABI, "non-trivial for the purposes of calls"). clang
 * says so in DWARF (DW_AT_calling_convention); of gcc's DWARF it follows from the members that are declared, and from
 * those of bases and members.
 *
 * The caller owns the result and frees it with facts_class_free.
 */
struct facts_class *class_read(struct graph *graph, struct facts *facts, GHashTable *memory, Dwarf_Die *die);

/* class_is_static: a static member, which is no part of the layout. */
gboolean class_is_static(Dwarf_Die *member);

/* class_is_vptr: the pointer to the vtable, which compilers name differently. */
gboolean class_is_vptr(Dwarf_Die *member);

/* class_vptr: that pointer as a member, the same for every compiler. */
struct facts_member class_vptr(struct facts *facts, Dwarf_Die *member);

#endif
