/* Classes of C++: see class.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/class.h"
#include "inspect/reader.h"
#include "inspect/spelling.h"

#include <dwarf.h>
#include <string.h>

static guint64 number_of(Dwarf_Die *die, unsigned int name, guint64 otherwise)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	return dwarf_attr(die, name, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0 ? value : otherwise;
}

gboolean class_is_static(Dwarf_Die *member)
{
	return dwarf_hasattr(member, DW_AT_external) || spelling_is_declaration(member);
}

gboolean class_is_vptr(Dwarf_Die *member)
{
	const char *name = dwarf_diename(member);

	return name != NULL && g_str_has_prefix(name, "_vptr") && dwarf_hasattr(member, DW_AT_artificial);
}

struct facts_member class_vptr(struct facts *facts, Dwarf_Die *member)
{
	Dwarf_Die type;
	guint64 size = spelling_type_of(member, &type) ? spelling_size(&type) : 0;

	return (struct facts_member){
		.name = facts_keep(facts, "_vptr"),
		.type = facts_keep(facts, "vtable *"),
		.shape = facts_keep(facts, "p(void)"),
		.offset = number_of(member, DW_AT_data_member_location, 0) * 8,
		.size = size * 8,
	};
}

/* ---- how values are passed ---- */

/* What a class declares of the members that copy and destroy it. */
struct copying {
	gboolean by_reference;
	guint kept, deleted; /* copy and move constructors */
};

static gboolean is_by_reference(GHashTable *memory, Dwarf_Die *class, guint depth);

/* Is the type that a member or base has passed by reference, or an array of such? */
static gboolean holds_by_reference(GHashTable *memory, Dwarf_Die *part, guint depth)
{
	Dwarf_Die type;

	if (!spelling_type_of(part, &type))
		return FALSE;
	for (guint i = 0; i < SPELLING_DEPTH && spelling_strip(&type) && dwarf_tag(&type) == DW_TAG_array_type; i++)
		if (!spelling_type_of(&type, &type))
			return FALSE;
	return is_by_reference(memory, &type, depth + 1);
}

/* Is the first parameter after `this` a reference to the class, and the last one? */
static gboolean takes_itself(Dwarf_Die *constructor, Dwarf_Die *class)
{
	Dwarf_Die child, type;
	guint n = 0;
	gboolean itself = FALSE;

	for (gboolean more = dwarf_child(constructor, &child) == 0; more; more = dwarf_siblingof(&child, &child) == 0) {
		if (dwarf_tag(&child) != DW_TAG_formal_parameter || dwarf_hasattr(&child, DW_AT_artificial))
			continue;
		if (++n > 1 || !spelling_type_of(&child, &type) || !spelling_strip(&type))
			return FALSE;
		int tag = dwarf_tag(&type);
		if ((tag != DW_TAG_reference_type && tag != DW_TAG_rvalue_reference_type) || !spelling_type_of(&type, &type) ||
		    !spelling_strip(&type))
			return FALSE;
		spelling_follow(&type);
		itself = type.addr == class->addr || g_strcmp0(dwarf_diename(&type), dwarf_diename(class)) == 0;
	}
	return itself;
}

static gboolean is_constructor(Dwarf_Die *function, Dwarf_Die *class)
{
	const char *name = dwarf_diename(function), *class_name = dwarf_diename(class);
	gsize length = name ? strcspn(name, "<") : 0;

	return name != NULL && class_name != NULL && length > 0 && strncmp(name, class_name, length) == 0 &&
	       (class_name[length] == '\0' || class_name[length] == '<');
}

static gboolean is_destructor(Dwarf_Die *function)
{
	const char *name = dwarf_diename(function);

	return name != NULL && *name == '~';
}

static void note_function(struct copying *c, Dwarf_Die *function, Dwarf_Die *class)
{
	gboolean trivial = dwarf_hasattr(function, DW_AT_artificial) ||
			   number_of(function, DW_AT_defaulted, DW_DEFAULTED_no) == DW_DEFAULTED_in_class;

	if (dwarf_hasattr(function, DW_AT_virtuality))
		c->by_reference = TRUE;
	if (is_destructor(function)) {
		c->by_reference |= !trivial && !dwarf_hasattr(function, DW_AT_deleted);
	} else if (is_constructor(function, class) && takes_itself(function, class)) {
		gboolean deleted = dwarf_hasattr(function, DW_AT_deleted);
		c->by_reference |= !trivial && !deleted;
		c->deleted += deleted;
		c->kept += !deleted;
	}
}

static gboolean copies_by_reference(GHashTable *memory, Dwarf_Die *class, guint depth)
{
	struct copying c = {0};
	Dwarf_Die child;

	for (gboolean more = dwarf_child(class, &child) == 0; more && !c.by_reference;
	     more = dwarf_siblingof(&child, &child) == 0) {
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_subprogram)
			note_function(&c, &child, class);
		else if (tag == DW_TAG_inheritance)
			c.by_reference = dwarf_hasattr(&child, DW_AT_virtuality) || holds_by_reference(memory, &child, depth);
		else if (tag == DW_TAG_member && !class_is_static(&child))
			c.by_reference = holds_by_reference(memory, &child, depth);
	}
	return c.by_reference || (c.deleted > 0 && c.kept == 0);
}

