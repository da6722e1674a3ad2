/* Opening debug sections with care: see debugsections.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/debugsections.h"
#include "inspect/bytes.h"

#include <gelf.h>
#include <string.h>

#define MOST_UNPACKED ((guint64)64 << 20)
#define MOST_RATIO 16

#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

/* What the names and headers of a file's sections say. */
struct survey {
	guint64 unpacked;   /* bytes of compressed debug sections, as their headers say */
	const char *unread; /* why a section cannot be read */
	gboolean btf, ctf;
};

static guint64 unpacked_size(Elf_Scn *section, const GElf_Shdr *header, const char *name)
{
	GElf_Chdr compressed;

	if (header->sh_flags & SHF_COMPRESSED)
		return gelf_getchdr(section, &compressed) ? compressed.ch_size : 0;
	Elf_Data *data = g_str_has_prefix(name, ".zdebug_") ? elf_rawdata(section, NULL) : NULL;
	return data && data->d_size >= 12 && memcmp(data->d_buf, "ZLIB", 4) == 0
		       ? bytes_get((guchar *)data->d_buf + 4, 8, TRUE)
		       : 0;
}

static const char *unread_compression(Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Chdr compressed;

	if (!(header->sh_flags & SHF_COMPRESSED) || gelf_getchdr(section, &compressed) == NULL)
		return NULL;
	return compressed.ch_type == ELFCOMPRESS_ZSTD
		       ? "its debug sections are compressed with zstd, which this libelf cannot read; unpack them with "
			 "objcopy --decompress-debug-sections"
		       : "its compressed debug sections cannot be read";
}

static struct survey look(Elf *elf)
{
	struct survey s = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names = 0;

	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		if (name == NULL)
			continue;
		s.btf = s.btf || strcmp(name, ".BTF") == 0;
		s.ctf = s.ctf || strcmp(name, ".ctf") == 0;
		if (!g_str_has_prefix(name, ".debug_") && !g_str_has_prefix(name, ".zdebug_"))
			continue;
		guint64 size = unpacked_size(section, &header, name);
		s.unpacked += MIN(size, G_MAXUINT64 - s.unpacked);
		s.unread = s.unread ? s.unread : unread_compression(section, &header);
	}
	return s;
}

static gboolean has_units(Dwarf *dwarf)
{
	Dwarf_CU *unit;

	return dwarf != NULL && dwarf_get_units(dwarf, NULL, &unit, NULL, NULL, NULL, NULL) == 0;
}

Dwarf *debugsections_begin(Elf *elf, char **why)
{
	struct survey before = look(elf);
	size_t size = 0;

	elf_rawfile(elf, &size);
	if (before.unpacked > MAX(MOST_UNPACKED, MOST_RATIO * (guint64)size)) {
		*why = g_strdup_printf("its compressed debug sections say that they unpack to %" G_GUINT64_FORMAT
				       " MiB, too much to be true",
				       before.unpacked >> 20);
		return NULL;
	}
	Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	struct survey s = look(elf);
	if (s.unread == NULL && has_units(dwarf))
		return dwarf;
	dwarf_end(dwarf);
	if (s.unread != NULL)
		*why = g_strdup(s.unread);
	else if (s.btf || s.ctf)
		*why = g_strdup_printf("of debug information it has %s alone, which is not read; compile with -g",
				       s.btf ? "BTF" : "CTF");
	return NULL;
}
