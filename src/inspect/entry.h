/* Where the code of exported functions begins, as debug information has it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_ENTRY_H
#define INSPECT_ENTRY_H

#include "inspect/facts.h"

#include <libelf.h>

/*
 * entry_resolve: turn the values of function symbols into the addresses of their first instructions.
 *
 * They differ where a symbol's value is that of a function descriptor (64-bit PowerPC, ELFv1: the section .opd), and
 * where its lowest bit names an instruction set (Thumb; MIPS16 and microMIPS).
 *
 * Formats: 64-bit PowerPC ELF ABI Supplement, 3.2.5 "Function Descriptors"; ELF for the Arm Architecture, 5.5.3.
 */
void entry_resolve(struct facts *facts, Elf *elf);

#endif
