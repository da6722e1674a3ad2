/* Which types callers can see through each export, read from DWARF. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/aliases.h"
#include "inspect/convention.h"
#include "inspect/fingerprint.h"
#include "inspect/graph.h"
#include "inspect/marks.h"
#include "inspect/mangled.h"
#include "inspect/member_index.h"
#include "inspect/reader.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <elf.h>
#include <string.h>

/* The exports, where debug information meets them. */
struct exports {
	struct facts *facts;
	struct graph *graph;
	GHashTable *at_address; /* address -> GArray of guint, indexes of the exports there */
	GHashTable *aliases;    /* as aliases_read gives them, when they are needed */
	gboolean by_address_alone; /* whatever is left belongs to what is at its address */
	GArray *entities;       /* Dwarf_Die of every function and variable at file scope, in file order */
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

/* Parts of one function that are looked at: compilers make two, the usual one and the unlikely one. */
#define MOST_PARTS 16

/* Where a variable lies; G_MAXUINT64 when this DIE does not say. */
static guint64 variable_address(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr address;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_attr(die, DW_AT_location, &attribute) == NULL || dwarf_getlocation(&attribute, &ops, &n) != 0 || n == 0)
		return G_MAXUINT64;
	if ((ops[0].atom == DW_OP_addrx || ops[0].atom == DW_OP_GNU_addr_index) &&
	    dwarf_getlocation_attr(&attribute, ops, &attribute) == 0 &&
	    dwarf_formaddr(&attribute, &address) == 0)
		return address;
	return ops[0].atom == DW_OP_addr ? ops[0].number : G_MAXUINT64;
}

static gboolean is_function_or_variable(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_variable;
}

/* Stepping over DIEs takes longer than all that is asked of most: they are walked once. */
static void take(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;

	graph_note(e->graph, die);
	if (is_function_or_variable(die))
		g_array_append_val(e->entities, *die);
}

static void each_entity(struct exports *e, units_visitor visit)
{
	for (guint i = 0; i < e->entities->len; i++)
		visit(&g_array_index(e->entities, Dwarf_Die, i), e);
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

static void describe_function(struct facts *facts, const struct scopes *scopes, struct facts_symbol *s, GString *spelling,
			      Dwarf_Die *die)
{
	Dwarf_Die declaration = spelling_declaration(die);
	g_autofree char *convention = convention_of(die, facts->machine == EM_X86_64);

	s->convention = facts_keep(facts, convention);
	if (dwarf_tag(die) == DW_TAG_subprogram && mangled_is(s->name))
		spelling_method(spelling, scopes, &declaration, die);
	else
		spelling_function(spelling, scopes, &declaration, die);
}

static void describe_variable(const struct scopes *scopes, const struct facts_symbol *s, GString *spelling, Dwarf_Die *die)
{
	Dwarf_Die declaration = spelling_declaration(die), type;

	spelling_append(spelling, scopes, spelling_type_of(die, &type) ? &type : NULL);
	if (mangled_is(s->name))
		append_variable(spelling, scopes, &declaration);
}

void facts_describe(struct facts *facts, struct graph *graph, struct facts_symbol *s, Dwarf_Die *die)
{
	g_autoptr(GString) spelling = g_string_new(NULL), shape = g_string_new(NULL);
	const struct scopes *scopes = graph_scopes(graph);
	Dwarf_Die declaration = spelling_declaration(die);
	gboolean is_variable = dwarf_tag(die) == DW_TAG_variable;

	if (mangled_is_derived(s->name))
		return; /* clang describes thunks, as functions of nothing */
	if (is_variable)
		describe_variable(scopes, s, spelling, die);
	else
		describe_function(facts, scopes, s, spelling, die);
	graph_shape(graph, shape, is_variable ? die : &declaration, die);
	s->declaration = facts_keep(facts, spelling->str);
	s->shape = facts_keep(facts, shape->str);
	s->is_inline = s->weak && mangled_is(s->name) && is_inline_member(scopes, &declaration, die);
}

/* What stands at the address of an indirect function is its resolver: of use only for the type of what it returns. */
static gboolean resolved_type(Dwarf_Die *resolver, Dwarf_Die *type)
{
	Dwarf_Die child;

	if (!spelling_type_of(resolver, type) || !spelling_strip(type) || dwarf_tag(type) != DW_TAG_pointer_type ||
	    !spelling_type_of(type, type) || !spelling_strip(type) || dwarf_tag(type) != DW_TAG_subroutine_type)
		return FALSE;
	/* void (*)(void) is what one writes to return any function. */
	return dwarf_hasattr(type, DW_AT_type) || dwarf_child(type, &child) == 0;
}

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
}

