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
		if (facts->exports[i].kind == FACTS_TLS)
			continue; /* an offset, not an address */
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
	if ((ops[0].atom == DW_OP_addrx || ops[0].atom == DW_OP_GNU_addr_index) && dwarf_getlocation_attr(&attribute, ops, &attribute) == 0 &&
	    dwarf_formaddr(&attribute, &address) == 0)
		return address;
	return ops[0].atom == DW_OP_addr ? ops[0].number : G_MAXUINT64;
}

static gboolean is_function_or_variable(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_variable;
}

static void describe(struct exports *e, struct facts_symbol *s, Dwarf_Die *die)
{
	Dwarf_Die declaration = spelling_declaration(die), type;
	g_autoptr(GString) spelling = g_string_new(NULL), shape = g_string_new(NULL);

	if (dwarf_tag(die) == DW_TAG_subprogram)
		spelling_function(spelling, &declaration);
	else
		spelling_append(spelling, spelling_type_of(&declaration, &type) ? &type : NULL);
	graph_shape(e->graph, shape, &declaration);
	s->declaration = facts_keep(e->facts, spelling->str);
	s->shape = facts_keep(e->facts, shape->str);
}

/* Meets a function or variable with the exports at its address: aliases and symbol versions share one. */
static void meet_by_address(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;
	guint64 address = is_function_or_variable(die) ? address_of(die) : G_MAXUINT64;
	const GArray *there = address != G_MAXUINT64 ? g_hash_table_lookup(e->at_address, &address) : NULL;

	for (guint i = 0; there != NULL && i < there->len; i++) {
		struct facts_symbol *s = &e->facts->exports[g_array_index(there, guint, i)];
		if (s->declaration == NULL)
			describe(e, s, die);
	}
}

/* Then by name what has no address of its own there: thread-local, indirect, or folded with another by the compiler. */
static void meet_by_name(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;
	Dwarf_Attribute attribute;
	bool external = false;

	if (!is_function_or_variable(die) || dwarf_attr_integrate(die, DW_AT_external, &attribute) == NULL ||
	    dwarf_formflag(&attribute, &external) != 0 || !external)
		return;
	const char *linkage = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
	const char *name = linkage ? linkage : dwarf_diename(die);
	for (guint i = name ? facts_first_export(e->facts, name) : e->facts->n_exports;
	     i < e->facts->n_exports && strcmp(e->facts->exports[i].name, name) == 0; i++)
		if (e->facts->exports[i].declaration == NULL)
			describe(e, &e->facts->exports[i], die);
}

static gboolean all_described(const struct facts *facts)
{
	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].declaration == NULL)
			return FALSE;
	return TRUE;
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
			.alignment = n->alignment,
			.n_members = n->members->len,
			.n_enumerators = n->enumerators->len,
		};
		t->members = (struct facts_member *)(void *)g_array_steal(n->members, NULL);
		t->enumerators = (struct facts_enumerator *)(void *)g_array_steal(n->enumerators, NULL);
	}
	if (facts->n_types > 1)
		qsort(facts->types, facts->n_types, sizeof *facts->types, compare_types);
}

void facts_read_types(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers)
{
	if (dwarf == NULL)
		return;
	g_autoptr(GHashTable) at_address = exports_by_address(facts);
	g_autoptr(graph) graph = graph_new(facts, dwarf, headers);
	struct exports e = {.facts = facts, .graph = graph, .at_address = at_address};

	facts->evidence = graph_has_types(graph) ? FACTS_TYPES : FACTS_WEAK_DEBUG;
	if (facts->evidence == FACTS_TYPES) {
		units_visit(dwarf, meet_by_address, &e);
		if (!all_described(facts))
			units_visit(dwarf, meet_by_name, &e);
		hand_over(facts, graph_nodes(graph));
		fingerprint_facts(facts);
	}
}
