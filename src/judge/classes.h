/* Finding bases and virtual functions of classes, for the rules that compare them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CLASSES_H
#define JUDGE_CLASSES_H

#include "inspect/facts.h"

/* classes_virtual: the virtual function of this name that the class itself declares, or NULL. class may be NULL. */
const struct facts_virtual *classes_virtual(const struct facts_class *class, const char *name);

/* classes_base: the direct base of this name, or NULL; its place in the list goes to INDEX. class may be NULL. */
const struct facts_base *classes_base(const struct facts_class *class, const char *name, guint *index);

/*
 * classes_inherits_slot: does a class have the slot of this virtual function from a base?
 *
 * That is so when the primary base declares it, or that one's primary base, and so on: the bases whose vtable the class
 * shares and continues (Itanium C++ ABI, 2.5.2). What overrides a function of another base has a slot of its own too.
 */
gboolean classes_inherits_slot(const struct facts *facts, const struct facts_type *type, const char *name);

/* classes_is_polymorphic: does it have virtual functions or virtual bases, its own or inherited ones? */
gboolean classes_is_polymorphic(const struct facts *facts, const struct facts_type *type);

/*
 * classes_each_by_value: call VISIT with the index of every type that a shape passes or returns by value, in a function or
 * behind a pointer to one.
 */
typedef void (*classes_visitor)(guint type, gpointer data);
void classes_each_by_value(const struct facts *facts, const char *shape, classes_visitor visit, gpointer data);

#endif
