/* Scopes of DIEs: see scopes.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/scopes.h"
#include "inspect/spelling.h"

#include <dwarf.h>
#include <string.h>

/* The DIEs between two addresses. Scopes lie one inside the other. */
struct scope {
	const char *start, *end;
	const struct scope *parent; /* NULL at file scope */
	const char *prefix;
	gboolean hidden;
};

struct scopes {
	GPtrArray *ranges;     /* struct scope *, by start */
	guint unit;            /* while they are noted: the first of this unit */
	GHashTable *typedefs;  /* address of a type without a name -> the name that a typedef gives it */
	GStringChunk *strings; /* prefixes */
};

gboolean scopes_unit_is_c(Dwarf_Die *unit)
{
	switch (dwarf_srclang(unit)) {
	case DW_LANG_C:
	case DW_LANG_C89:
	case DW_LANG_C99:
	case DW_LANG_C11:
	case DW_LANG_Mips_Assembler:
		return TRUE;
	default:
		return FALSE;
	}
}

void scopes_append_name(GString *text, const char *name)
{
	for (; *name != '\0'; name++)
		g_string_append_c(text, *name == '{' ? '<' : *name == '}' ? '>' : *name);
}

/* The innermost scope from the one numbered FIRST on that holds AT but does not begin there. */
static const struct scope *around(const struct scopes *scopes, guint first, const char *at)
{
	guint low = first, high = scopes->ranges->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (((const struct scope *)scopes->ranges->pdata[middle])->start < at)
			low = middle + 1;
		else
			high = middle;
	}
	const struct scope *s = low > first ? scopes->ranges->pdata[low - 1] : NULL;
	while (s != NULL && s->end != NULL && at >= s->end)
		s = s->parent;
	return s;
}

/* Where a DIE is declared: at its specification when it has one, as a class has in a type unit. */
static const char *place_of(const Dwarf_Die *die)
{
	Dwarf_Die at = *die, declaration;
	Dwarf_Attribute attribute;
	gboolean elsewhere = dwarf_attr(&at, DW_AT_specification, &attribute) != NULL &&
			     dwarf_formref_die(&attribute, &declaration) != NULL;

	return elsewhere ? declaration.addr : die->addr;
}

static const char *prefix_of(struct scopes *scopes, const struct scope *parent, Dwarf_Die *die)
{
	Dwarf_Die named = *die;
	spelling_follow(&named); /* clang names a class of a template only in its type unit */
	const char *name = dwarf_diename(die) ? dwarf_diename(die) : dwarf_diename(&named);
	g_autoptr(GString) prefix = g_string_new(parent ? parent->prefix : "");

	if (name == NULL && dwarf_tag(die) == DW_TAG_namespace)
		name = "(anonymous namespace)";
	if (name != NULL) {
		scopes_append_name(prefix, name);
		g_string_append(prefix, "::");
	}
	return g_string_chunk_insert_const(scopes->strings, prefix->str);
}

/* `typedef struct { } s;` names the struct, but what refers to it need not go through the typedef. */
static void note_typedef(struct scopes *scopes, Dwarf_Die *die, const struct scope *parent)
{
	const char *name = dwarf_diename(die);
	Dwarf_Die target;

	if (name == NULL || !spelling_type_of(die, &target))
		return;
	spelling_follow(&target);
	if (!spelling_is_named(&target) || dwarf_diename(&target) != NULL ||
	    g_hash_table_contains(scopes->typedefs, target.addr))
		return;
	g_autofree char *full = g_strconcat(parent->prefix, name, NULL);
	g_hash_table_insert(scopes->typedefs, target.addr, g_string_chunk_insert_const(scopes->strings, full));
}

const char *scopes_typedef(const struct scopes *scopes, const Dwarf_Die *die)
{
	return g_hash_table_lookup(scopes->typedefs, die->addr);
}

static void walk(struct scopes *scopes, Dwarf_Die *outer, struct scope *parent, guint depth);

