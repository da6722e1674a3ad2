/* Which types callers can see through each export, read from DWARF. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/reader.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <string.h>

/*
 * The types form a graph: a node is one named struct, union or enumeration, whichever unit it is read from, and an edge leads to every
 * node that its members mention, through pointers, arrays, typedefs and function types. It is built lazily, from the
 * exports down, so that types which no caller can reach cost nothing. Then one walk for each export notes by which
 * exports a type is met.
 */
struct node {
	const char *name;
	guint64 size;
	GArray *members;     /* struct facts_member */
	GArray *enumerators; /* struct facts_enumerator */
	GArray *edges;       /* guint, indexes of nodes */
	GPtrArray *via;      /* names of exports */
	guint mark;          /* the export whose walk last came by, plus one */
	Dwarf_Die die;       /* where its members are read */
};

struct graph {
	struct facts *facts;
	const struct facts_headers *headers; /* or NULL */
	GHashTable *complete;   /* "struct NAME", "enum NAME" -> Dwarf_Die *, the first complete definition */
	GHashTable *at_address; /* address -> GArray of guint, indexes of the exports there */
	GHashTable *by_name;    /* node name -> index + 1 */
	GHashTable *by_die;     /* Dwarf_Die.addr -> index + 1 */
	GPtrArray *nodes;       /* struct node * */
	GArray **roots;         /* per export: indexes of the nodes that its own type mentions */
	guint n_filled;         /* nodes[0..n_filled) have members and edges */
	gboolean has_types;
};

static void node_free(gpointer data)
{
	struct node *n = data;

	g_clear_pointer(&n->members, g_array_unref);
	g_clear_pointer(&n->enumerators, g_array_unref);
	g_array_unref(n->edges);
	g_ptr_array_unref(n->via);
	g_free(n);
}

static void collect(struct graph *g, Dwarf_Die *type, const char *typedef_name, GArray *into, int depth);

static void collect_target(struct graph *g, Dwarf_Die *die, GArray *into, int depth)
{
	Dwarf_Die target;

	if (spelling_type_of(die, &target))
		collect(g, &target, NULL, into, depth + 1);
}

static guint64 attribute_value(Dwarf_Die *die, unsigned int name, guint64 otherwise)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	return dwarf_attr(die, name, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0 ? value : otherwise;
}

static guint64 bit_offset(Dwarf_Die *member, guint64 size_bits)
{
	guint64 at = attribute_value(member, DW_AT_data_member_location, 0) * 8;
	guint64 from_end = attribute_value(member, DW_AT_bit_offset, G_MAXUINT64);

	if (from_end != G_MAXUINT64) {
		guint64 storage = attribute_value(member, DW_AT_byte_size, 0) * 8;
		return at + storage - from_end - size_bits;
	}
	return attribute_value(member, DW_AT_data_bit_offset, at);
}

static struct facts_member read_member(struct graph *g, Dwarf_Die *member)
{
	g_autoptr(GString) spelling = g_string_new(NULL), calling = g_string_new(NULL);
	Dwarf_Word bytes = 0;
	Dwarf_Die type;

	if (spelling_type_of(member, &type)) {
		spelling_append(spelling, &type);
		spelling_value(calling, &type);
		dwarf_aggregate_size(&type, &bytes);
	}
	guint64 bits = attribute_value(member, DW_AT_bit_size, bytes * 8);
	const char *name = dwarf_diename(member);
	return (struct facts_member){
		.name = facts_keep(g->facts, name ? name : ""),
		.type = facts_keep(g->facts, spelling->str),
		.calling = facts_keep(g->facts, calling->str),
		.offset = bit_offset(member, bits),
		.size = bits,
	};
}

/* The definition of a type that may be only declared here: by signature (type units) or by name (another unit). */
static gboolean find_complete(struct graph *g, Dwarf_Die *type, const char *name)
{
	Dwarf_Attribute attribute;
	const Dwarf_Die *found;

	if (dwarf_attr(type, DW_AT_signature, &attribute) != NULL)
		return dwarf_formref_die(&attribute, type) != NULL && !spelling_is_declaration(type);
	if (!spelling_is_declaration(type))
		return TRUE;
	found = name ? g_hash_table_lookup(g->complete, name) : NULL;
	if (found == NULL)
		return FALSE;
	*type = *found;
	return TRUE;
}

static guint add_node(struct graph *g, const char *name, Dwarf_Die *die)
{
	struct node *n = g_new0(struct node, 1);

	n->name = facts_keep(g->facts, name);
	n->die = *die;
	n->edges = g_array_new(FALSE, FALSE, sizeof(guint));
	n->via = g_ptr_array_new();
	g_ptr_array_add(g->nodes, n);
	g_hash_table_insert(g->by_name, (void *)n->name, GUINT_TO_POINTER(g->nodes->len));
	return g->nodes->len - 1;
}

