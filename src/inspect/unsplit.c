/* Putting split debug information together again: see unsplit.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/unsplit.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

/* The sections that units are appended to, and those that are copied as they are. */
enum { INFO, TYPES, ABBREV, STR_OFFSETS, STR, N_GROWING };
static const char *const section_names[] = {
	".debug_info", ".debug_types",	  ".debug_abbrev",     ".debug_str_offsets", ".debug_str",
	".debug_addr", ".debug_line",	  ".debug_line_str",   ".debug_ranges",	     ".debug_rnglists",
	".debug_loc",  ".debug_loclists", ".gnu_debugaltlink",
};
#define N_SECTIONS G_N_ELEMENTS(section_names)

struct unsplit {
	GByteArray *sections[N_SECTIONS];
	GHashTable *placed;	/* char *, what was copied -> where it is in its section, + 1 */
	GHashTable *signatures; /* guint64 *: of type units that are in the image */
	guint64 ceiling, grown; /* bytes */
	gboolean big_endian;
};

/* The header of a unit. */
struct unit {
	struct bytes all;
	guint version, offset_size;
	guint8 type;	 /* DW_UT_... */
	gsize abbrev_at; /* where the header says at which offset the abbreviations are */
	guint64 abbrev, id;
};

/* The bytes of a section of this name, of which there are none yet; NULL when it is not wanted. */
static GByteArray *empty_section(struct unsplit *u, const char *name)
{
	for (guint i = 0; name != NULL && i < N_SECTIONS; i++)
		if (strcmp(name, section_names[i]) == 0)
			return u->sections[i]->len == 0 ? u->sections[i] : NULL;
	return NULL;
}

struct unsplit *unsplit_new(Elf *elf)
{
	struct unsplit *u = g_new0(struct unsplit, 1);
	Elf_Scn *section = NULL;
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	size_t names = 0;

	for (guint i = 0; i < N_SECTIONS; i++)
		u->sections[i] = g_byte_array_new();
	u->placed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	u->signatures = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	u->big_endian = gelf_getehdr(elf, &ehdr) != NULL && ehdr.e_ident[EI_DATA] == ELFDATA2MSB;
	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		const char *name = gelf_getshdr(section, &shdr) ? elf_strptr(elf, names, shdr.sh_name) : NULL;
		GByteArray *into = empty_section(u, name);
		Elf_Data *data = into && shdr.sh_type != SHT_NOBITS ? elf_rawdata(section, NULL) : NULL;
		if (data != NULL && data->d_buf != NULL && data->d_size <= G_MAXINT32)
			g_byte_array_append(into, data->d_buf, (guint)data->d_size);
	}
	return u;
}

void unsplit_allow(struct unsplit *u, gsize size)
{
	u->ceiling += 2 * (guint64)size;
}

/* FALSE when the image would outgrow what it is made of. */
static gboolean grow(struct unsplit *u, guint section, const guchar *data, gsize size)
{
	if (size > u->ceiling - u->grown || size > G_MAXINT32 - u->sections[section]->len)
		return FALSE;
	u->grown += size;
	g_byte_array_append(u->sections[section], data, (guint)size);
	return TRUE;
}

/* ---- strings ---- */

/* What is copied is known by where it comes from, so that units which share it share the copy. */
static guint placed_at(struct unsplit *u, const char *key)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(u->placed, key));
}

static void place(struct unsplit *u, const char *key, gsize at)
{
	g_hash_table_insert(u->placed, g_strdup(key), GUINT_TO_POINTER((guint)at + 1));
}

static gboolean place_strings(struct unsplit *u, const struct bytes *str, gsize *at)
{
	g_autofree char *key = g_strdup_printf("str %p", (const void *)str->data);
	guint known = placed_at(u, key);

	*at = known ? known - 1 : u->sections[STR]->len;
	if (known != 0 || str->size == 0)
		return TRUE;
	place(u, key, *at);
	return grow(u, STR, str->data, str->size);
}

/* The offsets of strings, moved to where the strings are now. BASE: of the first one, behind the header of DWARF 5. */
static gboolean place_str_offsets(struct unsplit *u, const struct unsplit_parts *p, const struct unit *unit,
				  gsize *base)
{
	g_autofree char *key = g_strdup_printf("offsets %p", (const void *)p->str_offsets.data);
	gsize header = unit->version < 5 ? 0 : unit->offset_size == 4 ? 8 : 16, moved = 0;
	guint known = placed_at(u, key);

	*base = (known ? known - 1 : u->sections[STR_OFFSETS]->len) + header;
	if (known != 0 || p->str_offsets.size < header)
		return TRUE;
	place(u, key, *base - header);
	if (!place_strings(u, &p->str, &moved) || !grow(u, STR_OFFSETS, p->str_offsets.data, p->str_offsets.size))
		return FALSE;
	guchar *at = u->sections[STR_OFFSETS]->data + *base;
	for (gsize left = p->str_offsets.size - header; left >= unit->offset_size; left -= unit->offset_size) {
		guint64 offset = bytes_get(at, unit->offset_size, u->big_endian);
		bytes_put(at, unit->offset_size, u->big_endian, offset < p->str.size ? offset + moved : 0);
		at += unit->offset_size;
	}
	return TRUE;
}

