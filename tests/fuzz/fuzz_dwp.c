/* Fuzzes the joining of split debug information: src/inspect/dwp.c, unsplit.c. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/dwp.h"
#include "inspect/unsplit.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes part(const struct bytes *all, const struct dwp_row *row, enum dwp_section kind)
{
	return bytes_slice(all, row->parts[kind].offset, row->parts[kind].size);
}

/* Reads what came out as the readers of types do: all attributes that bases and abbreviations lead to. */
static void walk(Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, child;

	while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
		if (dwarf_child(&die, &child) != 0)
			continue;
		do
			dwarf_diename(&child);
		while (dwarf_siblingof(&child, &child) == 0);
	}
}

/* The bytes are an index whose units have their parts in these same bytes; the unit's id is the first eight. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Elf64_Ehdr nothing = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
				     .e_type = ET_DYN,
				     .e_version = EV_CURRENT,
				     .e_ehsize = sizeof nothing};
	struct bytes all = {data, size};
	gsize image_size = 0;

	elf_version(EV_CURRENT);
	Elf *elf = elf_memory((char *)&nothing, sizeof nothing);
	g_autoptr(unsplit) image = unsplit_new(elf);
	g_autoptr(GArray) rows = dwp_read_index(&all, FALSE);
	gboolean good = rows != NULL;
	unsplit_allow(image, size);
	for (guint i = 0; good && i < rows->len; i++) {
		const struct dwp_row *row = &g_array_index(rows, struct dwp_row, i);
		struct unsplit_parts parts = {part(&all, row, DWP_INFO), part(&all, row, DWP_TYPES),
					      part(&all, row, DWP_ABBREV), part(&all, row, DWP_STR_OFFSETS), all};
		good = dwp_find(rows, row->id) != NULL && unsplit_add(image, &parts, row->id, i);
	}
	if (good) {
		g_autofree char *bytes = unsplit_finish(image, &image_size);
		Elf *joined = elf_memory(bytes, image_size);
		Dwarf *dwarf = dwarf_begin_elf(joined, DWARF_C_READ, NULL);
		walk(dwarf);
		dwarf_end(dwarf);
		elf_end(joined);
	}
	elf_end(elf);
	return 0;
}
