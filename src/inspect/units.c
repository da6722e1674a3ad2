/* The walk over units: see units.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/units.h"
#include "inspect/spelling.h"

#include <dwarf.h>

void units_visit(Dwarf *dwarf, units_visitor visit, gpointer data)
{
	Dwarf_CU *unit = NULL, *next;
	Dwarf_Die die, child;

	while (dwarf_get_units(dwarf, unit, &next, NULL, NULL, &die, NULL) == 0) {
		unit = next;
		if (dwarf_child(&die, &child) != 0)
			continue;
		do
			visit(&child, data);
		while (dwarf_siblingof(&child, &child) == 0);
	}
}

static void note_complete(Dwarf_Die *die, gpointer data)
{
	GHashTable *names = data;
	Dwarf_Die target;
	char *name = NULL;

	if (spelling_is_named(die) && !spelling_is_declaration(die))
		name = spelling_tag_name(die);
	else if (dwarf_tag(die) == DW_TAG_typedef && spelling_type_of(die, &target) && spelling_strip(&target) &&
		 spelling_is_named(&target) && dwarf_diename(&target) == NULL)
		name = g_strdup(dwarf_diename(die));
	if (name != NULL)
		g_hash_table_add(names, name);
}

GHashTable *units_complete_names(Dwarf *dwarf)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	units_visit(dwarf, note_complete, names);
	return names;
}
