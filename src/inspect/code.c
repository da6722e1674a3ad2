/* Digests of machine code: see code.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/code.h"
#include "core/digest.h"
#include "inspect/properties.h"

#include <gelf.h>

/* Symbols may overlap, but those that are made to keep us busy are left alone: this much of the file's size is read. */
#define MOST_TIMES 8

/* The SIZE bytes at ADDRESS; NULL when they are not all in the file, in one executable segment. */
static const char *bytes_at(Elf *elf, guint64 address, guint64 size)
{
	gsize count = 0, length = 0;
	const char *file = elf_rawfile(elf, &length);
	GElf_Phdr p;

	if (file == NULL || size == 0 || elf_getphdrnum(elf, &count) != 0)
		return NULL;
	for (gsize i = 0; i < count; i++) {
		if (gelf_getphdr(elf, (int)i, &p) == NULL || p.p_type != PT_LOAD || !(p.p_flags & PF_X) ||
		    p.p_offset > length || p.p_filesz > length - p.p_offset || address < p.p_vaddr ||
		    address - p.p_vaddr > p.p_filesz || size > p.p_filesz - (address - p.p_vaddr))
			continue;
		return file + p.p_offset + (address - p.p_vaddr);
	}
	return NULL;
}

static guint64 digest_bytes(const char *bytes, guint64 size)
{
	g_autofree char *hex = digest_of(DIGEST_SHA256, bytes, size);

	hex[16] = '\0';
	return g_ascii_strtoull(hex, NULL, 16);
}

void code_read(struct facts *facts, Elf *elf)
{
	/* The lowest bit of an address says which instruction set it is in. */
	guint64 thumb = facts->machine == EM_ARM ? 1 : 0, left;
	gsize length = 0;

	elf_rawfile(elf, &length);
	left = (guint64)length * MOST_TIMES;
	if (properties_value(facts, FACTS_LOADING, PROPERTIES_TEXT_RELOCATIONS) != NULL)
		return;
	for (guint i = 0; i < facts->n_exports; i++) {
		struct facts_symbol *s = &facts->exports[i];
		if (s->declaration != NULL || (s->kind != FACTS_FUNCTION && s->kind != FACTS_IFUNC))
			continue;
		const char *bytes = bytes_at(elf, s->address & ~thumb, s->size);
		if (bytes == NULL)
			continue;
		if (s->size > left)
			break;
		left -= s->size;
		s->code = digest_bytes(bytes, s->size);
	}
}
