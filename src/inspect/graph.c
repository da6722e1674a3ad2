/* The graph of named types: see graph.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/graph.h"
#include "inspect/class.h"
#include "inspect/reader.h"
#include "inspect/shape.h"
#include "inspect/spelling.h"

#include <dwarf.h>
#include <elf.h>
#include <string.h>

struct graph {
	struct facts *facts;
	struct scopes *scopes;
	const struct facts_headers *headers; /* or NULL */
	GHashTable *complete;                /* "struct NAME", "enum NAME" -> Dwarf_Die *, the first complete definition;
					      * with headers, also the typedef of a struct without a tag */
	GHashTable *by_name;                 /* node name -> index + 1 */
	GHashTable *by_die;                  /* Dwarf_Die.addr -> index + 1 */
	GPtrArray *nodes;                    /* struct graph_node * */
	guint n_filled;                      /* nodes[0..n_filled) have members and enumerators */
	GHashTable *by_reference;            /* what class_read remembers */
	gboolean has_types;
};

static void node_free(gpointer data)
{
	struct graph_node *n = data;

	g_clear_pointer(&n->members, g_array_unref);
	g_clear_pointer(&n->enumerators, g_array_unref);
	facts_class_free(n->class);
	g_free(n);
}

/* For graph_add: a struct without a tag has no name but that of its typedef. */
static void note_typedef(struct graph *g, Dwarf_Die *die)
{
	g_autofree char *name = spelling_typedef_name(g->scopes, die);
	Dwarf_Die target;

	if (name == NULL || g_hash_table_contains(g->complete, name) || !spelling_type_of(die, &target) ||
	    !spelling_is_aggregate(&target) || spelling_is_declaration(&target))
		return;
	g_autofree char *tag = spelling_tag_name(g->scopes, &target);
	if (tag == NULL || strcmp(tag, name) == 0)
		g_hash_table_insert(g->complete, g_steal_pointer(&name), g_memdup2(&target, sizeof target));
}

struct graph *graph_new(struct facts *facts, Dwarf *dwarf, const struct facts_headers *headers)
{
	struct graph *g = g_new0(struct graph, 1);

	g->facts = facts;
	g->headers = headers;
	g->scopes = scopes_new(dwarf);
	g->complete = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	g->by_die = g_hash_table_new(NULL, NULL);
	g->by_reference = g_hash_table_new(NULL, NULL);
	g->nodes = g_ptr_array_new_with_free_func(node_free);
	return g;
}

void graph_free(struct graph *g)
{
	if (g == NULL)
		return;
	scopes_free(g->scopes);
	g_hash_table_unref(g->complete);
	g_hash_table_unref(g->by_name);
	g_hash_table_unref(g->by_die);
	g_hash_table_unref(g->by_reference);
	g_ptr_array_unref(g->nodes);
	g_free(g);
}

void graph_note(struct graph *g, Dwarf_Die *die)
{
	/* What -g1 leaves out: types, and of functions whether they have a prototype. */
	if (!g->has_types)
		g->has_types = dwarf_tag(die) == DW_TAG_base_type || dwarf_hasattr(die, DW_AT_prototyped) ||
			       dwarf_hasattr(die, DW_AT_type);
	if (g->headers != NULL && dwarf_tag(die) == DW_TAG_typedef)
		note_typedef(g, die);
	if (!spelling_is_named(die) || spelling_is_declaration(die))
		return;
	char *name = spelling_tag_name(g->scopes, die);
	if (name == NULL || g_hash_table_contains(g->complete, name)) {
		g_free(name);
		return;
	}
	g->has_types = TRUE;
	g_hash_table_insert(g->complete, name, g_memdup2(die, sizeof *die));
}

gboolean graph_has_types(const struct graph *g)
{
	return g->has_types;
}

const struct scopes *graph_scopes(const struct graph *g)
{
	return g->scopes;
}

/* ---- from a DIE to its node ---- */

/* The definition of a type that may be only declared here: by signature (type units) or by name (another unit). */
static gboolean find_complete(struct graph *g, Dwarf_Die *type, const char *name)
{
	const Dwarf_Die *found;

	spelling_follow(type);
	if (!spelling_is_declaration(type))
		return TRUE;
	found = g_hash_table_lookup(g->complete, name);
	if (found == NULL)
		return FALSE;
	*type = *found;
	return TRUE;
}

static guint add_node(struct graph *g, const char *name, Dwarf_Die *die)
{
	struct graph_node *n = g_new0(struct graph_node, 1);

	n->name = facts_keep(g->facts, name);
	n->die = *die;
	g_ptr_array_add(g->nodes, n);
	g_hash_table_insert(g->by_name, (void *)n->name, GUINT_TO_POINTER(g->nodes->len));
	return g->nodes->len;
}

