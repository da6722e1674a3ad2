/* What an ELF file says of itself besides its symbols: conventions, processor, protections, loading. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_PROPERTIES_H
#define INSPECT_PROPERTIES_H

#include "inspect/facts.h"

/*
 * Names and values, by kind. What a file does not say is not there.
 *
 *   FACTS_CONVENTION  "float ABI" "hard", "EABI" "5", "ELF ABI" "2", "wchar_t" "4 bytes", "long double" "64-bit", ...
 *   FACTS_OPTION      "-fshort-enums" "-fshort-enums", "-mlong-double" "-mlong-double-64", ... without the value
 *   FACTS_ISA         "x86-64" "v1" to "v4": GNU_PROPERTY_X86_ISA_1_NEEDED; "ARM" "v7", "MIPS" "32r2", "RISC-V" "rv64i"
 *   FACTS_HARDENING   "IBT", "SHSTK", "BTI", "PAC": "yes"
 *   FACTS_LOADING     "executable stack", "text relocations": "yes"; "kernel" "Linux 3.2.0": NT_GNU_ABI_TAG;
 *                     "machine flags" "0x100": bits of e_flags without a name here
 *
 * Formats: the processor supplements of the ELF ABI for e_flags; "Linux Extensions to gABI" for the notes; "Addenda to,
 * and Errata in, the ABI for the Arm Architecture", "RISC-V ELF psABI" and the manual of GNU as ("Object Attributes")
 * for the sections of attributes.
 */
#define PROPERTIES_EXECUTABLE_STACK "executable stack"
#define PROPERTIES_TEXT_RELOCATIONS "text relocations"
#define PROPERTIES_X86_LEVEL "x86-64"

/*
 * properties_add: one more. Of two of the same kind and name, the later stays.
 *
 * name: lives as long as FACTS. value: is copied.
 */
void properties_add(struct facts *facts, enum facts_property_kind kind, const char *name, const char *value);

/* properties_value: what a file says under this name; NULL: nothing. */
const char *properties_value(const struct facts *facts, enum facts_property_kind kind, const char *name);

/* properties_kind_name: "convention", "option", "isa", "hardening", "loading". Static text. */
const char *properties_kind_name(enum facts_property_kind kind);

/* properties_order: like strcmp, by kind and name. */
int properties_order(const struct facts_property *a, const struct facts_property *b);

#endif