static void note(struct scopes *scopes, Dwarf_Die *die, const struct scope *parent, guint depth)
{
	gboolean function = dwarf_tag(die) == DW_TAG_subprogram;
	gboolean outermost = dwarf_tag(die) == DW_TAG_namespace || spelling_is_aggregate(die);

	if (dwarf_tag(die) == DW_TAG_typedef)
		note_typedef(scopes, die, parent);
	if ((!function && !outermost) || !dwarf_haschildren(die) || (function && spelling_is_declaration(die)))
		return;
	const char *place = place_of(die);
	const struct scope *named_in = place != die->addr ? around(scopes, scopes->unit, place) : parent;
	struct scope *s = g_new0(struct scope, 1);
	s->start = die->addr;
	s->parent = parent;
	s->hidden = function || (named_in != NULL && named_in->hidden) ||
		    (dwarf_tag(die) == DW_TAG_namespace && dwarf_diename(die) == NULL);
	s->prefix = function ? "" : prefix_of(scopes, named_in, die);
	g_ptr_array_add(scopes->ranges, s);
	if (outermost && depth < SCOPES_DEPTH)
		walk(scopes, die, s, depth + 1);
}

/* Closes the scopes noted since FIRST, for they lie before END. Those that have an end are closed already. */
static void close_scopes(struct scopes *scopes, guint first, const char *end)
{
	for (guint i = first; i < scopes->ranges->len; i++) {
		struct scope *s = scopes->ranges->pdata[i];
		if (s->end == NULL)
			s->end = end;
	}
}

/* The scopes among the children of OUTER. Each ends where its next sibling begins, or, the last one, where OUTER ends. */
static void walk(struct scopes *scopes, Dwarf_Die *outer, struct scope *parent, guint depth)
{
	guint open = scopes->ranges->len;
	Dwarf_Die child;

	if (dwarf_child(outer, &child) != 0)
		return;
	do {
		close_scopes(scopes, open, child.addr);
		open = scopes->ranges->len;
		note(scopes, &child, parent, depth);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static int compare_starts(gconstpointer a, gconstpointer b)
{
	const struct scope *x = *(struct scope *const *)a, *y = *(struct scope *const *)b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Where the unit of this DIE, its first, ends; NULL when that cannot be told. */
static const char *end_of_unit(Dwarf_Die *die, uint8_t type)
{
	Dwarf *dwarf = dwarf_cu_getdwarf(die->cu);
	Dwarf_Off at = dwarf_dieoffset(die), start = at - dwarf_cuoffset(die), next;
	gboolean apart = FALSE; /* in .debug_types, which has offsets of its own */
	Dwarf_Half version;
	uint64_t signature;
	Dwarf_Die first;

	if (type == DW_UT_type && dwarf_cu_die(die->cu, &first, &version, NULL, NULL, NULL, NULL, NULL) != NULL)
		apart = version < 5;
	if (dwarf_next_unit(dwarf, start, &next, NULL, NULL, NULL, NULL, NULL, apart ? &signature : NULL, NULL) != 0)
		return NULL;
	return next > at ? (const char *)die->addr + (next - at) : NULL;
}

static void note_units(struct scopes *scopes, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL, *next;
	Dwarf_Die die;
	uint8_t type;

	while (dwarf != NULL && dwarf_get_units(dwarf, unit, &next, NULL, &type, &die, NULL) == 0) {
		unit = next;
		guint first = scopes->unit = scopes->ranges->len;
		struct scope *whole = g_new0(struct scope, 1);
		whole->start = die.addr;
		whole->prefix = "";
		g_ptr_array_add(scopes->ranges, whole);
		if (!scopes_unit_is_c(&die))
			walk(scopes, &die, whole, 0);
		close_scopes(scopes, first, end_of_unit(&die, type));
	}
}

struct scopes *scopes_new(Dwarf *dwarf)
{
	struct scopes *scopes = g_new0(struct scopes, 1);

	scopes->ranges = g_ptr_array_new_with_free_func(g_free);
	scopes->typedefs = g_hash_table_new(NULL, NULL);
	scopes->strings = g_string_chunk_new(4096);
	note_units(scopes, dwarf);
	note_units(scopes, dwarf_getalt(dwarf));
	g_ptr_array_sort(scopes->ranges, compare_starts);
	return scopes;
}

void scopes_free(struct scopes *scopes)
{
	if (scopes == NULL)
		return;
	g_ptr_array_unref(scopes->ranges);
	g_hash_table_unref(scopes->typedefs);
	g_string_chunk_free(scopes->strings);
	g_free(scopes);
}

const char *scopes_prefix(const struct scopes *scopes, const Dwarf_Die *die)
{
	const struct scope *s = around(scopes, 0, place_of(die));

	return s ? s->prefix : "";
}

gboolean scopes_is_hidden(const struct scopes *scopes, const Dwarf_Die *die)
{
	const struct scope *s = around(scopes, 0, place_of(die));

	return s != NULL && s->hidden;
}