static struct facts_enumerator read_enumerator(struct graph *g, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	Dwarf_Attribute attribute;
	Dwarf_Sword value = 0;

	if (dwarf_attr(die, DW_AT_const_value, &attribute) != NULL)
		dwarf_formsdata(&attribute, &value);
	return (struct facts_enumerator){.name = facts_keep(g->facts, name ? name : ""), .value = value};
}

static void fill_node(struct graph *g, struct node *n)
{
	Dwarf_Word size = 0;
	Dwarf_Die child;

	dwarf_aggregate_size(&n->die, &size);
	n->size = size;
	n->members = g_array_new(FALSE, FALSE, sizeof(struct facts_member));
	n->enumerators = g_array_new(FALSE, FALSE, sizeof(struct facts_enumerator));
	if (dwarf_child(&n->die, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_member || tag == DW_TAG_inheritance) {
			struct facts_member m = read_member(g, &child);
			g_array_append_val(n->members, m);
			collect_target(g, &child, n->edges, 0);
		} else if (tag == DW_TAG_enumerator) {
			struct facts_enumerator e = read_enumerator(g, &child);
			g_array_append_val(n->enumerators, e);
		}
	} while (dwarf_siblingof(&child, &child) == 0);
}

/* A struct or union without a name has no node of its own: what it mentions belongs to whoever holds it. */
static void collect_anonymous(struct graph *g, Dwarf_Die *type, GArray *into, int depth)
{
	Dwarf_Die child;

	if (dwarf_child(type, &child) == 0)
		do
			if (dwarf_tag(&child) == DW_TAG_member)
				collect_target(g, &child, into, depth);
		while (dwarf_siblingof(&child, &child) == 0);
}

static void collect_named(struct graph *g, Dwarf_Die *type, const char *typedef_name, GArray *into, int depth)
{
	g_autofree char *tag = spelling_tag_name(type);
	const char *name = tag ? tag : typedef_name;
	guint known = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_die, type->addr));
	void *address = type->addr;

	if (name == NULL) {
		collect_anonymous(g, type, into, depth);
		return;
	}
	if (known == 0)
		known = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_name, name));
	if (known == 0) {
		if ((g->headers != NULL && !facts_headers_show(g->headers, name)) || !find_complete(g, type, name))
			return;
		known = add_node(g, name, type) + 1;
		g_hash_table_insert(g->by_die, address, GUINT_TO_POINTER(known));
	}
	guint index = known - 1;
	g_array_append_val(into, index);
}

static void collect(struct graph *g, Dwarf_Die *type, const char *typedef_name, GArray *into, int depth)
{
	Dwarf_Die child;

	if (depth > SPELLING_DEPTH)
		return;
	switch (dwarf_tag(type)) {
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_class_type:
	case DW_TAG_enumeration_type:
		collect_named(g, type, typedef_name, into, depth);
		break;
	case DW_TAG_typedef:
		typedef_name = dwarf_diename(type);
		if (spelling_type_of(type, &child))
			collect(g, &child, typedef_name, into, depth + 1);
		break;
	case DW_TAG_subroutine_type:
	case DW_TAG_subprogram:
		collect_target(g, type, into, depth);
		if (dwarf_child(type, &child) == 0)
			do
				if (dwarf_tag(&child) == DW_TAG_formal_parameter)
					collect_target(g, &child, into, depth);
			while (dwarf_siblingof(&child, &child) == 0);
		break;
	case DW_TAG_base_type:
		break;
	default:
		collect_target(g, type, into, depth);
	}
}

static void note_definition(Dwarf_Die *die, gpointer data)
{
	struct graph *g = data;

	/* What -g1 leaves out: types, and of functions whether they have a prototype. */
	if (dwarf_tag(die) == DW_TAG_base_type || dwarf_hasattr(die, DW_AT_prototyped) || dwarf_hasattr(die, DW_AT_type))
		g->has_types = TRUE;
	if (!spelling_is_named(die) || spelling_is_declaration(die))
		return;
	char *name = spelling_tag_name(die);
	if (name == NULL || g_hash_table_contains(g->complete, name)) {
		g_free(name);
		return;
	}
	g->has_types = TRUE;
	g_hash_table_insert(g->complete, name, g_memdup2(die, sizeof *die));
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
	if (dwarf_attr(die, DW_AT_location, &attribute) == NULL || dwarf_getlocation(&attribute, &ops, &n) != 0 ||
	    n == 0 || ops[0].atom != DW_OP_addr)
		return G_MAXUINT64;
	return ops[0].number;
}