/*
 * The node of a type, made when it is first met; NULL when callers cannot see into the type.
 *
 * own: the name is its own, which public headers know; not one that it is given here for want of a name.
 */
static const struct graph_node *resolve(struct graph *g, Dwarf_Die *type, const char *name, gboolean own)
{
	void *address = type->addr;
	guint known = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_die, address));

	if (known == 0) {
		known = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_name, name));
		if (known == 0) {
			if (scopes_is_hidden(g->scopes, type) ||
			    (own && g->headers != NULL && !facts_headers_show(g->headers, name)) || !find_complete(g, type, name))
				return NULL;
			known = add_node(g, name, type);
		}
		g_hash_table_insert(g->by_die, address, GUINT_TO_POINTER(known));
	}
	return g->nodes->pdata[known - 1];
}

void graph_add(struct graph *g, const char *name)
{
	const Dwarf_Die *found = g_hash_table_lookup(g->complete, name);
	Dwarf_Die die;

	if (found == NULL)
		return;
	die = *found;
	resolve(g, &die, name, TRUE);
}

/* ---- shapes ---- */

/* Where a walk through one type is. */
struct walk {
	struct graph *graph;
	GString *shape;
	guint depth;
	gboolean narrow; /* a parameter or result itself: signedness of narrow integers counts */
	/* what a type without a name is called: "HOLDER.PART" for a member's, "HOLDER*" behind a typedef of a pointer */
	const char *holder, *part;
};

static void walk_type(struct walk w, Dwarf_Die *type, const char *typedef_name);

static void walk_target(struct walk w, Dwarf_Die *die, const char *typedef_name)
{
	Dwarf_Die target;

	w.depth++;
	if (w.depth > SHAPE_DEPTH)
		g_string_append_c(w.shape, '?');
	else if (spelling_type_of(die, &target))
		walk_type(w, &target, typedef_name);
	else
		g_string_append(w.shape, "void");
}

/* What tells floating formats of one width apart: the x87 format fills 80 bits of a long double's 96 or 128. */
static void append_float(struct walk *w, Dwarf_Die *type, char class, guint bits)
{
	const char *name = dwarf_diename(type);
	gboolean x86 = w->graph->facts->machine == EM_X86_64 || w->graph->facts->machine == EM_386;
	gboolean extended = x86 && name != NULL && strstr(name, "long double") != NULL && bits >= 96;
	gboolean brain = name != NULL && strcmp(name, "__bf16") == 0;

	g_string_append_printf(w->shape, "%c%u%s", class, !extended ? bits : class == 'c' ? 160 : 80, brain ? "b" : "");
}

static void append_base(struct walk *w, Dwarf_Die *type, guint bits)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;
	char class = 'i';

	if (dwarf_attr(type, DW_AT_encoding, &attribute) != NULL)
		dwarf_formudata(&attribute, &encoding);
	switch (encoding) {
	case DW_ATE_float:
		append_float(w, type, 'f', bits);
		return;
	case DW_ATE_complex_float:
	case DW_ATE_imaginary_float:
		append_float(w, type, 'c', bits);
		return;
	case DW_ATE_decimal_float:
		class = 'd';
		break;
	case DW_ATE_boolean:
		class = 'b';
		break;
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
	case DW_ATE_UTF:
		class = w->narrow && bits < 32 ? 'u' : 'i';
		break;
	default:
		break;
	}
	g_string_append_printf(w->shape, "%c%u", class, bits);
}

static void walk_parameters(struct walk w, Dwarf_Die *function)
{
	const char *separator = "";
	guint index = 0;
	Dwarf_Die child;

	w.narrow = TRUE;
	g_string_append_c(w.shape, '(');
	if (dwarf_child(function, &child) == 0) {
		do {
			int tag = dwarf_tag(&child);
			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			if (tag == DW_TAG_formal_parameter && spelling_is_hidden_parameter(&child, index++))
				continue;
			g_string_append(w.shape, separator);
			separator = ",";
			if (tag == DW_TAG_formal_parameter)
				walk_target(w, &child, NULL);
			else
				g_string_append(w.shape, "...");
		} while (dwarf_siblingof(&child, &child) == 0);
	}
	g_string_append_c(w.shape, ')');
}

static void walk_function(struct walk w, Dwarf_Die *function, Dwarf_Die *definition)
{
	Dwarf_Die parameters = spelling_parameters(function, definition);

	w.narrow = TRUE;
	walk_target(w, definition, NULL);
	walk_parameters(w, &parameters);
}

