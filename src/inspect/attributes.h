/* Build attributes: the sections .ARM.attributes, .riscv.attributes and .gnu.attributes. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_ATTRIBUTES_H
#define INSPECT_ATTRIBUTES_H

#include "inspect/facts.h"

#include <libelf.h>

/* attributes_are_in: is a section of this type (sh_type) one of them, for the machine of FACTS? */
gboolean attributes_are_in(const struct facts *facts, guint32 section_type);

/*
 * attributes_read: add to the properties of FACTS what the section says of the whole file and what matters to callers
 * or to the processor; properties.h names the formats. NULL is fine; the rest of a damaged section is passed over.
 */
void attributes_read(struct facts *facts, Elf_Data *section);

#endif
