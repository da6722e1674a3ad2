/* What DW_AT_producer tells of compiler options that change how types are laid out. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_PRODUCER_H
#define INSPECT_PRODUCER_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>

/*
 * producer_read: add to the properties of FACTS (FACTS_OPTION) such options of any unit of DWARF: -fshort-enums,
 * -mlong-double-64, -fpack-struct=2 and the like. gcc records its options; clang does with -grecord-command-line.
 */
void producer_read(struct facts *facts, Dwarf *dwarf);

#endif
