/* Names in the full symbol table: see aliases.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/aliases.h"

#include <gelf.h>

static GHashTable *undescribed_addresses(const struct facts *facts)
{
	GHashTable *addresses = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].declaration == NULL && facts->exports[i].kind != FACTS_TLS)
			g_hash_table_add(addresses, &facts->exports[i].address);
	return addresses;
}

static gboolean is_function_or_variable(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_OBJECT || type == STT_GNU_IFUNC);
}

static void read_table(GHashTable *names, GHashTable *addresses, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 1; data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++) {
		guint64 address = symbol.st_value;
		if (!is_function_or_variable(&symbol) || !g_hash_table_contains(addresses, &address))
			continue;
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name != NULL && *name != '\0')
			g_hash_table_insert(names, (void *)name, g_memdup2(&address, sizeof address));
	}
}

GHashTable *aliases_read(const struct facts *facts, Elf *elf)
{
	g_autoptr(GHashTable) addresses = undescribed_addresses(facts);
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while (elf != NULL && (section = elf_nextscn(elf, section)) != NULL)
		if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB)
			read_table(names, addresses, elf, section, &header);
	return names;
}
