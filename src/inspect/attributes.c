/* Build attributes: see attributes.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/attributes.h"
#include "inspect/properties.h"

#include <elf.h>
#include <string.h>

/* Tag_compatibility holds a number and a text. */
#define TAG_COMPATIBILITY 32
#define TAG_FILE 1
#define FORMAT_VERSION 'A'

/* The bits VALUE >> shift & mask of a number say values[it]; NULL: that it was not used, or does not matter. */
struct attribute_row {
	guint16 machine;
	const char *vendor;
	guint tag, shift, mask;
	enum facts_property_kind kind;
	const char *name;
	const char *values[18];
};

static const struct attribute_row rows[] = {
	{EM_ARM, "aeabi", 6, 0, 31, FACTS_ISA, "ARM",
	 {NULL, "v4", "v4T", "v5T", "v5TE", "v5TEJ", "v6", "v6KZ", "v6T2", "v6K", "v7", "v6-M", "v6S-M", "v7E-M", "v8",
	  "v8-R", "v8-M.base", "v8-M.main"}},
	{EM_ARM, "aeabi", 14, 0, 3, FACTS_CONVENTION, "register r9", {NULL, "static base", "thread pointer", NULL}},
	{EM_ARM, "aeabi", 18, 0, 7, FACTS_CONVENTION, "wchar_t", {NULL, NULL, "2 bytes", NULL, "4 bytes"}},
	{EM_ARM, "aeabi", 26, 0, 3, FACTS_CONVENTION, "enum", {NULL, "as small as it can be", "int", "int"}},
	{EM_ARM, "aeabi", 28, 0, 3, FACTS_CONVENTION, "floating arguments",
	 {"in core registers", "in VFP registers", "of a toolchain's own", NULL}},
	{EM_ARM, "aeabi", 38, 0, 3, FACTS_CONVENTION, "half float", {NULL, "IEEE", "alternative", NULL}},
	{EM_PPC, "gnu", 4, 0, 3, FACTS_CONVENTION, "float ABI", {NULL, "hard", "soft", "single"}},
	{EM_PPC, "gnu", 4, 2, 3, FACTS_CONVENTION, "long double", {NULL, "IBM 128-bit", "64-bit", "IEEE 128-bit"}},
	{EM_PPC, "gnu", 8, 0, 3, FACTS_CONVENTION, "vectors", {NULL, NULL, "AltiVec", "SPE"}},
	{EM_PPC, "gnu", 12, 0, 3, FACTS_CONVENTION, "small structs return", {NULL, "in registers", "in memory", NULL}},
	{EM_PPC64, "gnu", 4, 0, 3, FACTS_CONVENTION, "float ABI", {NULL, "hard", "soft", "single"}},
	{EM_PPC64, "gnu", 4, 2, 3, FACTS_CONVENTION, "long double", {NULL, "IBM 128-bit", "64-bit", "IEEE 128-bit"}},
	{EM_MIPS, "gnu", 4, 0, 7, FACTS_CONVENTION, "float ABI",
	 {NULL, "hard", "single", "soft", "old 64-bit", "xx", "64-bit", "64-bit, no odd singles"}},
	{EM_MIPS, "gnu", 8, 0, 1, FACTS_CONVENTION, "vectors", {NULL, "MSA"}},
	{EM_S390, "gnu", 8, 0, 3, FACTS_CONVENTION, "vectors", {NULL, "software", "hardware", NULL}},
	{EM_RISCV, "riscv", 4, 0, 31, FACTS_CONVENTION, "stack alignment",
	 {[1] = "1", [2] = "2", [4] = "4", [8] = "8", [16] = "16"}},
};

/* Bytes that are left to read. */
struct bytes {
	const guchar *at;
	gsize left;
};

static gboolean take_number(struct bytes *b, guint64 *number)
{
	*number = 0;
	for (guint shift = 0; b->left > 0; shift += 7) {
		guchar byte = *b->at++;
		b->left--;
		if (shift < 63)
			*number |= (guint64)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return TRUE;
	}
	return FALSE;
}

