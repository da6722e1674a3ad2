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
	case DW_TAG_class_type:
		return "struct";
	case DW_TAG_union_type:
		return "union";
	case DW_TAG_enumeration_type:
		return "enum";
	default:
		return "type";
	}
}

static char *qualified(const struct scopes *scopes, const char *word, Dwarf_Die *die)
{
	GString *text = g_string_new(word);

	g_string_append(text, scopes_prefix(scopes, die));
	scopes_append_name(text, dwarf_diename(die));
	return g_string_free(text, FALSE);
}

char *spelling_typedef_name(const struct scopes *scopes, Dwarf_Die *type)
{
	return dwarf_diename(type) ? qualified(scopes, "", type) : NULL;
}

char *spelling_tag_name(const struct scopes *scopes, Dwarf_Die *type)
{
	Dwarf_Die die = *type;
	const char *name = dwarf_diename(&die);

	/* A type that stands in a type unit of its own may have its name only there. */
	if (name == NULL) {
		spelling_follow(&die);
		name = dwarf_diename(&die);
	}
	if (name == NULL)
		return g_strdup(scopes_typedef(scopes, &die));
	g_autofree char *word = g_strconcat(tag_word(type), " ", NULL);
	return qualified(scopes, word, &die);
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

/* What DWARF gives no size: pointers to members (Itanium C++ ABI, 2.3) and nullptr_t. */
static guint64 pointer_like_size(Dwarf_Die *type)
{
	uint8_t address_size = 0;
	Dwarf_Die unit, target;

	if (dwarf_diecu(type, &unit, &address_size, NULL) == NULL)
		return 0;
	gboolean function = dwarf_tag(type) == DW_TAG_ptr_to_member_type && spelling_type_of(type, &target) &&
			    spelling_strip(&target) && dwarf_tag(&target) == DW_TAG_subroutine_type;
	return address_size * (function ? 2u : 1u);
}

guint64 spelling_size(Dwarf_Die *type)
{
	Dwarf_Die die = *type;
	Dwarf_Word size = 0;
	guint64 count = 1;

	for (int depth = 0; depth < SPELLING_DEPTH && spelling_strip(&die); depth++) {
		spelling_follow(&die);
		if (dwarf_tag(&die) == DW_TAG_ptr_to_member_type || dwarf_tag(&die) == DW_TAG_unspecified_type)
			return g_uint64_checked_mul(&count, count, pointer_like_size(&die)) ? count : 0;
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

static void append_type(GString *text, const struct scopes *scopes, Dwarf_Die *type, int depth);

static void append_target(GString *text, const struct scopes *scopes, Dwarf_Die *type, int depth)
{
	Dwarf_Die target;

	append_type(text, scopes, spelling_type_of(type, &target) ? &target : NULL, depth + 1);
}

gboolean spelling_is_hidden_parameter(Dwarf_Die *parameter, guint index)
{
	return index > 0 && dwarf_hasattr_integrate(parameter, DW_AT_artificial);
}

static gboolean has_parameters(Dwarf_Die *function)
{
	Dwarf_Die child;

	for (gboolean more = dwarf_child(function, &child) == 0; more; more = dwarf_siblingof(&child, &child) == 0)
		if (dwarf_tag(&child) == DW_TAG_formal_parameter || dwarf_tag(&child) == DW_TAG_unspecified_parameters)
			return TRUE;
	return FALSE;
}

Dwarf_Die spelling_parameters(Dwarf_Die *declaration, Dwarf_Die *definition)
{
	Dwarf_Die at = *definition, next;
	Dwarf_Attribute attribute;

	if (has_parameters(declaration))
		return *declaration;
	for (int depth = 0; depth < SPELLING_DEPTH && !has_parameters(&at); depth++) {
		if (dwarf_attr(&at, DW_AT_abstract_origin, &attribute) == NULL || dwarf_formref_die(&attribute, &next) == NULL)
			return *declaration;
		at = next;
	}
	return at;
}

/* as_written: as the source has them, without `this`. */
static void append_parameters(GString *text, const struct scopes *scopes, Dwarf_Die *function, int depth,
			      gboolean as_written)
{
	Dwarf_Die child;
	const char *separator = "";
	guint index = as_written ? 1 : 0; /* of parameters; the first may be `this` */

	g_string_append_c(text, '(');
	if (dwarf_child(function, &child) == 0) {
		do {
			int tag = dwarf_tag(&child);
			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			if (tag == DW_TAG_formal_parameter && spelling_is_hidden_parameter(&child, index++))
				continue;
			g_string_append(text, separator);
			separator = ", ";
			if (tag == DW_TAG_formal_parameter)
				append_target(text, scopes, &child, depth);
			else
				g_string_append(text, "...");
		} while (dwarf_siblingof(&child, &child) == 0);
	}
	if (*separator == '\0' && !as_written)
		g_string_append(text, "void");
	g_string_append_c(text, ')');
}

static void append_pointer(GString *text, const struct scopes *scopes, Dwarf_Die *pointer, int depth)
{
	const char *star = dwarf_tag(pointer) == DW_TAG_reference_type		? "&"
			   : dwarf_tag(pointer) == DW_TAG_rvalue_reference_type ? "&&"
										: "*";
	Dwarf_Die target;

	if (spelling_type_of(pointer, &target) && dwarf_tag(&target) == DW_TAG_subroutine_type) {
		append_target(text, scopes, &target, depth);
		g_string_append_printf(text, " (%s)", star);
		append_parameters(text, scopes, &target, depth, FALSE);
		return;
	}
	append_target(text, scopes, pointer, depth);
	g_string_append_printf(text, "%s%s", text->len > 0 && text->str[text->len - 1] == '*' ? "" : " ", star);
}

/* "int ns::shape::*" and "int (ns::shape::*)(int) const". */
static void append_member_pointer(GString *text, const struct scopes *scopes, Dwarf_Die *pointer, int depth)
{
	Dwarf_Attribute attribute;
	Dwarf_Die class, target;
	gboolean of_class = dwarf_attr(pointer, DW_AT_containing_type, &attribute) != NULL &&
			    dwarf_formref_die(&attribute, &class) != NULL && dwarf_diename(&class) != NULL;
	g_autofree char *holder = of_class ? qualified(scopes, "", &class) : g_strdup("?");

	if (!spelling_type_of(pointer, &target) || dwarf_tag(&target) != DW_TAG_subroutine_type) {
		append_target(text, scopes, pointer, depth);
		g_string_append_printf(text, " %s::*", holder);
		return;
	}
	append_target(text, scopes, &target, depth);
	g_string_append_printf(text, " (%s::*)", holder);
	append_parameters(text, scopes, &target, depth, TRUE);
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
		{"__float128", "_Float128"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
		if (strcmp(name, same[i][0]) == 0)
			return same[i][1];
	return name;
}

static void append_named(GString *text, const struct scopes *scopes, Dwarf_Die *type)
{
	g_autofree char *tag = spelling_tag_name(scopes, type);
	const char *name = dwarf_diename(type);

	if (spelling_is_named(type))
		g_string_append_printf(text, "%s", tag ? tag : "anonymous");
	else if (dwarf_tag(type) == DW_TAG_typedef && name != NULL)
		g_string_append_printf(text, "%s%s", scopes_prefix(scopes, type), name);
	else
		g_string_append(text, name ? base_name(name) : "?");
}

static void append_type(GString *text, const struct scopes *scopes, Dwarf_Die *type, int depth)
{
	if (type == NULL || depth > SPELLING_DEPTH) {
		g_string_append(text, type ? "..." : "void");
		return;
	}
	switch (dwarf_tag(type)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		append_pointer(text, scopes, type, depth);
		break;
	case DW_TAG_ptr_to_member_type:
		append_member_pointer(text, scopes, type, depth);
		break;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
		g_string_append(text, dwarf_tag(type) == DW_TAG_const_type ? "const " : "volatile ");
		append_target(text, scopes, type, depth);
		break;
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		append_target(text, scopes, type, depth);
		break;
	case DW_TAG_array_type:
		append_target(text, scopes, type, depth);
		spelling_dimensions(text, type);
		break;
	case DW_TAG_subroutine_type:
		append_target(text, scopes, type, depth);
		g_string_append_c(text, ' ');
		append_parameters(text, scopes, type, depth, FALSE);
		break;
	default:
		append_named(text, scopes, type);
	}
}

void spelling_append(GString *text, const struct scopes *scopes, Dwarf_Die *type)
{
	append_type(text, scopes, type, 0);
}

void spelling_function(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition)
{
	Dwarf_Die parameters = spelling_parameters(function, definition);

	append_target(text, scopes, definition, 0);
	g_string_append_c(text, ' ');
	append_parameters(text, scopes, &parameters, 0, FALSE);
}

/* The class that `this` of a member function points to, with its qualifiers, or FALSE. */
static gboolean object_of(Dwarf_Die *function, Dwarf_Die *object)
{
	Dwarf_Die child;

	if (dwarf_child(function, &child) != 0 || dwarf_tag(&child) != DW_TAG_formal_parameter ||
	    !dwarf_hasattr_integrate(&child, DW_AT_artificial) || !spelling_type_of(&child, object) || !spelling_strip(object))
		return FALSE;
	return dwarf_tag(object) == DW_TAG_pointer_type && spelling_type_of(object, object);
}

/* What follows the parameters of a member function: "const", "&&". */
static void append_object_qualifiers(GString *text, Dwarf_Die *function, Dwarf_Die *parameters)
{
	Dwarf_Die object;

	if (!object_of(parameters, &object))
		return;
	for (int depth = 0; depth < SPELLING_DEPTH; depth++) {
		int tag = dwarf_tag(&object);
		if (tag != DW_TAG_const_type && tag != DW_TAG_volatile_type)
			break;
		g_string_append(text, tag == DW_TAG_const_type ? " const" : " volatile");
		if (!spelling_type_of(&object, &object))
			break;
	}
	if (dwarf_hasattr(function, DW_AT_reference))
		g_string_append(text, " &");
	if (dwarf_hasattr(function, DW_AT_rvalue_reference))
		g_string_append(text, " &&");
}

void spelling_signature(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition)
{
	const char *name = dwarf_diename(function);
	Dwarf_Die parameters = spelling_parameters(function, definition);

	scopes_append_name(text, name ? name : "?");
	append_parameters(text, scopes, &parameters, 0, TRUE);
	append_object_qualifiers(text, function, &parameters);
}

/* Constructors and destructors, which have no result, are members named after their class. */
static gboolean has_no_result(const char *prefix, const char *name)
{
	const char *last = prefix;
	int open = 0;

	for (const char *p = prefix; *p != '\0'; p++) {
		open += (*p == '<') - (*p == '>');
		if (open == 0 && p[0] == ':' && p[1] == ':' && p[2] != '\0')
			last = p + 2;
	}
	gsize length = strcspn(name, "<");
	return *name == '~' || (*prefix != '\0' && strncmp(last, name, length) == 0 && strchr(":<", last[length]) != NULL);
}

void spelling_method(GString *text, const struct scopes *scopes, Dwarf_Die *function, Dwarf_Die *definition)
{
	const char *name = dwarf_diename(function), *prefix = scopes_prefix(scopes, function);

	if (name == NULL || !has_no_result(prefix, name)) {
		append_target(text, scopes, definition, 0);
		g_string_append_c(text, ' ');
	}
	g_string_append(text, prefix);
	spelling_signature(text, scopes, function, definition);
}