/* ---- abbreviations ---- */

static void put_uleb(GByteArray *into, guint64 value)
{
	do {
		guchar byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
		g_byte_array_append(into, &byte, 1);
		value >>= 7;
	} while (value != 0);
}

/* A signed one that is not negative: its sign bit must not be set. */
static void put_sleb(GByteArray *into, guint64 value)
{
	while (value > 0x3f) {
		guchar byte = (value & 0x7f) | 0x80;
		g_byte_array_append(into, &byte, 1);
		value >>= 7;
	}
	g_byte_array_append(into, (guchar[]){(guchar)value}, 1);
}

/* FALSE when it does not end in what there is. */
static gboolean get_uleb(const struct bytes *b, gsize *at, guint64 *value)
{
	*value = 0;
	for (guint shift = 0; *at < b->size; shift += 7) {
		guchar byte = b->data[(*at)++];
		if (shift < 64)
			*value |= (guint64)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return TRUE;
	}
	return FALSE;
}

/* One past the attributes of an abbreviation, without the two zeros that end them. */
static gboolean skip_attributes(const struct bytes *b, gsize *at, gsize *end)
{
	guint64 name, form, constant;

	do {
		*end = *at;
		if (!get_uleb(b, at, &name) || !get_uleb(b, at, &form) ||
		    (form == DW_FORM_implicit_const && !get_uleb(b, at, &constant)))
			return FALSE;
	} while (name != 0 || form != 0);
	return TRUE;
}

/* Copies a table of abbreviations; those of units get the two bases. */
static gboolean copy_abbrevs(const struct bytes *b, gsize at, GByteArray *into, guint64 str_offsets, guint64 addresses)
{
	guint64 code, tag;
	gsize start = at, end;

	while (get_uleb(b, &at, &code)) {
		if (code == 0) {
			g_byte_array_append(into, b->data + start, (guint)(at - start));
			return TRUE;
		}
		if (!get_uleb(b, &at, &tag) || at++ >= b->size || !skip_attributes(b, &at, &end))
			return FALSE;
		if (tag == DW_TAG_compile_unit || tag == DW_TAG_type_unit || tag == DW_TAG_partial_unit) {
			g_byte_array_append(into, b->data + start, (guint)(end - start));
			put_uleb(into, DW_AT_str_offsets_base);
			put_uleb(into, DW_FORM_implicit_const);
			put_sleb(into, str_offsets);
			put_uleb(into, DW_AT_addr_base);
			put_uleb(into, DW_FORM_implicit_const);
			put_sleb(into, addresses);
			start = end;
		}
	}
	return FALSE;
}

static gboolean place_abbrevs(struct unsplit *u, const struct unsplit_parts *p, const struct unit *unit,
			      guint64 addr_base, gsize *at)
{
	gsize str_offsets = 0;

	if (unit->abbrev >= p->abbrev.size || !place_str_offsets(u, p, unit, &str_offsets))
		return FALSE;
	g_autofree char *key = g_strdup_printf("abbrevs %p %" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT,
					       (const void *)(p->abbrev.data + unit->abbrev), str_offsets, addr_base);
	guint known = placed_at(u, key);
	*at = known ? known - 1 : u->sections[ABBREV]->len;
	if (known != 0)
		return TRUE;
	g_autoptr(GByteArray) table = g_byte_array_new();
	place(u, key, *at);
	return copy_abbrevs(&p->abbrev, unit->abbrev, table, str_offsets, addr_base) &&
	       grow(u, ABBREV, table->data, table->len);
}

/* ---- units ---- */

/* Reads the header of the unit at AT, and moves AT behind the unit. */
static gboolean next_unit(const struct unsplit *u, const struct bytes *section, gsize *at, gboolean types,
			  struct unit *unit)
{
	struct bytes rest = {section->data + *at, section->size - *at};
	guint64 length = bytes_has(&rest, 0, 12) ? bytes_get(rest.data, 4, u->big_endian) : 0;

	*unit = (struct unit){.offset_size = length == 0xffffffff ? 8 : 4};
	gsize after = length == 0xffffffff ? 12 : 4;
	if (after == 12)
		length = bytes_get(rest.data + 4, 8, u->big_endian);
	if (length < 4 + unit->offset_size || !bytes_has(&rest, after, length))
		return FALSE;
	unit->all = (struct bytes){rest.data, after + length};
	unit->version = (guint)bytes_get(rest.data + after, 2, u->big_endian);
	unit->type = unit->version >= 5 ? rest.data[after + 2] : types ? DW_UT_type : DW_UT_compile;
	unit->abbrev_at = after + (unit->version >= 5 ? 4 : 2);
	gsize id_at = unit->abbrev_at + unit->offset_size + (unit->version >= 5 ? 0 : 1);
	if (unit->version < 4 || unit->version > 5 || !bytes_has(&unit->all, unit->abbrev_at, unit->offset_size))
		return FALSE;
	unit->abbrev = bytes_get(rest.data + unit->abbrev_at, unit->offset_size, u->big_endian);
	if ((types || unit->version >= 5) && bytes_has(&unit->all, id_at, 8))
		unit->id = bytes_get(rest.data + id_at, 8, u->big_endian);
	*at += unit->all.size;
	return TRUE;
}

