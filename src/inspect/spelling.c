/* DWARF types as C writes them: see spelling.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/spelling.h"

#include <dwarf.h>
#include <string.h>

gboolean spelling_type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL && dwarf_formref_die(&attribute, type) != NULL;
}

gboolean spelling_strip(Dwarf_Die *type)
{
	for (int depth = 0; depth < SPELLING_DEPTH; depth++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			if (!spelling_type_of(type, type))
				return FALSE;
			break;
		default:
			return TRUE;
		}
	}
	return FALSE;
}

Dwarf_Die spelling_declaration(Dwarf_Die *die)
{
	Dwarf_Die at = *die, next;
	Dwarf_Attribute attribute;

	for (int depth = 0; depth < SPELLING_DEPTH; depth++) {
		if ((dwarf_attr(&at, DW_AT_abstract_origin, &attribute) == NULL &&
		     dwarf_attr(&at, DW_AT_specification, &attribute) == NULL) ||
		    dwarf_formref_die(&attribute, &next) == NULL)
			break;
		at = next;
	}
	return at;
}

gboolean spelling_is_aggregate(Dwarf_Die *type)
{
	int tag = dwarf_tag(type);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_class_type;
}

void spelling_follow(Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Die target;

	if (dwarf_attr(type, DW_AT_signature, &attribute) != NULL && dwarf_formref_die(&attribute, &target) != NULL)
		*type = target;
}

gboolean spelling_is_named(Dwarf_Die *type)
{
	return spelling_is_aggregate(type) || dwarf_tag(type) == DW_TAG_enumeration_type;
}

gboolean spelling_is_declaration(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	bool flag = false;

	return dwarf_attr(die, DW_AT_declaration, &attribute) != NULL && dwarf_formflag(&attribute, &flag) == 0 && flag;
}

static const char *tag_word(Dwarf_Die *type)
{
	switch (dwarf_tag(type)) {
	case DW_TAG_structure_type:
		return "struct";
	case DW_TAG_class_type:
		return "class";
	case DW_TAG_union_type:
		return "union";
	case DW_TAG_enumeration_type:
		return "enum";
	default:
		return "type";
	}
}

char *spelling_tag_name(Dwarf_Die *type)
{
	Dwarf_Die die = *type;
	const char *name = dwarf_diename(&die);

	/* A type that stands in a type unit of its own may have its name only there. */
	if (name == NULL) {
		spelling_follow(&die);
		name = dwarf_diename(&die);
	}
	return name ? g_strconcat(tag_word(type), " ", name, NULL) : NULL;
}

/* The length of one dimension, or -1 when it is open ("[]"). */
static gint64 dimension(Dwarf_Die *subrange)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_attr(subrange, DW_AT_count, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0)
		return (gint64)value;
	if (dwarf_attr(subrange, DW_AT_upper_bound, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0)
		return (gint64)value + 1;
	return -1;
}

/* How many elements one array type has. 0: open, or too many for a number. */
static guint64 array_length(Dwarf_Die *array)
{
	guint64 count = 1;
	Dwarf_Die child;

	for (gboolean more = dwarf_child(array, &child) == 0; more; more = dwarf_siblingof(&child, &child) == 0) {
		gint64 length = dwarf_tag(&child) == DW_TAG_subrange_type ? dimension(&child) : 1;
		if (!g_uint64_checked_mul(&count, count, (guint64)MAX(length, 0)))
			return 0;
	}
	return count;
}

guint64 spelling_size(Dwarf_Die *type)
{
	Dwarf_Die die = *type;
	Dwarf_Word size = 0;
	guint64 count = 1;

	for (int depth = 0; depth < SPELLING_DEPTH && spelling_strip(&die); depth++) {
		spelling_follow(&die);
		if (dwarf_tag(&die) != DW_TAG_array_type)
			return dwarf_aggregate_size(&die, &size) == 0 && g_uint64_checked_mul(&count, count, size) ? count : 0;
		if (!g_uint64_checked_mul(&count, count, array_length(&die)) || !spelling_type_of(&die, &die))
			return 0;
	}
	return 0;
}

