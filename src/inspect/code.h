/* Digests of machine code: evidence for functions that debug information does not describe. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CODE_H
#define INSPECT_CODE_H

#include "inspect/facts.h"

#include <libelf.h>

/*
 * code_read: fill in `code` of every exported function without a declaration.
 *
 * It stays 0 where the bytes do not tell what the function does: they are not in an executable segment (function
 * descriptors, as on 64-bit PowerPC with the first ABI, or a damaged file), the symbol has no size, or relocations
 * change them when the library is loaded. Needs the properties of FACTS.
 */
void code_read(struct facts *facts, Elf *elf);

#endif