gboolean unsplit_has(const struct unsplit *u, const struct unsplit_parts *p, guint64 id)
{
	struct unit unit;

	for (gsize at = 0; at < p->info.size;) {
		if (!next_unit(u, &p->info, &at, FALSE, &unit))
			return FALSE;
		if (unit.type == DW_UT_split_compile && unit.id == id)
			return TRUE;
	}
	return FALSE;
}

static gboolean is_wanted(struct unsplit *u, const struct unit *unit, guint64 id)
{
	gboolean is_type = unit->type == DW_UT_type || unit->type == DW_UT_split_type;

	if (is_type)
		return g_hash_table_add(u->signatures, g_memdup2(&unit->id, sizeof unit->id));
	return unit->version < 5 || unit->id == id;
}

static gboolean add_units(struct unsplit *u, const struct unsplit_parts *p, guint section, guint64 id,
			  guint64 addr_base)
{
	const struct bytes *units = section == TYPES ? &p->types : &p->info;
	struct unit unit;
	gsize abbrev;

	for (gsize at = 0; at < units->size;) {
		if (!next_unit(u, units, &at, section == TYPES, &unit))
			return FALSE;
		if (!is_wanted(u, &unit, id))
			continue;
		gsize place_of_unit = u->sections[section]->len;
		if (!place_abbrevs(u, p, &unit, addr_base, &abbrev) || !grow(u, section, unit.all.data, unit.all.size))
			return FALSE;
		bytes_put(u->sections[section]->data + place_of_unit + unit.abbrev_at, unit.offset_size, u->big_endian,
			  abbrev);
	}
	return TRUE;
}

gboolean unsplit_add(struct unsplit *u, const struct unsplit_parts *p, guint64 id, guint64 addr_base)
{
	return add_units(u, p, INFO, id, addr_base) && add_units(u, p, TYPES, id, addr_base);
}

/* ---- the image ---- */

/* Appends DATA, aligned; where it is. */
static gsize put_data(GByteArray *image, gconstpointer data, gsize size)
{
	static const guchar zeros[8];

	g_byte_array_append(image, zeros, -image->len & 7);
	gsize at = image->len;
	g_byte_array_append(image, data, (guint)size);
	return at;
}

/* A header of the image, in the byte order of the file. */
static void translate(const struct unsplit *u, gpointer header, gsize size, Elf_Type type)
{
	Elf_Data data = {.d_buf = header, .d_size = size, .d_type = type, .d_version = EV_CURRENT};

	elf64_xlatetof(&data, &data, u->big_endian ? ELFDATA2MSB : ELFDATA2LSB);
}

char *unsplit_finish(struct unsplit *u, gsize *size)
{
	enum { N = N_SECTIONS + 2 };
	g_autoptr(GByteArray) image = g_byte_array_new();
	g_autoptr(GString) names = g_string_new_len("", 1);
	Elf64_Shdr headers[N] = {0};
	Elf64_Ehdr ehdr = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, u->big_endian ? ELFDATA2MSB : ELFDATA2LSB,
			    EV_CURRENT},
		.e_type = ET_DYN,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof ehdr,
		.e_shentsize = sizeof *headers,
		.e_shnum = N,
		.e_shstrndx = N - 1,
	};

	put_data(image, &ehdr, sizeof ehdr);
	for (guint i = 0; i < N_SECTIONS; i++) {
		const GByteArray *data = u->sections[i];
		headers[i + 1] = (Elf64_Shdr){.sh_type = data->len ? SHT_PROGBITS : SHT_NULL,
					      .sh_name = (Elf64_Word)names->len,
					      .sh_addralign = 1,
					      .sh_size = data->len,
					      .sh_offset = put_data(image, data->data, data->len)};
		g_string_append_len(names, section_names[i], (gssize)strlen(section_names[i]) + 1);
	}
	headers[N - 1] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
				      .sh_addralign = 1,
				      .sh_size = names->len,
				      .sh_offset = put_data(image, names->str, names->len)};
	translate(u, headers, sizeof headers, ELF_T_SHDR);
	ehdr.e_shoff = put_data(image, headers, sizeof headers);
	translate(u, &ehdr, sizeof ehdr, ELF_T_EHDR);
	memcpy(image->data, &ehdr, sizeof ehdr);
	return (char *)g_byte_array_steal(image, size);
}

void unsplit_free(struct unsplit *u)
{
	if (u == NULL)
		return;
	for (guint i = 0; i < N_SECTIONS; i++)
		g_byte_array_unref(u->sections[i]);
	g_hash_table_unref(u->placed);
	g_hash_table_unref(u->signatures);
	g_free(u);
}
