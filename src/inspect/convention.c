/* Calling conventions: see convention.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/convention.h"
#include "inspect/spelling.h"

#include <dwarf.h>
#include <string.h>

#define WIN64 "win64"

/* DW_CC_* of DWARF 5 and of LLVM (llvm/BinaryFormat/Dwarf.def). */
static char *written(Dwarf_Word value)
{
	static const struct {
		Dwarf_Word value;
		const char *name;
	} names[] = {
		{0x41, "fastcall"},	 {0xb0, "safecall"},	 {0xb1, "stdcall"},   {0xb2, "pascal"},
		{0xb3, "fastcall"},	 {0xb5, "thiscall"},	 {0xb6, "fastcall"},  {0xc0, "vectorcall"},
		{0xc1, WIN64},		 {0xc3, "aapcs"},	 {0xc4, "aapcs-vfp"}, {0xc8, "swift"},
		{0xc9, "preserve_most"}, {0xca, "preserve_all"}, {0xcb, "regcall"},
	};

	/* normal, program, nocall; and System V's, which is the usual one where ELF is */
	if (value <= 3 || value == 0xc2)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].value == value)
			return g_strdup(names[i].name);
	return g_strdup_printf("convention 0x%x", (guint)value);
}

/* Did gcc follow variables through registers? Otherwise it writes one place, which need not be that at the entry. */
static gboolean follows_variables(Dwarf_Die *function)
{
	Dwarf_Die unit;
	Dwarf_Attribute attribute;
	const char *producer = dwarf_diecu(function, &unit, NULL, NULL) != NULL
				       ? dwarf_formstring(dwarf_attr(&unit, DW_AT_producer, &attribute))
				       : NULL;

	return producer != NULL && g_str_has_prefix(producer, "GNU ") && strstr(producer, "-fno-var-tracking") == NULL;
}

/* An integer, an enumeration or a pointer: what goes into an integer register. */
static gboolean goes_into_register(Dwarf_Die *parameter)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;
	Dwarf_Die type;

	if (!spelling_type_of(parameter, &type) || !spelling_strip(&type))
		return FALSE;
	switch (dwarf_tag(&type)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_enumeration_type:
		return TRUE;
	case DW_TAG_base_type:
		return spelling_size(&type) <= 8 && dwarf_attr(&type, DW_AT_encoding, &attribute) != NULL &&
		       dwarf_formudata(&attribute, &encoding) == 0 &&
		       (encoding == DW_ATE_signed || encoding == DW_ATE_unsigned || encoding == DW_ATE_boolean ||
			encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char);
	default:
		return FALSE;
	}
}

static gboolean first_parameter(Dwarf_Die *function, Dwarf_Die *parameter)
{
	if (dwarf_child(function, parameter) != 0)
		return FALSE;
	while (dwarf_tag(parameter) != DW_TAG_formal_parameter)
		if (dwarf_siblingof(parameter, parameter) != 0)
			return FALSE;
	return TRUE;
}

/* The numbers of registers are those of the x86-64 supplement: 1 is rdx, 2 is rcx. */
static gboolean enters_as_win64(Dwarf_Die *function, Dwarf_Die *parameter)
{
	Dwarf_Attribute location, frame;
	Dwarf_Addr entry;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_entrypc(function, &entry) != 0 || dwarf_attr(parameter, DW_AT_location, &location) == NULL ||
	    dwarf_getlocation_addr(&location, entry, &ops, &n, 1) != 1 || n != 1)
		return FALSE;
	if (ops[0].atom == DW_OP_reg1 || ops[0].atom == DW_OP_reg2)
		return TRUE;
	if (ops[0].atom != DW_OP_fbreg || (Dwarf_Sword)ops[0].number < 0)
		return FALSE;
	return dwarf_attr(function, DW_AT_frame_base, &frame) != NULL &&
	       dwarf_getlocation_addr(&frame, entry, &ops, &n, 1) == 1 && n == 1 && ops[0].atom == DW_OP_call_frame_cfa;
}

char *convention_of(Dwarf_Die *function, gboolean is_x86_64)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;
	Dwarf_Die parameter;

	if (dwarf_attr_integrate(function, DW_AT_calling_convention, &attribute) != NULL &&
	    dwarf_formudata(&attribute, &value) == 0)
		return written(value);
	if (!is_x86_64 || dwarf_tag(function) != DW_TAG_subprogram || !first_parameter(function, &parameter) ||
	    !goes_into_register(&parameter) || !follows_variables(function))
		return NULL;
	return enters_as_win64(function, &parameter) ? g_strdup(WIN64) : NULL;
}