/* Nodes are filled one after the other, not one inside the other: chains of structs are as long as the input likes. */
static void fill_new_nodes(struct graph *g)
{
	while (g->n_filled < g->nodes->len)
		fill_node(g, g->nodes->pdata[g->n_filled++]);
}

/* Meets a function or variable with the exports at its address: aliases and symbol versions share one. */
static void meet_exports(Dwarf_Die *die, gpointer data)
{
	struct graph *g = data;
	int tag = dwarf_tag(die);

	if (tag != DW_TAG_subprogram && tag != DW_TAG_variable)
		return;
	guint64 address = address_of(die);
	const GArray *there = address != G_MAXUINT64 ? g_hash_table_lookup(g->at_address, &address) : NULL;
	if (there == NULL)
		return;
	Dwarf_Die declaration = spelling_declaration(die), type;
	g_autoptr(GString) spelling = g_string_new(NULL), calling = g_string_new(NULL);
	if (tag == DW_TAG_subprogram)
		spelling_function(spelling, &declaration);
	else if (spelling_type_of(&declaration, &type))
		spelling_append(spelling, &type);
	spelling_calling(calling, &declaration);
	for (guint i = 0; i < there->len; i++) {
		guint index = g_array_index(there, guint, i);
		struct facts_symbol *s = &g->facts->exports[index];
		if (s->declaration != NULL)
			continue;
		s->declaration = facts_keep(g->facts, spelling->str);
		s->calling = facts_keep(g->facts, calling->str);
		g->roots[index] = g_array_new(FALSE, FALSE, sizeof(guint));
		collect(g, &declaration, NULL, g->roots[index], 0);
		fill_new_nodes(g);
	}
}

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

/* Depth first from one export, without recursion: the graph is as deep as the input likes. */
static void walk_from(struct graph *g, guint export, GArray *pending)
{
	const char *name = g->facts->exports[export].name;

	g_array_append_vals(pending, g->roots[export]->data, g->roots[export]->len);
	while (pending->len > 0) {
		struct node *n = g->nodes->pdata[g_array_index(pending, guint, pending->len - 1)];
		g_array_set_size(pending, pending->len - 1);
		if (n->mark == export + 1)
			continue;
		n->mark = export + 1;
		if (n->via->len == 0 || n->via->pdata[n->via->len - 1] != name)
			g_ptr_array_add(n->via, (void *)name);
		g_array_append_vals(pending, n->edges->data, n->edges->len);
	}
}

static int compare_types(const void *a, const void *b)
{
	return strcmp(((const struct facts_type *)a)->name, ((const struct facts_type *)b)->name);
}

static void hand_over(struct graph *g)
{
	struct facts *facts = g->facts;

	facts->types = g_new0(struct facts_type, g->nodes->len);
	for (guint i = 0; i < g->nodes->len; i++) {
		struct node *n = g->nodes->pdata[i];
		struct facts_type *t = &facts->types[facts->n_types++];
		*t = (struct facts_type){
			.name = n->name,
			.size = n->size,
			.n_members = n->members->len,
			.n_enumerators = n->enumerators->len,
			.n_via = n->via->len,
		};
		t->enumerators = (struct facts_enumerator *)(void *)g_array_free(g_steal_pointer(&n->enumerators), FALSE);
		g_ptr_array_add(n->via, NULL);
		t->members = (struct facts_member *)(void *)g_array_free(g_steal_pointer(&n->members), FALSE);
		t->via = (const char **)g_ptr_array_steal(n->via, NULL);
	}
	if (facts->n_types > 1)
		qsort(facts->types, facts->n_types, sizeof *facts->types, compare_types);
}

static void build(struct graph *g, Dwarf *dwarf)
{
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));
	struct facts *facts = g->facts;

	units_visit(dwarf, note_definition, g);
	if (!g->has_types) {
		facts->evidence = FACTS_WEAK_DEBUG;
		return;
	}
	facts->evidence = FACTS_TYPES;
	units_visit(dwarf, meet_exports, g);
	for (guint i = 0; i < facts->n_exports; i++) {
		if (g->roots[i] == NULL)
			continue;
		walk_from(g, i, pending);
		g_array_unref(g->roots[i]);
	}
	hand_over(g);
}

void facts_read_types(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers)
{
	if (dwarf == NULL)
		return;
	g_autoptr(GHashTable) complete = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) at_address = exports_by_address(facts);
	g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) by_die = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(node_free);
	g_autofree GArray **roots = g_new0(GArray *, MAX(facts->n_exports, 1));
	struct graph g = {
		.facts = facts,
		.headers = headers,
		.complete = complete,
		.at_address = at_address,
		.by_name = by_name,
		.by_die = by_die,
		.nodes = nodes,
		.roots = roots,
	};

	build(&g, dwarf);
}
