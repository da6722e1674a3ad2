/* The shape of a type: how machine code meets its values, without the names that only people need. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SHAPE_H
#define INSPECT_SHAPE_H

#include <glib.h>

/*
 * The text of a shape:
 *
 *   i32 f64 b8 c128    a value: integer (an enumeration too), floating, boolean, complex; its width in bits
 *   f80 c160 d64 f16b  floating formats that differ at one width: x87 (whatever its padding), decimal, bfloat16
 *   u8 u16             an unsigned integer narrower than int as a parameter or result: it is extended differently
 *   p(SHAPE)           a pointer or reference; p(void): to nothing known
 *   p(?{NAME})         a pointer to a type that callers cannot see into
 *   m64(T) m128(T)     a pointer to a member of C++, to one that is a function
 *   ?{NAME}            a value of a class that callers cannot see into
 *   SHAPE(SHAPE,...)   a function: its result and its parameters; a last `...` for a variadic one
 *   SHAPE[4]           an array
 *   {NAME}             a named struct or union, by the name under which facts list it
 *   i32={NAME}         an enumeration, likewise
 *   i32:u i32:i        a bit-field, unsigned or signed
 *
 * A type without a name is given one: "struct s.in" for that of the member `in`, "struct s.@0" for that of the first
 * member without a name, "handle*" for what the typedef `handle` points to.
 */

/* Longest chain of pointers, arrays and the like that is followed; longer ones end in "?". */
#define SHAPE_DEPTH 64

/*
 * shape_agrees: can code compiled for one shape work with the other?
 *
 * Names in braces do not count: the types they stand for are compared by themselves. So an enumeration agrees with an
 * integer of its width, and a pointer to nothing known, or to what callers cannot see into, with every pointer.
 */
gboolean shape_agrees(const char *a, const char *b);

/* shape_calls_alike: the same, looking at what is passed in registers only: all pointers are alike. */
gboolean shape_calls_alike(const char *a, const char *b);

/*
 * shape_each_opaque: call VISIT with the names of every pair of types that callers cannot see into and that stand for each
 * other in two shapes that agree. The names are not terminated.
 */
typedef void (*shape_visitor)(const char *a, gsize a_length, const char *b, gsize b_length, gpointer data);
void shape_each_opaque(const char *a, const char *b, shape_visitor visit, gpointer data);

/* shape_each_visible: the same for structs and unions that callers see into. */
void shape_each_visible(const char *a, const char *b, shape_visitor visit, gpointer data);

/* shape_name: the name in braces at TEXT, which points to '{': its start and length. Returns what follows the '}'. */
const char *shape_name(const char *text, const char **name, gsize *length);

/* shape_after_pointer: what follows the pointer whose "p(" is at TEXT. */
const char *shape_after_pointer(const char *text);

#endif
