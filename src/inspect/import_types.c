/* A program's view of a library's types: see import_types.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/import_types.h"
#include "inspect/graph.h"
#include "inspect/member_index.h"
#include "inspect/reach.h"
#include "inspect/reader.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* What a walk over the program's units needs. */
struct imports {
	struct facts *facts;
	struct graph *graph;
	GHashTable *symbols; /* name -> GPtrArray of struct facts_symbol *: what the program takes from the library */
	GHashTable *names;   /* of types that the library's declarations name, as a set */
};

static void add_symbol(struct imports *im, struct facts_symbol *s, const struct facts *interface)
{
	guint at = facts_first_export(interface, s->name);

	if (at == interface->n_exports || strcmp(interface->exports[at].name, s->name) != 0)
		return;
	GPtrArray *there = g_hash_table_lookup(im->symbols, s->name);
	if (there == NULL)
		g_hash_table_insert(im->symbols, (void *)s->name, there = g_ptr_array_new());
	g_ptr_array_add(there, s);
}

static void collect_symbols(struct imports *im, const struct facts *interface)
{
	struct facts *f = im->facts;

	for (guint i = 0; i < f->n_imports; i++)
		add_symbol(im, &f->imports[i], interface);
	for (guint i = 0; i < f->n_exports; i++)
		if (f->exports[i].kind == FACTS_OBJECT)
			add_symbol(im, &f->exports[i], interface);
}

static gboolean has_flag(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attribute;
	bool flag = false;

	return dwarf_attr(die, name, &attribute) != NULL && dwarf_formflag(&attribute, &flag) == 0 && flag;
}

/* "int f();" of old C, which says nothing of parameters. C++ does not say DW_AT_prototyped, but lists what there is. */
static gboolean is_unprototyped(Dwarf_Die *die)
{
	Dwarf_Die child;

	return dwarf_tag(die) == DW_TAG_subprogram && !has_flag(die, DW_AT_prototyped) &&
	       dwarf_child(die, &child) == 0 && dwarf_tag(&child) == DW_TAG_unspecified_parameters;
}

/* A declaration of something that is defined elsewhere. */
static void meet_declaration(Dwarf_Die *die, gpointer data)
{
	struct imports *im = data;
	int tag = dwarf_tag(die);
	Dwarf_Attribute attribute;

	if ((tag != DW_TAG_subprogram && tag != DW_TAG_variable) || !has_flag(die, DW_AT_declaration) ||
	    !has_flag(die, DW_AT_external) || is_unprototyped(die))
		return;
	const char *linkage = dwarf_formstring(dwarf_attr(die, DW_AT_linkage_name, &attribute));
	const char *name = linkage ? linkage : dwarf_diename(die);
	GPtrArray *there = name ? g_hash_table_lookup(im->symbols, name) : NULL;
	for (guint i = 0; there != NULL && i < there->len; i++) {
		struct facts_symbol *s = there->pdata[i];
		if (s->declaration == NULL)
			facts_describe(im->facts, im->graph, s, die);
	}
}

/* A type that the library's declaration names, where the program calls without one of its own. */
static void meet_type(Dwarf_Die *die, gpointer data)
{
	struct imports *im = data;
	gboolean is_typedef = dwarf_tag(die) == DW_TAG_typedef;
	Dwarf_Die target;

	if (!is_typedef && (!spelling_is_named(die) || spelling_is_declaration(die)))
		return;
	if (is_typedef &&
	    (!spelling_type_of(die, &target) || !spelling_is_named(&target) || dwarf_diename(&target) != NULL))
		return;
	const struct scopes *scopes = graph_scopes(im->graph);
	g_autofree char *name = is_typedef ? spelling_typedef_name(scopes, die) : spelling_tag_name(scopes, die);
	if (name != NULL && g_hash_table_contains(im->names, name))
		graph_take(im->graph, die);
}

/* The names that the library's declarations of undescribed imports have in them. */
static void collect_names(struct imports *im, const struct facts *interface)
{
	g_autoptr(GArray) mentioned = g_array_new(FALSE, FALSE, sizeof(guint));
	GHashTableIter iterator;
	gpointer name, there;

	g_hash_table_iter_init(&iterator, im->symbols);
	while (g_hash_table_iter_next(&iterator, &name, &there)) {
		const struct facts_symbol *own = ((GPtrArray *)there)->pdata[0];
		for (guint i = facts_first_export(interface, name);
		     i < interface->n_exports && strcmp(interface->exports[i].name, name) == 0; i++)
			if (own->declaration == NULL && interface->exports[i].shape != NULL)
				reach_mentioned(mentioned, interface, interface->exports[i].shape);
	}
	for (guint i = 0; i < mentioned->len; i++)
		g_hash_table_add(im->names, (void *)interface->types[g_array_index(mentioned, guint, i)].name);
}

static void note_definition(Dwarf_Die *die, gpointer graph)
{
	graph_note(graph, die);
}

void facts_read_import_types(struct facts *facts, Dwarf *dwarf, const struct facts *interface)
{
	if (dwarf == NULL)
		return;
	g_autoptr(graph) graph = graph_new(facts, dwarf, NULL);
	g_autoptr(GHashTable) symbols =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	struct imports im = {facts, graph, symbols, names};

	units_visit(dwarf, note_definition, graph);
	facts->evidence = graph_has_types(graph) ? FACTS_TYPES : FACTS_WEAK_DEBUG;
	if (facts->evidence != FACTS_TYPES)
		return;
	collect_symbols(&im, interface);
	units_visit(dwarf, meet_declaration, &im);
	collect_names(&im, interface);
	if (g_hash_table_size(names) > 0)
		units_visit(dwarf, meet_type, &im);
	facts_take_types(facts, graph);
	facts_sort_types(facts);
	member_index_build(facts);
}