void spelling_dimensions(GString *text, Dwarf_Die *array)
{
	Dwarf_Die child;

	if (dwarf_child(array, &child) != 0)
		return;
	do {
		gint64 length = dwarf_tag(&child) == DW_TAG_subrange_type ? dimension(&child) : -2;
		if (length >= 0)
			g_string_append_printf(text, "[%" G_GINT64_FORMAT "]", length);
		else if (length == -1)
			g_string_append(text, "[]");
	} while (dwarf_siblingof(&child, &child) == 0);
}

static void append_type(GString *text, Dwarf_Die *type, int depth);

static void append_target(GString *text, Dwarf_Die *type, int depth)
{
	Dwarf_Die target;

	append_type(text, spelling_type_of(type, &target) ? &target : NULL, depth + 1);
}

static void append_parameters(GString *text, Dwarf_Die *function, int depth)
{
	Dwarf_Die child;
	const char *separator = "";

	g_string_append_c(text, '(');
	if (dwarf_child(function, &child) == 0) {
		do {
			int tag = dwarf_tag(&child);
			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			g_string_append(text, separator);
			separator = ", ";
			if (tag == DW_TAG_formal_parameter)
				append_target(text, &child, depth);
			else
				g_string_append(text, "...");
		} while (dwarf_siblingof(&child, &child) == 0);
	}
	if (*separator == '\0')
		g_string_append(text, "void");
	g_string_append_c(text, ')');
}

static void append_pointer(GString *text, Dwarf_Die *pointer, int depth)
{
	const char *star = dwarf_tag(pointer) == DW_TAG_reference_type		? "&"
			   : dwarf_tag(pointer) == DW_TAG_rvalue_reference_type ? "&&"
										: "*";
	Dwarf_Die target;

	if (spelling_type_of(pointer, &target) && dwarf_tag(&target) == DW_TAG_subroutine_type) {
		append_target(text, &target, depth);
		g_string_append_printf(text, " (%s)", star);
		append_parameters(text, &target, depth);
		return;
	}
	append_target(text, pointer, depth);
	g_string_append_printf(text, "%s%s", text->len > 0 && text->str[text->len - 1] == '*' ? "" : " ", star);
}

/* gcc and clang name the same base types differently in DWARF. */
static const char *base_name(const char *name)
{
	static const char *const same[][2] = {
		{"short int", "short"},
		{"short unsigned int", "unsigned short"},
		{"long int", "long"},
		{"long unsigned int", "unsigned long"},
		{"long long int", "long long"},
		{"long long unsigned int", "unsigned long long"},
		{"_Bool", "bool"},
		{"__int128 unsigned", "unsigned __int128"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
		if (strcmp(name, same[i][0]) == 0)
			return same[i][1];
	return name;
}

static void append_named(GString *text, Dwarf_Die *type)
{
	g_autofree char *tag = spelling_tag_name(type);
	const char *name = dwarf_diename(type);

	if (spelling_is_named(type))
		g_string_append_printf(text, "%s", tag ? tag : "anonymous");
	else
		g_string_append(text, name ? base_name(name) : "?");
}

static void append_type(GString *text, Dwarf_Die *type, int depth)
{
	if (type == NULL || depth > SPELLING_DEPTH) {
		g_string_append(text, type ? "..." : "void");
		return;
	}
	switch (dwarf_tag(type)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		append_pointer(text, type, depth);
		break;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
		g_string_append(text, dwarf_tag(type) == DW_TAG_const_type ? "const " : "volatile ");
		append_target(text, type, depth);
		break;
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		append_target(text, type, depth);
		break;
	case DW_TAG_array_type:
		append_target(text, type, depth);
		spelling_dimensions(text, type);
		break;
	case DW_TAG_subroutine_type:
		append_target(text, type, depth);
		g_string_append_c(text, ' ');
		append_parameters(text, type, depth);
		break;
	default:
		append_named(text, type);
	}
}

void spelling_append(GString *text, Dwarf_Die *type)
{
	append_type(text, type, 0);
}

void spelling_function(GString *text, Dwarf_Die *function)
{
	append_target(text, function, 0);
	g_string_append_c(text, ' ');
	append_parameters(text, function, 0);
}
