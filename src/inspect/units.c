/* The walk over units: see units.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/units.h"
#include "inspect/spelling.h"

#include <dwarf.h>

/* How far a walk goes. */
struct walk {
	units_visitor visit;
	gpointer data;
	gboolean classes, bodies;
};

static gboolean goes_into(const struct walk *w, Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_namespace || (w->classes && spelling_is_aggregate(die)) ||
	       (w->bodies && (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block));
}

static void visit_children(const struct walk *w, Dwarf_Die *outer, guint depth)
{
	Dwarf_Die child;

	if (depth > SCOPES_DEPTH || dwarf_child(outer, &child) != 0)
		return;
	do {
		w->visit(&child, w->data);
		if (goes_into(w, &child))
			visit_children(w, &child, depth + 1);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static void visit_units(Dwarf *dwarf, struct walk w)
{
	Dwarf_CU *unit = NULL, *next;
	Dwarf_Die die;

	while (dwarf_get_units(dwarf, unit, &next, NULL, NULL, &die, NULL) == 0) {
		unit = next;
		w.classes = !scopes_unit_is_c(&die);
		visit_children(&w, &die, 0);
	}
}

void units_visit(Dwarf *dwarf, units_visitor visit, gpointer data)
{
	visit_units(dwarf, (struct walk){.visit = visit, .data = data});
}

void units_visit_bodies(Dwarf *dwarf, units_visitor visit, gpointer data)
{
	visit_units(dwarf, (struct walk){.visit = visit, .data = data, .bodies = TRUE});
}

/* What is collected, and where. */
struct collection {
	GHashTable *names;
	const struct scopes *scopes;
};

static void note_complete(Dwarf_Die *die, gpointer data)
{
	struct collection *c = data;
	Dwarf_Die target;
	char *name = NULL;

	if (spelling_is_named(die) && !spelling_is_declaration(die))
		name = spelling_tag_name(c->scopes, die);
	else if (dwarf_tag(die) == DW_TAG_typedef && spelling_type_of(die, &target) && spelling_strip(&target) &&
		 spelling_is_named(&target) && dwarf_diename(&target) == NULL)
		name = spelling_typedef_name(c->scopes, die);
	if (name != NULL)
		g_hash_table_add(c->names, name);
}

GHashTable *units_complete_names(Dwarf *dwarf)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(scopes) scopes = scopes_new(dwarf);
	struct collection c = {names, scopes};

	units_visit(dwarf, note_complete, &c);
	return names;
}