/*
 * Meets a function or variable with the exports at an address: aliases and symbol versions share one. So do different
 * functions of C++ that the compiler folded: a mangled name takes only what is its own, as long as others may come.
 */
static void meet_at(struct exports *e, Dwarf_Die *die, guint64 address, gboolean resolver)
{
	const GArray *there = g_hash_table_lookup(e->at_address, &address);
	const char *linkage = there != NULL && !e->by_address_alone ? linkage_name(die) : NULL;
	Dwarf_Die type;

	for (guint i = 0; there != NULL && i < there->len; i++) {
		struct facts_symbol *s = &e->facts->exports[g_array_index(there, guint, i)];
		if (s->declaration != NULL || (s->kind == FACTS_IFUNC) != resolver ||
		    (linkage != NULL && mangled_is(s->name) && !mangled_agree(s->name, linkage)))
			continue;
		if (!resolver)
			facts_describe(e->facts, e->graph, s, die);
		else if (dwarf_tag(die) == DW_TAG_subprogram && resolved_type(die, &type))
			facts_describe(e->facts, e->graph, s, &type);
	}
}

static void meet_addresses(struct exports *e, Dwarf_Die *die, gboolean resolvers)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t next = 0;

	if (dwarf_tag(die) == DW_TAG_variable)
		meet_at(e, die, variable_address(die), resolvers);
	else if (dwarf_tag(die) != DW_TAG_subprogram)
		return;
	else if (dwarf_lowpc(die, &start) == 0)
		meet_at(e, die, start, resolvers);
	else if (dwarf_hasattr(die, DW_AT_ranges))
		for (guint i = 0; i < MOST_PARTS && (next = dwarf_ranges(die, next, &base, &start, &end)) > 0; i++)
			meet_at(e, die, start, resolvers);
}

static void meet_by_address(Dwarf_Die *die, gpointer data)
{
	meet_addresses(data, die, FALSE);
}

static gboolean is_external(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	bool external = false;

	return is_function_or_variable(die) && dwarf_attr_integrate(die, DW_AT_external, &attribute) != NULL &&
	       dwarf_formflag(&attribute, &external) == 0 && external;
}

static void meet_called(struct exports *e, Dwarf_Die *die, const char *called)
{
	Dwarf_Addr address = 0;
	gboolean defined = dwarf_tag(die) == DW_TAG_subprogram && dwarf_lowpc(die, &address) == 0;

	for (guint i = facts_first_export(e->facts, called);
	     i < e->facts->n_exports && strcmp(e->facts->exports[i].name, called) == 0; i++) {
		struct facts_symbol *s = &e->facts->exports[i];
		gboolean is_resolver = s->kind == FACTS_IFUNC && defined && address == s->address;
		if (s->declaration == NULL && !is_resolver)
			facts_describe(e->facts, e->graph, s, die);
	}
}

static void meet_name(struct exports *e, Dwarf_Die *die, const char *name)
{
	for (guint variant = 0; name != NULL && variant < MANGLED_VARIANTS; variant++) {
		g_autofree char *called = mangled_variant(name, variant);
		if (called != NULL)
			meet_called(e, die, called);
	}
}

/* Then by name what has no address of its own there: thread-local, indirect, or folded with another by the compiler. */
static void meet_by_name(Dwarf_Die *die, gpointer data)
{
	if (!is_external(die))
		return;
	const char *linkage = linkage_name(die);
	meet_name(data, die, linkage ? linkage : dwarf_diename(die));
}

