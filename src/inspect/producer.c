/* Compiler options in DW_AT_producer: see producer.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/producer.h"
#include "inspect/properties.h"

#include <dwarf.h>
#include <string.h>

/* An option that begins with a name: itself, or it with what follows. */
static const struct {
	const char *name;
	gboolean takes_value;
} options[] = {
	{"-fshort-enums", FALSE},       {"-fshort-wchar", FALSE},       {"-fpack-struct", TRUE},
	{"-freg-struct-return", FALSE}, {"-fpcc-struct-return", FALSE}, {"-fabi-version", TRUE},
	{"-malign-double", FALSE},      {"-mlong-double", TRUE},        {"-mms-bitfields", FALSE},
	{"-mregparm", TRUE},            {"-mrtd", FALSE},               {"-msseregparm", FALSE},
	{"-mabi", TRUE},                {"-mfloat-abi", TRUE},          {"-msoft-float", FALSE},
	{"-fshort-double", FALSE},      {"-maix-struct-return", FALSE}, {"-msvr4-struct-return", FALSE},
};

static void note_option(struct facts *facts, const char *option)
{
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
		gsize length = strlen(options[i].name);
		char next = strncmp(option, options[i].name, length) == 0 ? option[length] : 'x';
		if (next == '\0' || (options[i].takes_value && (next == '=' || next == '-')))
			properties_add(facts, FACTS_OPTION, options[i].name, option);
	}
}

static void note_producer(struct facts *facts, const char *producer)
{
	g_auto(GStrv) words = g_strsplit(producer, " ", -1);

	for (char **word = words; *word != NULL; word++)
		if (**word == '-')
			note_option(facts, *word);
}

void producer_read(struct facts *facts, Dwarf *dwarf)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	Dwarf_Attribute attribute;

	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
		const char *producer = dwarf_formstring(dwarf_attr(&die, DW_AT_producer, &attribute));
		/* Units of one build share one string. */
		if (producer != NULL && g_hash_table_add(seen, (void *)producer))
			note_producer(facts, producer);
	}
}
