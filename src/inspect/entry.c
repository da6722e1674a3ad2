/* From function symbols to code: see entry.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/entry.h"
#include "inspect/bytes.h"

#include <gelf.h>
#include <string.h>

/* The section with function descriptors, whose first word is the address of the code. */
struct descriptors {
	guint64 address;
	struct bytes bytes;
};

static struct descriptors find_descriptors(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names = 0;

	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		Elf_Data *data = name && strcmp(name, ".opd") == 0 ? elf_rawdata(section, NULL) : NULL;
		if (data != NULL && data->d_buf != NULL)
			return (struct descriptors){header.sh_addr, {data->d_buf, data->d_size}};
	}
	return (struct descriptors){0};
}

static guint64 described(const struct descriptors *d, guint64 value, gboolean big_endian)
{
	if (value < d->address || !bytes_has(&d->bytes, value - d->address, 8))
		return value;
	return bytes_get(d->bytes.data + (value - d->address), 8, big_endian);
}

void entry_resolve(struct facts *facts, Elf *elf)
{
	gboolean has_bit = facts->machine == EM_ARM || facts->machine == EM_MIPS;
	struct descriptors d = facts->machine == EM_PPC64 ? find_descriptors(elf) : (struct descriptors){0};

	for (guint i = 0; i < facts->n_exports; i++) {
		struct facts_symbol *s = &facts->exports[i];
		if (s->kind != FACTS_FUNCTION && s->kind != FACTS_IFUNC)
			continue;
		if (has_bit)
			s->address &= ~(guint64)1;
		else if (d.bytes.data != NULL)
			s->address = described(&d, s->address, facts->big_endian);
	}
}
