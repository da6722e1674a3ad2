/* Mangled names (Itanium C++ ABI, chapter 5), as far as they say what a symbol is. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_MANGLED_H
#define INSPECT_MANGLED_H

#include <glib.h>

/* How many names one constructor or destructor may go by in the symbol table, its DWARF name among them. */
#define MANGLED_VARIANTS 4

/* mangled_is: is it a mangled name of C++? */
gboolean mangled_is(const char *name);

/*
 * mangled_is_derived: does the compiler make it of its own accord, so that DWARF never describes it, and its content
 * follows from classes and declarations? Vtables, VTTs, typeinfo and its names, thunks, guards, wrappers of thread-local
 * variables.
 */
gboolean mangled_is_derived(const char *name);

/* mangled_is_vtable: a vtable or VTT, the size of which follows from a class. */
gboolean mangled_is_vtable(const char *name);

/* mangled_is_local: a function or object in a function, such as a member of a class there, which no other file can name. */
gboolean mangled_is_local(const char *name);

/* mangled_agree: do two names mean one function: the same, or variants (C1, C2, D0 ...) of one constructor or destructor? */
gboolean mangled_agree(const char *a, const char *b);

/*
 * mangled_variant: a name under which the symbol table may have what DWARF calls NAME. Variant 0 is NAME itself; gcc calls
 * a constructor or destructor C4 or D4 where it means all of them. NULL when there is no such variant. Caller frees.
 */
char *mangled_variant(const char *name, guint variant);

/* mangled_thunk_target: the function that a thunk leads to: "_ZThn16_N1sD1Ev" gives "_ZN1sD1Ev"; else NULL. Caller frees. */
char *mangled_thunk_target(const char *name);

/*
 * mangled_class: the class whose vtable, VTT or typeinfo this is, as facts name it: "_ZTVN2ns5shapeE" gives "struct
 * ns::shape". NULL when it is something else, or a template, whose arguments are not taken apart here. Caller frees.
 */
char *mangled_class(const char *name);

#endif