static gboolean take_text(struct bytes *b, const char **text)
{
	const guchar *end = memchr(b->at, '\0', b->left);

	if (end == NULL)
		return FALSE;
	*text = (const char *)b->at;
	b->left -= (gsize)(end - b->at) + 1;
	b->at = end + 1;
	return TRUE;
}

/* A part that begins with its own length, which HEADER bytes of it before count, too. */
static gboolean take_part(const struct facts *facts, struct bytes *b, gsize header, struct bytes *part)
{
	guint32 length;

	if (b->left < sizeof length)
		return FALSE;
	memcpy(&length, b->at, sizeof length);
	length = facts->big_endian ? GUINT32_FROM_BE(length) : GUINT32_FROM_LE(length);
	if (length < header + sizeof length || length - header > b->left)
		return FALSE;
	*part = (struct bytes){b->at + sizeof length, length - header - sizeof length};
	b->at += length - header;
	b->left -= length - header;
	return TRUE;
}

static gboolean is_text(guint16 machine, guint64 tag)
{
	if (machine == EM_ARM && tag < TAG_COMPATIBILITY)
		return tag == 4 || tag == 5; /* Tag_CPU_raw_name, Tag_CPU_name */
	return tag % 2 == 1;
}

static void note_number(struct facts *facts, const char *vendor, guint64 tag, guint64 value)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct attribute_row *row = &rows[i];
		if (row->machine != facts->machine || row->tag != tag || strcmp(row->vendor, vendor) != 0)
			continue;
		guint64 index = value >> row->shift & row->mask;
		const char *word = index < G_N_ELEMENTS(row->values) ? row->values[index] : NULL;
		if (word != NULL)
			properties_add(facts, row->kind, row->name, word);
	}
}

static void note_text(struct facts *facts, const char *vendor, guint64 tag, const char *text)
{
	/* Tag_RISCV_arch */
	if (facts->machine == EM_RISCV && tag == 5 && strcmp(vendor, "riscv") == 0)
		properties_add(facts, FACTS_ISA, "RISC-V", text);
}

static void read_file_attributes(struct facts *facts, const char *vendor, struct bytes b)
{
	guint64 tag, value = 0;
	const char *text = NULL;

	while (take_number(&b, &tag)) {
		gboolean textual = is_text(facts->machine, tag);
		if ((tag == TAG_COMPATIBILITY || !textual) && !take_number(&b, &value))
			return;
		if ((tag == TAG_COMPATIBILITY || textual) && !take_text(&b, &text))
			return;
		if (textual)
			note_text(facts, vendor, tag, text);
		else
			note_number(facts, vendor, tag, value);
	}
}

static void read_vendor(struct facts *facts, struct bytes b)
{
	const char *vendor;
	struct bytes part;
	guint64 scope;

	if (!take_text(&b, &vendor))
		return;
	for (;;) {
		gsize before = b.left;
		if (!take_number(&b, &scope) || !take_part(facts, &b, before - b.left, &part))
			return;
		if (scope == TAG_FILE)
			read_file_attributes(facts, vendor, part);
	}
}

gboolean attributes_are_in(const struct facts *facts, guint32 section_type)
{
	return section_type == SHT_GNU_ATTRIBUTES ||
	       (section_type == SHT_ARM_ATTRIBUTES && facts->machine == EM_ARM) ||
	       (section_type == SHT_RISCV_ATTRIBUTES && facts->machine == EM_RISCV);
}

void attributes_read(struct facts *facts, Elf_Data *section)
{
	struct bytes b, part;

	if (section == NULL || section->d_buf == NULL || section->d_size == 0)
		return;
	b = (struct bytes){section->d_buf, section->d_size};
	if (*b.at != FORMAT_VERSION)
		return;
	b.at++;
	b.left--;
	while (take_part(facts, &b, 0, &part))
		read_vendor(facts, part);
}
