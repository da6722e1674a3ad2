/* Which types callers can see through each export, read from DWARF. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/fingerprint.h"
#include "inspect/graph.h"
#include "inspect/mangled.h"
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
	gboolean by_address_alone; /* whatever is left belongs to what is at its address */
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
	if (ops[0].atom == DW_OP_addrx && dwarf_getlocation_attr(&attribute, ops, &attribute) == 0 &&
	    dwarf_formaddr(&attribute, &address) == 0)
		return address;
	return ops[0].atom == DW_OP_addr ? ops[0].number : G_MAXUINT64;
}

static gboolean is_function_or_variable(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_variable;
}

/* The line of a definition: its own, or, where it says none, that of what it completes. */
static gboolean line_of_definition(Dwarf_Die *die, int *line)
{
	Dwarf_Die at = *die, next;
	Dwarf_Attribute attribute;

	for (int depth = 0; depth < SPELLING_DEPTH; depth++) {
		if (dwarf_hasattr(&at, DW_AT_decl_line))
			return dwarf_decl_line(&at, line) == 0;
		if ((dwarf_attr(&at, DW_AT_abstract_origin, &attribute) == NULL &&
		     dwarf_attr(&at, DW_AT_specification, &attribute) == NULL) ||
		    dwarf_formref_die(&attribute, &next) == NULL)
			return FALSE;
		at = next;
	}
	return FALSE;
}

/*
 * Is it a member function that is defined in its class, and no template? Then whoever calls it has the definition and compiles
 * a copy of it, which the linker prefers. Of other weak functions that cannot be told: they may be weak by an attribute,
 * or instantiated here for all (`extern template`).
 */
static gboolean is_inline_member(const struct scopes *scopes, Dwarf_Die *declaration, Dwarf_Die *die)
{
	const char *prefix = scopes_prefix(scopes, declaration), *name = dwarf_diename(declaration);
	int declared, defined;

	if (dwarf_tag(die) != DW_TAG_subprogram || *prefix == '\0' || strchr(prefix, '<') != NULL || name == NULL ||
	    strchr(name, '<') != NULL || !spelling_is_declaration(declaration))
		return FALSE;
	if (dwarf_hasattr(declaration, DW_AT_artificial))
		return TRUE;
	return dwarf_decl_line(declaration, &declared) == 0 && line_of_definition(die, &defined) && declared == defined;
}

/* "int" becomes "int ns::counter". */
static void append_variable(GString *spelling, const struct scopes *scopes, Dwarf_Die *variable)
{
	const char *name = dwarf_diename(variable);

	if (spelling->len == 0 || strchr("*&", spelling->str[spelling->len - 1]) == NULL)
		g_string_append_c(spelling, ' ');
	g_string_append(spelling, scopes_prefix(scopes, variable));
	scopes_append_name(spelling, name ? name : "?");
}

static void describe(struct exports *e, struct facts_symbol *s, Dwarf_Die *die)
{
	Dwarf_Die declaration = spelling_declaration(die), type;
	g_autoptr(GString) spelling = g_string_new(NULL), shape = g_string_new(NULL);
	const struct scopes *scopes = graph_scopes(e->graph);

	if (mangled_is_derived(s->name))
		return; /* clang describes thunks, as functions of nothing */
	if (dwarf_tag(die) == DW_TAG_subprogram && mangled_is(s->name))
		spelling_method(spelling, scopes, &declaration, die);
	else if (dwarf_tag(die) == DW_TAG_subprogram)
		spelling_function(spelling, scopes, &declaration, die);
	else
		spelling_append(spelling, scopes, spelling_type_of(die, &type) ? &type : NULL);
	if (dwarf_tag(die) == DW_TAG_variable && mangled_is(s->name))
		append_variable(spelling, scopes, &declaration);
	graph_shape(e->graph, shape, dwarf_tag(die) == DW_TAG_subprogram ? &declaration : die, die);
	s->declaration = facts_keep(e->facts, spelling->str);
	s->shape = facts_keep(e->facts, shape->str);
	s->is_inline = s->weak && mangled_is(s->name) && is_inline_member(scopes, &declaration, die);
}

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
}

/*
 * Meets a function or variable with the exports at its address: aliases and symbol versions share one. So do different
 * functions of C++ that the compiler folded: a mangled name takes only what is its own, as long as others may come.
 */
static void meet_by_address(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;
	guint64 address = is_function_or_variable(die) ? address_of(die) : G_MAXUINT64;
	const GArray *there = address != G_MAXUINT64 ? g_hash_table_lookup(e->at_address, &address) : NULL;
	const char *linkage = there != NULL && !e->by_address_alone ? linkage_name(die) : NULL;

	for (guint i = 0; there != NULL && i < there->len; i++) {
		struct facts_symbol *s = &e->facts->exports[g_array_index(there, guint, i)];
		if (s->declaration == NULL && (linkage == NULL || !mangled_is(s->name) || mangled_agree(s->name, linkage)))
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
	const char *linkage = linkage_name(die);
	const char *name = linkage ? linkage : dwarf_diename(die);
	if (name == NULL)
		return;
	for (guint variant = 0; variant < MANGLED_VARIANTS; variant++) {
		g_autofree char *called = mangled_variant(name, variant);
		for (guint i = called ? facts_first_export(e->facts, called) : e->facts->n_exports;
		     i < e->facts->n_exports && strcmp(e->facts->exports[i].name, called) == 0; i++)
			if (e->facts->exports[i].declaration == NULL)
				describe(e, &e->facts->exports[i], die);
	}
}

/* A thunk stands for a function that a base declares: where callers have copies of that one, they have the thunk's too. */
static void mark_inline_thunks(struct facts *facts)
{
	for (guint i = 0; i < facts->n_exports; i++) {
		struct facts_symbol *s = &facts->exports[i];
		g_autofree char *target = s->weak ? mangled_thunk_target(s->name) : NULL;
		const struct facts_symbol *t = target ? facts_find_export(facts, target) : NULL;
		if (t != NULL)
			s->is_inline = t->is_inline;
	}
}

static gboolean all_described(const struct facts *facts)
{
	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].declaration == NULL && !mangled_is_derived(facts->exports[i].name))
			return FALSE;
	return TRUE;
}

/* Variables of inline functions, which every caller shares. */
static gboolean lacks_local_objects(const struct facts *facts)
{
	for (guint i = 0; i < facts->n_exports; i++) {
		const struct facts_symbol *s = &facts->exports[i];
		if (s->declaration == NULL && s->kind == FACTS_OBJECT && mangled_is_local(s->name))
			return TRUE;
	}
	return FALSE;
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
			.class = g_steal_pointer(&n->class),
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
		if (lacks_local_objects(facts))
			units_visit_bodies(dwarf, meet_by_address, &e);
		e.by_address_alone = TRUE;
		if (!all_described(facts))
			units_visit(dwarf, meet_by_address, &e);
		mark_inline_thunks(facts);
		hand_over(facts, graph_nodes(graph));
		fingerprint_facts(facts);
	}
}