static gboolean is_by_reference(GHashTable *memory, Dwarf_Die *class, guint depth)
{
	enum { NO = 1, YES };
	gpointer known;

	spelling_follow(class);
	if (!spelling_is_aggregate(class) || depth > SPELLING_DEPTH)
		return FALSE;
	switch (number_of(class, DW_AT_calling_convention, DW_CC_normal)) {
	case DW_CC_pass_by_reference:
		return TRUE;
	case DW_CC_pass_by_value:
		return FALSE;
	default:
		break;
	}
	known = g_hash_table_lookup(memory, class->addr);
	if (known != NULL)
		return GPOINTER_TO_UINT(known) == YES;
	g_hash_table_insert(memory, class->addr, GUINT_TO_POINTER(NO)); /* damaged input may hold itself */
	gboolean answer = copies_by_reference(memory, class, depth);
	g_hash_table_insert(memory, class->addr, GUINT_TO_POINTER(answer ? YES : NO));
	return answer;
}

/* ---- bases and virtual functions ---- */

/* A class being read. */
struct reading {
	struct graph *graph;
	struct facts *facts;
	Dwarf_Die *class;
	GArray *bases, *virtuals;
	guint open, closed; /* constructors that callers' classes can and cannot use */
};

static void read_base(struct reading *r, Dwarf_Die *die)
{
	g_autoptr(GString) name = g_string_new(NULL), shape = g_string_new(NULL);
	gboolean is_virtual = number_of(die, DW_AT_virtuality, DW_VIRTUALITY_none) != DW_VIRTUALITY_none;
	Dwarf_Die type;

	spelling_append(name, graph_scopes(r->graph), spelling_type_of(die, &type) ? &type : NULL);
	graph_shape(r->graph, shape, die, die);
	struct facts_base base = {
		.name = facts_keep(r->facts, name->str),
		.shape = facts_keep(r->facts, shape->str),
		.offset = is_virtual ? 0 : number_of(die, DW_AT_data_member_location, 0) * 8,
		.is_virtual = is_virtual,
	};
	g_array_append_val(r->bases, base);
}

/* The slot is written as an expression: DW_OP_constu N. */
static guint slot_of(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_attr(function, DW_AT_vtable_elem_location, &attribute) == NULL ||
	    dwarf_getlocation(&attribute, &ops, &n) != 0 || n == 0)
		return 0;
	if (ops[0].atom >= DW_OP_lit0 && ops[0].atom <= DW_OP_lit31)
		return ops[0].atom - DW_OP_lit0;
	return (guint)ops[0].number;
}

static void read_virtual(struct reading *r, Dwarf_Die *die)
{
	const struct scopes *scopes = graph_scopes(r->graph);
	g_autoptr(GString) name = g_string_new(NULL), shape = g_string_new(NULL), declaration = g_string_new(NULL);
	gboolean destructor = is_destructor(die);
	Dwarf_Attribute attribute;
	const char *symbol = dwarf_formstring(dwarf_attr(die, DW_AT_linkage_name, &attribute));

	spelling_signature(name, scopes, die, die);
	spelling_method(declaration, scopes, die, die);
	graph_shape(r->graph, shape, die, die);
	struct facts_virtual v = {
		.name = facts_keep(r->facts, destructor ? "~" : name->str),
		.symbol = facts_keep(r->facts, symbol && !destructor ? symbol : ""), /* clang names no destructor */
		.shape = facts_keep(r->facts, shape->str),
		.declaration = facts_keep(r->facts, declaration->str),
		.slot = slot_of(die),
	};
	g_array_append_val(r->virtuals, v);
}

static void read_function(struct reading *r, Dwarf_Die *die)
{
	gboolean is_class = dwarf_tag(r->class) == DW_TAG_class_type;
	guint64 access = number_of(die, DW_AT_accessibility, is_class ? DW_ACCESS_private : DW_ACCESS_public);

	if (dwarf_hasattr(die, DW_AT_artificial))
		return; /* what compilers declare of their own accord differs from unit to unit */
	if (is_constructor(die, r->class) && !takes_itself(die, r->class))
		*(access == DW_ACCESS_private || dwarf_hasattr(die, DW_AT_deleted) ? &r->closed : &r->open) += 1;
	if (number_of(die, DW_AT_virtuality, DW_VIRTUALITY_none) != DW_VIRTUALITY_none)
		read_virtual(r, die);
}

static int compare_virtuals(gconstpointer a, gconstpointer b)
{
	const struct facts_virtual *x = a, *y = b;

	return x->slot != y->slot ? (x->slot > y->slot) - (x->slot < y->slot) : strcmp(x->name, y->name);
}

struct facts_class *class_read(struct graph *graph, struct facts *facts, GHashTable *memory, Dwarf_Die *die)
{
	g_autoptr(GArray) bases = g_array_new(FALSE, FALSE, sizeof(struct facts_base));
	g_autoptr(GArray) virtuals = g_array_new(FALSE, FALSE, sizeof(struct facts_virtual));
	struct reading r = {.graph = graph, .facts = facts, .class = die, .bases = bases, .virtuals = virtuals};
	gboolean by_reference = is_by_reference(memory, die, 0);
	Dwarf_Die child;

	for (gboolean more = dwarf_child(die, &child) == 0; more; more = dwarf_siblingof(&child, &child) == 0) {
		if (dwarf_tag(&child) == DW_TAG_inheritance)
			read_base(&r, &child);
		else if (dwarf_tag(&child) == DW_TAG_subprogram)
			read_function(&r, &child);
	}
	if (bases->len == 0 && virtuals->len == 0 && !by_reference)
		return NULL;
	g_array_sort(virtuals, compare_virtuals);
	struct facts_class *c = g_new0(struct facts_class, 1);
	c->by_reference = by_reference;
	c->sealed = virtuals->len > 0 && r.closed > 0 && r.open == 0;
	c->n_bases = bases->len;
	c->n_virtuals = virtuals->len;
	c->bases = (struct facts_base *)(void *)g_array_steal(r.bases, NULL);
	c->virtuals = (struct facts_virtual *)(void *)g_array_steal(r.virtuals, NULL);
	return c;
}