static guint64 attribute_value(Dwarf_Die *die, unsigned int name, guint64 otherwise)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	return dwarf_attr(die, name, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0 ? value : otherwise;
}

/* Where a member lies, in bytes. DWARF 2 and 3 say it as an expression. */
static guint64 byte_offset(Dwarf_Die *member)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_attr(member, DW_AT_data_member_location, &attribute) == NULL)
		return 0;
	if (dwarf_formudata(&attribute, &value) == 0)
		return value;
	return dwarf_getlocation(&attribute, &ops, &n) == 0 && n == 1 && ops[0].atom == DW_OP_plus_uconst ? ops[0].number : 0;
}

/* DW_AT_bit_offset, as DWARF before 4 has it, counts from the most significant bit of the storage; we, as memory goes on. */
static guint64 bit_offset(Dwarf_Die *member, guint64 size_bits, gboolean big_endian)
{
	guint64 at = byte_offset(member) * 8;
	guint64 from_top = attribute_value(member, DW_AT_bit_offset, G_MAXUINT64);
	Dwarf_Die type;

	if (from_top != G_MAXUINT64) {
		guint64 bytes = spelling_type_of(member, &type) ? spelling_size(&type) : 0;
		guint64 storage = attribute_value(member, DW_AT_byte_size, bytes) * 8;
		return big_endian ? at + from_top : at + storage - from_top - size_bits;
	}
	return attribute_value(member, DW_AT_data_bit_offset, at);
}

static guint64 member_bits(Dwarf_Die *member)
{
	Dwarf_Die type;
	guint64 bytes = spelling_type_of(member, &type) ? spelling_size(&type) : 0;

	return attribute_value(member, DW_AT_bit_size, bytes * 8);
}

/* What a type is called: by its tag, by the typedef that led to it, or by where it stands. NULL: nothing. Caller frees. */
static char *name_of(const struct walk *w, Dwarf_Die *type, const char *typedef_name, gboolean *own)
{
	char *tag = spelling_tag_name(w->graph->scopes, type);

	*own = tag != NULL || typedef_name != NULL;
	if (*own)
		return tag ? tag : g_strdup(typedef_name);
	return w->holder ? g_strconcat(w->holder, *w->part == '*' ? "" : ".", w->part, NULL) : NULL;
}

static void walk_named(struct walk w, Dwarf_Die *type, const char *typedef_name)
{
	gboolean own, is_enumeration = dwarf_tag(type) == DW_TAG_enumeration_type;
	g_autofree char *name = name_of(&w, type, typedef_name, &own);
	const struct graph_node *n = name ? resolve(w.graph, type, name, own) : NULL;

	if (is_enumeration)
		g_string_append_printf(w.shape, "i%u", (guint)spelling_size(type) * 8);
	if (n != NULL)
		g_string_append_printf(w.shape, "%s{%s}", is_enumeration ? "=" : "", n->name);
	else if (!is_enumeration && name != NULL)
		g_string_append_printf(w.shape, "?{%s}", name);
	else if (!is_enumeration)
		g_string_append_c(w.shape, '?');
}

static void walk_typedef(struct walk w, Dwarf_Die *type)
{
	g_autofree char *name = spelling_typedef_name(w.graph->scopes, type);

	walk_target(w, type, name);
}

static void walk_type(struct walk w, Dwarf_Die *type, const char *typedef_name)
{
	Dwarf_Word size = 0;

	switch (dwarf_tag(type)) {
	case DW_TAG_typedef:
		walk_typedef(w, type);
		break;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		walk_target(w, type, typedef_name);
		break;
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		w.narrow = FALSE;
		if (typedef_name != NULL) {
			w.holder = typedef_name;
			w.part = "*";
		}
		g_string_append(w.shape, "p(");
		walk_target(w, type, NULL);
		g_string_append_c(w.shape, ')');
		break;
	case DW_TAG_ptr_to_member_type:
		w.narrow = FALSE;
		g_string_append_printf(w.shape, "m%u(", (guint)spelling_size(type) * 8);
		walk_target(w, type, NULL);
		g_string_append_c(w.shape, ')');
		break;
	case DW_TAG_unspecified_type:
		g_string_append(w.shape, g_strcmp0(dwarf_diename(type), "decltype(nullptr)") == 0 ? "p(void)" : "?");
		break;
	case DW_TAG_array_type:
		w.narrow = FALSE;
		walk_target(w, type, NULL);
		spelling_dimensions(w.shape, type);
		break;
	case DW_TAG_subroutine_type:
		walk_function(w, type, type);
		break;
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_class_type:
	case DW_TAG_enumeration_type:
		walk_named(w, type, typedef_name);
		break;
	default:
		dwarf_aggregate_size(type, &size);
		append_base(&w, type, (guint)size * 8);
	}
}

