/* What a program itself believes of the types of a library that it uses. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_IMPORT_TYPES_H
#define INSPECT_IMPORT_TYPES_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>

/*
 * facts_read_import_types: fill in evidence, the declarations of imports, and the types that they lead to.
 *
 * dwarf: of the program, NULL when there is none. interface: the facts of the library.
 *
 * Only imports that the library exports are described, and variables of the library that the program holds copies of. A
 * compiler that optimises declares what a program calls; gcc -O0 declares variables only. Of a function without a
 * declaration the types that the library's own declaration of it names are taken, by these names, where the program
 * defines them. No other type is read, so that a program's private type with the name of one of the library's counts
 * only when it stands in the place of that type.
 */
void facts_read_import_types(struct facts *facts, Dwarf *dwarf, const struct facts *interface);

#endif
