/* Which types callers can see through each export, read from DWARF. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/fingerprint.h"
#include "inspect/graph.h"
#include "inspect/reader.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <string.h>

/* The exports, where debug information meets them. */
struct exports {
	struct facts *facts;
	struct graph *graph;
	GHashTable *at_address; /* address -> GArray of guint, indexes of the exports there */
};

static GHashTable *exports_by_address(const struct facts *facts)
{
	GHashTable *table = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < facts->n_exports; i++) {
		guint64 address = facts->exports[i].address;
		GArray *there = g_hash_table_lookup(table, &address);
		if (there == NULL) {
			there = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(table, g_memdup2(&address, sizeof address), there);
		}
		g_array_append_val(there, i);
	}
	return table;
}

/* Where a function starts or a variable lies; G_MAXUINT64 when this DIE does not say. */
static guint64 address_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr address;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_tag(die) == DW_TAG_subprogram)
		return dwarf_lowpc(die, &address) == 0 ? address : G_MAXUINT64;
	if (dwarf_attr(die, DW_AT_location, &attribute) == NULL || dwarf_getlocation(&attribute, &ops, &n) != 0 || n == 0)
		return G_MAXUINT64;
	if (ops[0].atom == DW_OP_addrx && dwarf_getlocation_attr(&attribute, ops, &attribute) == 0 &&
	    dwarf_formaddr(&attribute, &address) == 0)
		return address;
	return ops[0].atom == DW_OP_addr ? ops[0].number : G_MAXUINT64;
}

/* Meets a function or variable with the exports at its address: aliases and symbol versions share one. */
static void meet_exports(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;
	int tag = dwarf_tag(die);

	if (tag != DW_TAG_subprogram && tag != DW_TAG_variable)
		return;
	guint64 address = address_of(die);
	const GArray *there = address != G_MAXUINT64 ? g_hash_table_lookup(e->at_address, &address) : NULL;
	if (there == NULL)
		return;
	Dwarf_Die declaration = spelling_declaration(die), type;
	g_autoptr(GString) spelling = g_string_new(NULL), shape = g_string_new(NULL);
	if (tag == DW_TAG_subprogram)
		spelling_function(spelling, &declaration);
	else
		spelling_append(spelling, spelling_type_of(&declaration, &type) ? &type : NULL);
	graph_shape(e->graph, shape, &declaration);
	for (guint i = 0; i < there->len; i++) {
		struct facts_symbol *s = &e->facts->exports[g_array_index(there, guint, i)];
		if (s->declaration != NULL)
			continue;
		s->declaration = facts_keep(e->facts, spelling->str);
		s->shape = facts_keep(e->facts, shape->str);
	}
}

static int compare_types(const void *a, const void *b)
{
	return strcmp(((const struct facts_type *)a)->name, ((const struct facts_type *)b)->name);
}

static void hand_over(struct facts *facts, const GPtrArray *nodes)
{
	facts->types = g_new0(struct facts_type, nodes->len);
	for (guint i = 0; i < nodes->len; i++) {
		struct graph_node *n = nodes->pdata[i];
		struct facts_type *t = &facts->types[facts->n_types++];
		*t = (struct facts_type){
			.name = n->name,
			.size = n->size,
			.n_members = n->members->len,
			.n_enumerators = n->enumerators->len,
		};
		t->members = (struct facts_member *)(void *)g_array_steal(n->members, NULL);
		t->enumerators = (struct facts_enumerator *)(void *)g_array_steal(n->enumerators, NULL);
	}
	if (facts->n_types > 1)
		qsort(facts->types, facts->n_types, sizeof *facts->types, compare_types);
}

void facts_read_types(struct facts *facts, Elf *elf, const struct facts_headers *headers)
{
	Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);

	if (dwarf == NULL)
		return;
	g_autoptr(GHashTable) at_address = exports_by_address(facts);
	g_autoptr(graph) graph = graph_new(facts, dwarf, headers);
	struct exports e = {.facts = facts, .graph = graph, .at_address = at_address};

	facts->evidence = graph_has_types(graph) ? FACTS_TYPES : FACTS_WEAK_DEBUG;
	if (facts->evidence == FACTS_TYPES) {
		units_visit(dwarf, meet_exports, &e);
		hand_over(facts, graph_nodes(graph));
		fingerprint_facts(facts);
	}
	dwarf_end(dwarf);
}
