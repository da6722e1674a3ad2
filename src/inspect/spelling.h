/* DWARF types as C writes them, and the steps over types that readers share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SPELLING_H
#define INSPECT_SPELLING_H

#include "inspect/scopes.h"

#include <elfutils/libdw.h>
#include <glib.h>

/* Chains of types longer than this are cut: real C does not have them, damaged files do. */
#define SPELLING_DEPTH 64

/*
 * spelling_type_of: the type that DIE refers to by DW_AT_type, also through DW_AT_abstract_origin and
 * DW_AT_specification. FALSE for void.
 */
gboolean spelling_type_of(Dwarf_Die *die, Dwarf_Die *type);

/* spelling_strip: skip typedefs and qualifiers in place. FALSE when they end in void. */
gboolean spelling_strip(Dwarf_Die *type);

/* spelling_declaration: the DIE that lists the parameters of a function or names a variable: origin or specification. */
Dwarf_Die spelling_declaration(Dwarf_Die *die);

/* spelling_is_aggregate: a struct, union or class. */
gboolean spelling_is_aggregate(Dwarf_Die *type);

/* spelling_follow: from what only stands for a type in a type unit to that type, in place. */
void spelling_follow(Dwarf_Die *type);

/* spelling_is_named: what callers know by a name: an aggregate or an enumeration. */
gboolean spelling_is_named(Dwarf_Die *type);

/* spelling_is_declaration: an incomplete type (DW_AT_declaration). */
gboolean spelling_is_declaration(Dwarf_Die *die);

/*
 * spelling_tag_name: "struct NAME" for a named struct, union or enum; in C++ a typedef's name for one without a tag; else
 * NULL. Caller frees.
 *
 * In C++ the name is qualified ("struct ns::outer::inner<int>"), and a class is called a struct too: the two keywords mean
 * the same, may be mixed between declaration and definition, and a C header may declare what a C++ source defines.
 */
char *spelling_tag_name(const struct scopes *scopes, Dwarf_Die *type);

/* spelling_typedef_name: the name of a typedef, qualified; NULL for one without. Caller frees. */
char *spelling_typedef_name(const struct scopes *scopes, Dwarf_Die *type);

/* spelling_append: a type as C writes it, e.g. "const char *", alike for every compiler; NULL is void. */
void spelling_append(GString *text, const struct scopes *scopes, Dwarf_Die *type);

/*
 * spelling_function: "int (struct warden *, size_t)" for a subprogram.
 *
 * definition: what may name the result where the declaration says only `auto`; or the function itself.
 */
void spelling_function(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition);

/* spelling_method: the same as C++ writes it, with the name: "int ns::shape::area(int) const". */
void spelling_method(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition);

/* spelling_signature: "area(int) const" only: what makes a virtual function override another. */
void spelling_signature(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition);

/*
 * spelling_parameters: the DIE that lists the parameters of a function: its declaration, or, where that lists none, as
 * beside a type unit, the definition or what that was made from.
 */
Dwarf_Die spelling_parameters(Dwarf_Die *declaration, Dwarf_Die *definition);

/* spelling_is_hidden_parameter: one that only the compiler knows, such as the VTT; not `this`. */
gboolean spelling_is_hidden_parameter(Dwarf_Die *parameter, guint index);

/* spelling_dimensions: "[4][2]" of an array type; "[]" for an open one. */
void spelling_dimensions(GString *text, Dwarf_Die *array);

/*
 * spelling_size: bytes of a value of this type; 0 when its length is not known.
 *
 * Where libdw cannot tell: it does not follow a type into its type unit, and of an array it asks the unit for its language,
 * which a partial unit, such as dwz makes, need not have. Arrays count from 0, as in C.
 */
guint64 spelling_size(Dwarf_Die *type);

#endif
