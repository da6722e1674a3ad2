/* Types of the headers themselves: see header_types.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/header_types.h"
#include "inspect/graph.h"
#include "inspect/reach.h"
#include "inspect/reader.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <string.h>

/* The walk over the debug information. */
struct collecting {
	struct header_types *types;
	GStringChunk *strings;
	GHashTable *typedefs; /* Dwarf_Die.addr of a type without a tag -> the typedef's name */
	GArray *dies;         /* Dwarf_Die: enumerations of public headers */
	inlined_filter is_public;
	gpointer data;
	const struct scopes *scopes;
};

static gboolean is_ours(const struct collecting *c, Dwarf_Die *die)
{
	const char *file = dwarf_decl_file(die);

	return file != NULL && c->is_public(file, FALSE, c->data);
}

static void note_own(struct collecting *c, Dwarf_Die *die, char *name)
{
	if (name != NULL && is_ours(c, die))
		g_ptr_array_add(c->types->own, name);
	else
		g_free(name);
}

static void note_type(Dwarf_Die *die, gpointer data)
{
	struct collecting *c = data;
	Dwarf_Die target;

	if (spelling_is_named(die) && !spelling_is_declaration(die)) {
		note_own(c, die, spelling_tag_name(c->scopes, die));
		if (dwarf_tag(die) == DW_TAG_enumeration_type && is_ours(c, die))
			g_array_append_vals(c->dies, die, 1);
	} else if (dwarf_tag(die) == DW_TAG_typedef && spelling_type_of(die, &target) && spelling_strip(&target) &&
		   spelling_is_named(&target) && dwarf_diename(&target) == NULL) {
		g_autofree char *name = spelling_typedef_name(c->scopes, die);
		if (name != NULL)
			g_hash_table_insert(c->typedefs, target.addr, g_string_chunk_insert_const(c->strings, name));
		note_own(c, die, g_steal_pointer(&name));
	}
}

static void append_enumerators(GArray *into, Dwarf_Die *enumeration, GStringChunk *strings)
{
	Dwarf_Die child;

	if (dwarf_child(enumeration, &child) != 0)
		return;
	do {
		struct facts_enumerator e = {.name = dwarf_diename(&child), .value = graph_enumerator_value(&child)};
		if (dwarf_tag(&child) != DW_TAG_enumerator || e.name == NULL)
			continue;
		e.name = g_string_chunk_insert_const(strings, e.name);
		g_array_append_val(into, e);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static gint compare_enumerators(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct facts_enumerator *)a)->name, ((const struct facts_enumerator *)b)->name);
}

static void add_enumeration(struct collecting *c, const char *name, guint64 size, GArray *enumerators)
{
	struct facts_type t = {.name = g_string_chunk_insert_const(c->strings, name), .size = size};

	t.n_enumerators = enumerators->len;
	t.enumerators = (struct facts_enumerator *)(void *)g_array_steal(enumerators, NULL);
	g_array_append_val(c->types->enumerations, t);
}

static void read_enumerations(struct collecting *c)
{
	g_autoptr(GArray) anonymous = g_array_new(FALSE, FALSE, sizeof(struct facts_enumerator));
	g_autoptr(GArray) named = g_array_new(FALSE, FALSE, sizeof(struct facts_enumerator));

	for (guint i = 0; i < c->dies->len; i++) {
		Dwarf_Die *die = &g_array_index(c->dies, Dwarf_Die, i);
		g_autofree char *tag = spelling_tag_name(c->scopes, die);
		const char *name = tag ? tag : g_hash_table_lookup(c->typedefs, die->addr);
		append_enumerators(name ? named : anonymous, die, c->strings);
		if (name != NULL && named->len > 0)
			add_enumeration(c, name, spelling_size(die), named);
	}
	g_array_sort(anonymous, compare_enumerators);
	if (anonymous->len > 0)
		add_enumeration(c, HEADER_TYPES_ANONYMOUS, sizeof(int), anonymous);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct header_types header_types_read(Dwarf *dwarf, GStringChunk *strings, inlined_filter is_public, gpointer data)
{
	struct header_types types = {
		.complete = units_complete_names(dwarf),
		.own = g_ptr_array_new_with_free_func(g_free),
		.enumerations = g_array_new(FALSE, FALSE, sizeof(struct facts_type)),
	};
	g_autoptr(GHashTable) typedefs = g_hash_table_new(NULL, NULL);
	g_autoptr(GArray) dies = g_array_new(FALSE, FALSE, sizeof(Dwarf_Die));
	g_autoptr(scopes) scopes = scopes_new(dwarf);
	struct collecting c = {&types, strings, typedefs, dies, is_public, data, scopes};

	units_visit(dwarf, note_type, &c);
	read_enumerations(&c);
	g_ptr_array_sort(types.own, compare_names);
	return types;
}

void header_types_clear(struct header_types *types)
{
	g_clear_pointer(&types->complete, g_hash_table_unref);
	g_clear_pointer(&types->own, g_ptr_array_unref);
	for (guint i = 0; types->enumerations != NULL && i < types->enumerations->len; i++)
		g_free(g_array_index(types->enumerations, struct facts_type, i).enumerators);
	g_clear_pointer(&types->enumerations, g_array_unref);
}

/* ---- into facts ---- */

static GHashTable *constants_of(const struct facts *facts)
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < facts->n_types; i++)
		for (guint e = 0; e < facts->types[i].n_enumerators; e++)
			g_hash_table_add(names, (void *)facts->types[i].enumerators[e].name);
	return names;
}

/* A copy with strings of its own, without the constants that are in KNOWN. */
static struct facts_type copy_enumeration(struct facts *facts, const struct facts_type *from, GHashTable *known)
{
	struct facts_type t = {.name = facts_keep(facts, from->name), .size = from->size};

	t.enumerators = g_new(struct facts_enumerator, from->n_enumerators);
	for (guint i = 0; i < from->n_enumerators; i++) {
		const struct facts_enumerator *e = &from->enumerators[i];
		if (!g_hash_table_contains(known, e->name))
			t.enumerators[t.n_enumerators++] = (struct facts_enumerator){.name = facts_keep(facts, e->name), .value = e->value};
	}
	return t;
}

void header_types_add(const struct header_types *types, struct facts *facts)
{
	g_autoptr(GHashTable) known = constants_of(facts);
	guint before = facts->n_types;

	facts->types = g_renew(struct facts_type, facts->types, before + types->enumerations->len);
	for (guint i = 0; i < types->enumerations->len; i++) {
		const struct facts_type *from = &g_array_index(types->enumerations, struct facts_type, i);
		struct facts_type t = copy_enumeration(facts, from, known);
		if (t.n_enumerators > 0)
			facts->types[facts->n_types++] = t;
		else
			g_free(t.enumerators);
	}
}