/*
 * At last what is left: indirect functions by their resolvers; what is defined in assembly by what C calls it; and what the
 * assembler knows by a private name (glibc's xdr_mapname is __GI_xdr_mapname in DW_AT_linkage_name) by that of the source.
 */
static void meet_leftover(Dwarf_Die *die, gpointer data)
{
	struct exports *e = data;

	meet_addresses(e, die, TRUE);
	const char *name = is_external(die) ? dwarf_diename(die) : NULL;
	const guint64 *address = name ? g_hash_table_lookup(e->aliases, name) : NULL;
	if (address != NULL)
		meet_at(e, die, *address, FALSE);
	if (name != NULL && !dwarf_hasattr_integrate(die, DW_AT_declaration) && linkage_name(die) != NULL)
		meet_name(e, die, name);
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

static void share_at(struct facts_symbol *exports, const GArray *there)
{
	const struct facts_symbol *described[FACTS_UNTYPED + 1] = {NULL};

	for (guint i = 0; i < there->len; i++) {
		const struct facts_symbol *s = &exports[g_array_index(there, guint, i)];
		if (s->declaration != NULL && described[s->kind] == NULL)
			described[s->kind] = s;
	}
	for (guint i = 0; i < there->len; i++) {
		struct facts_symbol *s = &exports[g_array_index(there, guint, i)];
		if (s->declaration != NULL || described[s->kind] == NULL || mangled_is_derived(s->name))
			continue;
		s->declaration = described[s->kind]->declaration;
		s->shape = described[s->kind]->shape;
		s->convention = described[s->kind]->convention;
	}
}

/* Other exports at the address of one that only its own name met: the same thing. */
static void share_declarations(struct exports *e)
{
	GHashTableIter iter;
	gpointer there;

	g_hash_table_iter_init(&iter, e->at_address);
	while (g_hash_table_iter_next(&iter, NULL, &there))
		share_at(e->facts->exports, there);
}

void facts_take_types(struct facts *facts, struct graph *graph)
{
	const GPtrArray *nodes = graph_nodes(graph);

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
}

/* What callers know from the headers though no export leads to it: structs that the library uses, too, and constants. */
static void add_unreached(struct graph *graph, const struct facts_headers *headers)
{
	const GPtrArray *own = facts_headers_own(headers);

	for (guint i = 0; i < own->len; i++)
		if (!g_str_has_prefix(own->pdata[i], "enum "))
			graph_add(graph, own->pdata[i]);
}

void facts_read_types(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers)
{
	if (dwarf == NULL)
		return;
	g_autoptr(GHashTable) at_address = exports_by_address(facts);
	g_autoptr(GArray) entities = g_array_new(FALSE, FALSE, sizeof(Dwarf_Die));
	g_autoptr(graph) graph = graph_new(facts, dwarf, headers);
	struct exports e = {.facts = facts, .graph = graph, .at_address = at_address, .entities = entities};

	units_visit(dwarf, take, &e);
	facts->evidence = graph_has_types(graph) ? FACTS_TYPES : FACTS_WEAK_DEBUG;
	if (facts->evidence == FACTS_TYPES) {
		each_entity(&e, meet_by_address);
		if (!all_described(facts))
			each_entity(&e, meet_by_name);
		if (lacks_local_objects(facts))
			units_visit_bodies(dwarf, meet_by_address, &e);
		e.by_address_alone = TRUE;
		if (!all_described(facts)) {
			g_autoptr(GHashTable) aliases = aliases_read(facts, dwarf_getelf(dwarf));
			e.aliases = aliases;
			each_entity(&e, meet_by_address);
			each_entity(&e, meet_leftover);
			share_declarations(&e);
		}
		mark_inline_thunks(facts);
		if (headers != NULL)
			add_unreached(graph, headers);
		facts_take_types(facts, graph);
		if (headers != NULL)
			facts_headers_add_types(headers, facts);
		facts_sort_types(facts);
		marks_resolve(facts, dwarf, graph_scopes(graph));
		marks_apply(facts);
		fingerprint_facts(facts);
		member_index_build(facts);
	}
}
