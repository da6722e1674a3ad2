/* Properties of a file, and those in its headers and notes: see properties.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "inspect/attributes.h"
#include "inspect/reader.h"

#include <gelf.h>
#include <string.h>

const char *properties_kind_name(enum facts_property_kind kind)
{
	static const char *const names[] = {
		[FACTS_CONVENTION] = "convention", [FACTS_OPTION] = "option", [FACTS_ISA] = "isa",
		[FACTS_HARDENING] = "hardening", [FACTS_LOADING] = "loading",
	};

	return names[kind];
}

int properties_order(const struct facts_property *a, const struct facts_property *b)
{
	return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind) : strcmp(a->name, b->name);
}

void properties_add(struct facts *facts, enum facts_property_kind kind, const char *name, const char *value)
{
	struct facts_property one = {kind, name, facts_keep(facts, value)};
	guint i = 0;

	while (i < facts->n_properties && properties_order(&facts->properties[i], &one) < 0)
		i++;
	if (i < facts->n_properties && properties_order(&facts->properties[i], &one) == 0) {
		facts->properties[i] = one;
		return;
	}
	facts->properties = g_renew(struct facts_property, facts->properties, facts->n_properties + 1);
	memmove(&facts->properties[i + 1], &facts->properties[i], (facts->n_properties - i) * sizeof one);
	facts->properties[i] = one;
	facts->n_properties++;
}

const char *properties_value(const struct facts *facts, enum facts_property_kind kind, const char *name)
{
	for (guint i = 0; i < facts->n_properties; i++)
		if (facts->properties[i].kind == kind && strcmp(facts->properties[i].name, name) == 0)
			return facts->properties[i].value;
	return NULL;
}

/* ---- e_flags ---- */

/* Where (e_flags & mask) is bits, they say this. Without a name: nothing that matters to others. */
struct flag_row {
	guint16 machine;
	guint32 mask, bits;
	enum facts_property_kind kind;
	const char *name, *value;
};

static const struct flag_row flag_rows[] = {
	{EM_ARM, 0xff000000, 0x04000000, FACTS_CONVENTION, "EABI", "4"},
	{EM_ARM, 0xff000000, 0x05000000, FACTS_CONVENTION, "EABI", "5"},
	{EM_ARM, 0x600, EF_ARM_ABI_FLOAT_SOFT, FACTS_CONVENTION, "float ABI", "soft"},
	{EM_ARM, 0x600, EF_ARM_ABI_FLOAT_HARD, FACTS_CONVENTION, "float ABI", "hard"},
	{EM_RISCV, EF_RISCV_FLOAT_ABI, EF_RISCV_FLOAT_ABI_SOFT, FACTS_CONVENTION, "float ABI", "soft"},
	{EM_RISCV, EF_RISCV_FLOAT_ABI, EF_RISCV_FLOAT_ABI_SINGLE, FACTS_CONVENTION, "float ABI", "single"},
	{EM_RISCV, EF_RISCV_FLOAT_ABI, EF_RISCV_FLOAT_ABI_DOUBLE, FACTS_CONVENTION, "float ABI", "double"},
	{EM_RISCV, EF_RISCV_FLOAT_ABI, EF_RISCV_FLOAT_ABI_QUAD, FACTS_CONVENTION, "float ABI", "quad"},
	{EM_RISCV, EF_RISCV_RVE, EF_RISCV_RVE, FACTS_CONVENTION, "registers", "RV32E"},
	{EM_RISCV, EF_RISCV_RVC, EF_RISCV_RVC, FACTS_ISA, "compressed instructions", "yes"},
	{EM_RISCV, EF_RISCV_TSO, EF_RISCV_TSO, FACTS_ISA, "total store order", "yes"},
	{EM_PPC64, EF_PPC64_ABI, 1, FACTS_CONVENTION, "ELF ABI", "1"},
	{EM_PPC64, EF_PPC64_ABI, 2, FACTS_CONVENTION, "ELF ABI", "2"},
	{EM_LOONGARCH, 0x7, 1, FACTS_CONVENTION, "float ABI", "soft"},
	{EM_LOONGARCH, 0x7, 2, FACTS_CONVENTION, "float ABI", "single"},
	{EM_LOONGARCH, 0x7, 3, FACTS_CONVENTION, "float ABI", "double"},
	{EM_LOONGARCH, 0xc0, 0x40, 0, NULL, NULL}, /* relocations of version 1: the linker's affair */
	{EM_MIPS, 0xf020, 0x1000, FACTS_CONVENTION, "ABI", "o32"},
	{EM_MIPS, 0xf020, 0x2000, FACTS_CONVENTION, "ABI", "o64"},
	{EM_MIPS, 0xf020, 0x3000, FACTS_CONVENTION, "ABI", "eabi32"},
	{EM_MIPS, 0xf020, 0x4000, FACTS_CONVENTION, "ABI", "eabi64"},
	{EM_MIPS, 0xf020, EF_MIPS_ABI2, FACTS_CONVENTION, "ABI", "n32"},
	{EM_MIPS, 0xf020, 0, FACTS_CONVENTION, "ABI", "n64"},
	{EM_MIPS, EF_MIPS_NAN2008, EF_MIPS_NAN2008, FACTS_CONVENTION, "NaN", "2008"},
	{EM_MIPS, EF_MIPS_NAN2008, 0, FACTS_CONVENTION, "NaN", "legacy"},
	{EM_MIPS, EF_MIPS_FP64, EF_MIPS_FP64, FACTS_CONVENTION, "floating registers", "64-bit"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_1, FACTS_ISA, "MIPS", "1"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_2, FACTS_ISA, "MIPS", "2"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_3, FACTS_ISA, "MIPS", "3"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_4, FACTS_ISA, "MIPS", "4"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_5, FACTS_ISA, "MIPS", "5"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_32, FACTS_ISA, "MIPS", "32"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_64, FACTS_ISA, "MIPS", "64"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_32R2, FACTS_ISA, "MIPS", "32r2"},
	{EM_MIPS, 0xf0000000, EF_MIPS_ARCH_64R2, FACTS_ISA, "MIPS", "64r2"},
	{EM_MIPS, 0xf0000000, 0x90000000, FACTS_ISA, "MIPS", "32r6"},
	{EM_MIPS, 0xf0000000, 0xa0000000, FACTS_ISA, "MIPS", "64r6"},
	{EM_MIPS, EF_MIPS_NOREORDER | EF_MIPS_PIC | EF_MIPS_CPIC, 0, 0, NULL, NULL},
	{EM_S390, EF_S390_HIGH_GPRS, EF_S390_HIGH_GPRS, FACTS_ISA, "high registers", "yes"},
};

