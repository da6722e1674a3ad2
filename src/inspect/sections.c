/* What there is to strip from an ELF file: see sections.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/sections.h"
#include "inspect/reader.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <unistd.h>

static gboolean is_debug(const char *name)
{
	return name != NULL && (g_str_has_prefix(name, ".debug_") || g_str_has_prefix(name, ".zdebug_"));
}

static gboolean has_symbols(Elf *elf)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return FALSE;
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) != NULL &&
		    (header.sh_type == SHT_SYMTAB || is_debug(elf_strptr(elf, names, header.sh_name))))
			return TRUE;
	}
	return FALSE;
}

static void look(Elf *elf, const GElf_Ehdr *header, struct sections *sections)
{
	const void *id = NULL;

	sections->linked = header->e_type == ET_EXEC || header->e_type == ET_DYN;
	sections->machine = header->e_machine;
	sections->bits = header->e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	sections->symbols = has_symbols(elf);
	ssize_t size = dwelf_elf_gnu_build_id(elf, &id);
	if (size > 0)
		sections->build_id = facts_hex(id, (gsize)size);
}

gboolean sections_read(const char *path, struct sections *sections, GError **error)
{
	int fd = facts_open(path, error);
	GElf_Ehdr header;

	*sections = (struct sections){0};
	if (fd < 0)
		return FALSE;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	gboolean good = elf != NULL && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != NULL;
	if (good)
		look(elf, &header, sections);
	else
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT, "%s: not an ELF file", path);
	elf_end(elf);
	close(fd);
	return good;
}

void sections_clear(struct sections *sections)
{
	g_clear_pointer(&sections->build_id, g_free);
}