/* ---- filling nodes ---- */

static gboolean is_unsigned(Dwarf_Die *type)
{
	Dwarf_Die underlying;

	if (!spelling_strip(type))
		return FALSE;
	spelling_follow(type);
	gboolean says = dwarf_hasattr(type, DW_AT_encoding) || !spelling_type_of(type, &underlying);
	guint64 encoding = attribute_value(says ? type : &underlying, DW_AT_encoding, 0); /* clang: of an enumeration's type */

	return encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char || encoding == DW_ATE_boolean;
}

/* unnamed: how many members without a name came before, by which this one's type is told from theirs. */
static struct facts_member read_member(struct graph *g, const struct graph_node *node, Dwarf_Die *member, guint *unnamed)
{
	g_autoptr(GString) spelling = g_string_new(NULL), shape = g_string_new(NULL);
	const char *name = dwarf_diename(member);
	g_autofree char *number = name ? NULL : g_strdup_printf("@%u", (*unnamed)++);
	struct walk w = {.graph = g, .shape = shape, .holder = node->name, .part = name ? name : number};
	guint64 bits = member_bits(member);
	Dwarf_Die type;

	spelling_append(spelling, g->scopes, spelling_type_of(member, &type) ? &type : NULL);
	walk_target(w, member, NULL);
	if (dwarf_hasattr(member, DW_AT_bit_size) && spelling_type_of(member, &type))
		g_string_append(shape, is_unsigned(&type) ? ":u" : ":i");
	return (struct facts_member){
		.name = facts_keep(g->facts, name ? name : ""),
		.type = facts_keep(g->facts, spelling->str),
		.shape = facts_keep(g->facts, shape->str),
		.offset = bit_offset(member, bits, g->facts->big_endian),
		.size = bits,
	};
}

gint64 graph_enumerator_value(Dwarf_Die *enumerator)
{
	Dwarf_Attribute attribute;
	Dwarf_Sword value = 0;

	if (dwarf_attr(enumerator, DW_AT_const_value, &attribute) != NULL)
		dwarf_formsdata(&attribute, &value);
	return value;
}

static struct facts_enumerator read_enumerator(struct graph *g, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return (struct facts_enumerator){.name = facts_keep(g->facts, name ? name : ""),
					 .value = graph_enumerator_value(die)};
}

static void fill_node(struct graph *g, struct graph_node *n)
{
	Dwarf_Word size = 0;
	guint unnamed = 0;
	Dwarf_Die child;

	dwarf_aggregate_size(&n->die, &size);
	n->size = size;
	n->alignment = (guint)attribute_value(&n->die, DW_AT_alignment, 0);
	n->members = g_array_new(FALSE, FALSE, sizeof(struct facts_member));
	n->enumerators = g_array_new(FALSE, FALSE, sizeof(struct facts_enumerator));
	if (dwarf_child(&n->die, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_member && !class_is_static(&child)) {
			struct facts_member m = class_is_vptr(&child) ? class_vptr(g->facts, &child)
								      : read_member(g, n, &child, &unnamed);
			g_array_append_val(n->members, m);
		} else if (tag == DW_TAG_enumerator) {
			struct facts_enumerator e = read_enumerator(g, &child);
			g_array_append_val(n->enumerators, e);
		}
	} while (dwarf_siblingof(&child, &child) == 0);
	if (spelling_is_aggregate(&n->die))
		n->class = class_read(g, g->facts, g->by_reference, &n->die);
}

/* Nodes are filled one after the other, not one inside the other: chains of structs are as long as the input likes. */
GPtrArray *graph_nodes(struct graph *g)
{
	while (g->n_filled < g->nodes->len)
		fill_node(g, g->nodes->pdata[g->n_filled++]);
	return g->nodes;
}

void graph_shape(struct graph *g, GString *shape, Dwarf_Die *declaration, Dwarf_Die *definition)
{
	struct walk w = {.graph = g, .shape = shape};

	if (dwarf_tag(declaration) != DW_TAG_subprogram && dwarf_tag(declaration) != DW_TAG_subroutine_type)
		walk_target(w, declaration, NULL);
	else
		walk_function(w, declaration, definition);
}

void graph_take(struct graph *g, Dwarf_Die *type)
{
	g_autoptr(GString) shape = g_string_new(NULL);

	walk_type((struct walk){.graph = g, .shape = shape}, type, NULL);
}