static void read_flags(struct facts *facts, guint32 flags)
{
	guint32 known = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(flag_rows); i++) {
		const struct flag_row *row = &flag_rows[i];
		if (row->machine != facts->machine)
			continue;
		known |= row->mask;
		if (row->name != NULL && (flags & row->mask) == row->bits)
			properties_add(facts, row->kind, row->name, row->value);
	}
	if ((flags & ~known) != 0) {
		g_autofree char *rest = g_strdup_printf("0x%x", flags & ~known);
		properties_add(facts, FACTS_LOADING, "machine flags", rest);
	}
}

/* ---- notes ---- */

static guint32 word_at(const struct facts *facts, const guchar *bytes)
{
	guint32 word;

	memcpy(&word, bytes, sizeof word);
	return facts->big_endian ? GUINT32_FROM_BE(word) : GUINT32_FROM_LE(word);
}

#define X86_FEATURES GNU_PROPERTY_X86_FEATURE_1_AND
#define X86_LEVELS GNU_PROPERTY_X86_ISA_1_NEEDED
#define ARM_FEATURES GNU_PROPERTY_AARCH64_FEATURE_1_AND

static void read_feature(struct facts *facts, guint32 type, guint32 bits)
{
	/* Of the levels the lowest first: the highest that is needed stays. */
	static const struct {
		guint16 machine;
		guint32 type, bit;
		enum facts_property_kind kind;
		const char *name, *value;
	} rows[] = {
		{EM_X86_64, X86_FEATURES, GNU_PROPERTY_X86_FEATURE_1_IBT, FACTS_HARDENING, "IBT", "yes"},
		{EM_X86_64, X86_FEATURES, GNU_PROPERTY_X86_FEATURE_1_SHSTK, FACTS_HARDENING, "SHSTK", "yes"},
		{EM_X86_64, X86_LEVELS, GNU_PROPERTY_X86_ISA_1_BASELINE, FACTS_ISA, PROPERTIES_X86_LEVEL, "v1"},
		{EM_X86_64, X86_LEVELS, GNU_PROPERTY_X86_ISA_1_V2, FACTS_ISA, PROPERTIES_X86_LEVEL, "v2"},
		{EM_X86_64, X86_LEVELS, GNU_PROPERTY_X86_ISA_1_V3, FACTS_ISA, PROPERTIES_X86_LEVEL, "v3"},
		{EM_X86_64, X86_LEVELS, GNU_PROPERTY_X86_ISA_1_V4, FACTS_ISA, PROPERTIES_X86_LEVEL, "v4"},
		{EM_AARCH64, ARM_FEATURES, GNU_PROPERTY_AARCH64_FEATURE_1_BTI, FACTS_HARDENING, "BTI", "yes"},
		{EM_AARCH64, ARM_FEATURES, GNU_PROPERTY_AARCH64_FEATURE_1_PAC, FACTS_HARDENING, "PAC", "yes"},
	};
	guint16 machine = facts->machine == EM_386 ? EM_X86_64 : facts->machine;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].machine == machine && rows[i].type == type && (bits & rows[i].bit))
			properties_add(facts, rows[i].kind, rows[i].name, rows[i].value);
}

static void read_gnu_properties(struct facts *facts, const guchar *bytes, gsize size)
{
	gsize unit = facts->bits / 8;

	while (size >= 8) {
		guint32 type = word_at(facts, bytes), length = word_at(facts, bytes + 4);
		gsize whole = 8 + ((gsize)length + unit - 1) / unit * unit;
		if (length > size - 8)
			return;
		if (length == 4)
			read_feature(facts, type, word_at(facts, bytes + 8));
		bytes += MIN(whole, size);
		size -= MIN(whole, size);
	}
}

static void read_abi_tag(struct facts *facts, const guchar *bytes, gsize size)
{
	static const char *const systems[] = {"Linux", "Hurd", "Solaris", "FreeBSD"};
	guint32 system = size >= 16 ? word_at(facts, bytes) : G_MAXUINT32;

	if (system >= G_N_ELEMENTS(systems))
		return;
	g_autofree char *value = g_strdup_printf("%s %u.%u.%u", systems[system], word_at(facts, bytes + 4),
						 word_at(facts, bytes + 8), word_at(facts, bytes + 12));
	properties_add(facts, FACTS_LOADING, "kernel", value);
}

static void read_notes(struct facts *facts, Elf_Data *data)
{
	GElf_Nhdr note;
	gsize name, desc;

	for (gsize at = 0; data != NULL && (at = gelf_getnote(data, at, &note, &name, &desc)) > 0;) {
		const guchar *bytes = (const guchar *)data->d_buf;
		if (note.n_namesz != sizeof ELF_NOTE_GNU ||
		    memcmp(bytes + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) != 0)
			continue;
		if (note.n_type == NT_GNU_PROPERTY_TYPE_0)
			read_gnu_properties(facts, bytes + desc, note.n_descsz);
		else if (note.n_type == NT_GNU_ABI_TAG)
			read_abi_tag(facts, bytes + desc, note.n_descsz);
	}
}

/* ---- loading ---- */

/* What glibc (stackinfo.h) and the kernel assume of a file without PT_GNU_STACK. */
static gboolean stack_executable_by_default(guint16 machine)
{
	static const guint16 not[] = {EM_AARCH64, EM_RISCV,        EM_PPC64, EM_LOONGARCH,
				      EM_ARCV2,   EM_ALTERA_NIOS2, EM_IA_64};

	for (gsize i = 0; i < G_N_ELEMENTS(not); i++)
		if (not[i] == machine)
			return FALSE;
	return TRUE;
}

static void read_stack(struct facts *facts, Elf *elf)
{
	gboolean executable = stack_executable_by_default(facts->machine);
	gsize count = 0;
	GElf_Phdr p;

	if (elf_getphdrnum(elf, &count) != 0 || count == 0)
		return;
	for (gsize i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, &p) != NULL && p.p_type == PT_GNU_STACK)
			executable = (p.p_flags & PF_X) != 0;
	if (executable)
		properties_add(facts, FACTS_LOADING, PROPERTIES_EXECUTABLE_STACK, "yes");
}

static void read_text_relocations(struct facts *facts, Elf_Data *dynamic)
{
	GElf_Dyn entry;

	for (int i = 0; dynamic != NULL && gelf_getdyn(dynamic, i, &entry) != NULL && entry.d_tag != DT_NULL; i++)
		if (entry.d_tag == DT_TEXTREL || (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_TEXTREL)))
			properties_add(facts, FACTS_LOADING, PROPERTIES_TEXT_RELOCATIONS, "yes");
}

void properties_read(struct facts *facts, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Ehdr header;
	GElf_Shdr s;

	if (gelf_getehdr(elf, &header) == NULL)
		return;
	read_flags(facts, header.e_flags);
	read_stack(facts, elf);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &s) == NULL)
			continue;
		if (s.sh_type == SHT_NOTE)
			read_notes(facts, elf_getdata(section, NULL));
		else if (s.sh_type == SHT_DYNAMIC)
			read_text_relocations(facts, elf_getdata(section, NULL));
		else if (attributes_are_in(facts, s.sh_type))
			attributes_read(facts, elf_getdata(section, NULL));
	}
}
