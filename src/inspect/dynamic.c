/* What the dynamic section, the dynamic symbol table and the version tables of an ELF file say. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/reader.h"

#include <elf.h>
#include <gelf.h>
#include <string.h>

/* Formats: the ELF gABI for symbols and the dynamic section; "Symbol Versioning" of the LSB for the version tables. */

/* The sections that matter, found once. */
struct tables {
	Elf *elf;
	Elf_Scn *dynamic, *symbols, *versym, *verdef, *verneed;
	GHashTable *defined;  /* version index -> node name, from verdef */
	GHashTable *required; /* version index -> struct facts_need *, from verneed */
};

static gboolean corrupt(const struct facts *facts, const char *what, GError **error)
{
	g_set_error(error, FACTS_ERROR, FACTS_ERROR_CORRUPT, "%s: damaged ELF file: %s", facts->path, what);
	return FALSE;
}

static void find_tables(struct tables *t)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(t->elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		switch (header.sh_type) {
		case SHT_DYNAMIC:
			t->dynamic = section;
			break;
		case SHT_DYNSYM:
			t->symbols = section;
			break;
		case SHT_GNU_versym:
			t->versym = section;
			break;
		case SHT_GNU_verdef:
			t->verdef = section;
			break;
		case SHT_GNU_verneed:
			t->verneed = section;
			break;
		default:
			break;
		}
	}
}

/* A string of the table that SECTION links to; NULL when the offset is outside it. */
static const char *linked_string(const struct tables *t, Elf_Scn *section, gsize offset)
{
	GElf_Shdr header;

	return gelf_getshdr(section, &header) ? elf_strptr(t->elf, header.sh_link, offset) : NULL;
}

static gboolean read_dynamic_section(struct facts *facts, const struct tables *t, GError **error)
{
	Elf_Data *data = t->dynamic ? elf_getdata(t->dynamic, NULL) : NULL;
	g_autoptr(GPtrArray) needed = g_ptr_array_new();
	const char *rpath = NULL;
	GElf_Dyn entry;

	for (int i = 0; data != NULL && gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++) {
		gboolean text = entry.d_tag == DT_NEEDED || entry.d_tag == DT_SONAME || entry.d_tag == DT_RPATH ||
				entry.d_tag == DT_RUNPATH;
		const char *value = text ? linked_string(t, t->dynamic, entry.d_un.d_val) : NULL;
		if (text && value == NULL)
			return corrupt(facts, "the dynamic section names a string outside its string table", error);
		if (entry.d_tag == DT_NEEDED)
			g_ptr_array_add(needed, (void *)facts_keep(facts, value));
		else if (entry.d_tag == DT_SONAME)
			facts->soname = facts_keep(facts, value);
		else if (entry.d_tag == DT_RUNPATH)
			facts->runpath = facts_keep(facts, value);
		else if (entry.d_tag == DT_RPATH)
			rpath = facts_keep(facts, value);
		else if (entry.d_tag == DT_GNU_HASH)
			facts->gnu_hash = TRUE;
		else if (entry.d_tag == DT_HASH)
			facts->sysv_hash = TRUE;
	}
	facts->is_rpath = facts->runpath == NULL && rpath != NULL;
	if (facts->is_rpath)
		facts->runpath = rpath;
	g_ptr_array_add(needed, NULL);
	facts->needed = (const char **)g_ptr_array_steal(needed, NULL);
	return TRUE;
}

static gboolean read_defined_nodes(struct facts *facts, struct tables *t, GError **error)
{
	Elf_Data *data = t->verdef ? elf_getdata(t->verdef, NULL) : NULL;
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(struct facts_node));
	GElf_Verdef def;
	GElf_Verdaux aux;

	for (gsize offset = 0; data != NULL;) {
		if (offset > G_MAXINT || gelf_getverdef(data, (int)offset, &def) == NULL ||
		    gelf_getverdaux(data, (int)(offset + def.vd_aux), &aux) == NULL)
			return corrupt(facts, "the version definitions run past their section", error);
		struct facts_node node = {.name = facts_keep(facts, linked_string(t, t->verdef, aux.vda_name))};
		if (def.vd_cnt > 1 && aux.vda_next != 0 &&
		    gelf_getverdaux(data, (int)(offset + def.vd_aux + aux.vda_next), &aux) != NULL)
			node.parent = facts_keep(facts, linked_string(t, t->verdef, aux.vda_name));
		if (node.name == NULL)
			return corrupt(facts, "a version definition has no name", error);
		if (!(def.vd_flags & VER_FLG_BASE)) {
			g_array_append_val(nodes, node);
			g_hash_table_insert(t->defined, GUINT_TO_POINTER(def.vd_ndx & 0x7fffu), (void *)node.name);
		}
		if (def.vd_next == 0)
			break;
		offset += def.vd_next;
	}
	facts->n_nodes = nodes->len;
	facts->nodes = (struct facts_node *)(void *)g_array_steal(nodes, NULL);
	return TRUE;
}

static gboolean read_required_nodes(struct facts *facts, struct tables *t, GError **error)
{
	Elf_Data *data = t->verneed ? elf_getdata(t->verneed, NULL) : NULL;
	g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(struct facts_need));
	GElf_Verneed need;
	GElf_Vernaux aux;

	for (gsize offset = 0; data != NULL;) {
		if (offset > G_MAXINT || gelf_getverneed(data, (int)offset, &need) == NULL)
			return corrupt(facts, "the version requirements run past their section", error);
		const char *library = facts_keep(facts, linked_string(t, t->verneed, need.vn_file));
		gsize at = offset + need.vn_aux;
		for (guint i = 0; i < need.vn_cnt; i++, at += aux.vna_next) {
			if (at > G_MAXINT || gelf_getvernaux(data, (int)at, &aux) == NULL)
				return corrupt(facts, "the version requirements run past their section", error);
			struct facts_need *n = g_new(struct facts_need, 1);
			*n = (struct facts_need){library, facts_keep(facts, linked_string(t, t->verneed, aux.vna_name))};
			g_hash_table_insert(t->required, GUINT_TO_POINTER(aux.vna_other & 0x7fffu), n);
			if (n->library == NULL || n->node == NULL)
				return corrupt(facts, "a version requirement has no name", error);
			if (needs->len > data->d_size / sizeof(Elf32_Vernaux))
				return corrupt(facts, "the version requirements overlap", error);
			g_array_append_val(needs, *n);
			if (aux.vna_next == 0)
				break;
		}
		if (need.vn_next == 0)
			break;
		offset += need.vn_next;
	}
	facts->n_needs = needs->len;
	facts->needs = (struct facts_need *)(void *)g_array_steal(needs, NULL);
	return TRUE;
}

static enum facts_symbol_kind symbol_kind(const GElf_Sym *symbol)
{
	switch (GELF_ST_TYPE(symbol->st_info)) {
	case STT_FUNC:
		return FACTS_FUNCTION;
	case STT_OBJECT:
	case STT_COMMON:
		return FACTS_OBJECT;
	case STT_TLS:
		return FACTS_TLS;
	case STT_GNU_IFUNC:
		return FACTS_IFUNC;
	default:
		return FACTS_UNTYPED;
	}
}

static gboolean is_visible(const GElf_Sym *symbol)
{
	int binding = GELF_ST_BIND(symbol->st_info), visibility = GELF_ST_VISIBILITY(symbol->st_other);

	return (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
	       (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

/* The linker defines an absolute symbol for each version node it makes: not something that a caller uses. */
static gboolean names_a_node(const struct facts_symbol *s, const GElf_Sym *raw)
{
	return raw->st_shndx == SHN_ABS && s->node != NULL && strcmp(s->name, s->node) == 0;
}

static gboolean read_symbols(struct facts *facts, const struct tables *t, GError **error)
{
	Elf_Data *data = t->symbols ? elf_getdata(t->symbols, NULL) : NULL;
	Elf_Data *versions = t->versym ? elf_getdata(t->versym, NULL) : NULL;
	g_autoptr(GArray) exports = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	g_autoptr(GArray) imports = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	GElf_Sym raw;

	for (int i = 1; data != NULL && gelf_getsym(data, i, &raw) != NULL; i++) {
		GElf_Versym version = VER_NDX_GLOBAL;
		if (!is_visible(&raw))
			continue;
		if (versions != NULL && gelf_getversym(versions, i, &version) == NULL)
			return corrupt(facts, "fewer symbol versions than symbols", error);
		gpointer index = GUINT_TO_POINTER(version & 0x7fffu);
		const struct facts_need *need = g_hash_table_lookup(t->required, index);
		struct facts_symbol s = {
			.name = facts_keep(facts, linked_string(t, t->symbols, raw.st_name)),
			.node = need ? need->node : g_hash_table_lookup(t->defined, index),
			.library = need ? need->library : NULL,
			.kind = symbol_kind(&raw),
			.weak = GELF_ST_BIND(raw.st_info) == STB_WEAK,
			.is_default = !(version & 0x8000u),
			.size = raw.st_size,
			.address = raw.st_value,
		};
		if (s.name == NULL)
			return corrupt(facts, "a symbol's name is outside the string table", error);
		if (names_a_node(&s, &raw) || *s.name == '\0')
			continue;
		/* A symbol defined here with a required version is the target of a copy relocation: an import. */
		g_array_append_val(raw.st_shndx == SHN_UNDEF || need != NULL ? imports : exports, s);
	}
	facts->n_exports = exports->len;
	facts->n_imports = imports->len;
	facts->exports = (struct facts_symbol *)(void *)g_array_steal(exports, NULL);
	facts->imports = (struct facts_symbol *)(void *)g_array_steal(imports, NULL);
	return TRUE;
}

static void read_build_id(struct facts *facts, Elf *elf)
{
	const void *bits = NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while (bits == NULL && (section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_NOTE)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		GElf_Nhdr note;
		gsize name, desc;
		for (gsize at = 0; data != NULL && (at = gelf_getnote(data, at, &note, &name, &desc)) > 0;) {
			if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof ELF_NOTE_GNU ||
			    memcmp((char *)data->d_buf + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) != 0)
				continue;
			g_autofree char *hex = facts_hex((guchar *)data->d_buf + desc, note.n_descsz);
			facts->build_id = facts_keep(facts, hex);
			return;
		}
	}
}

static void read_interpreter(struct facts *facts, Elf *elf)
{
	gsize count = 0, size = 0;
	const char *file = elf_rawfile(elf, &size);
	GElf_Phdr header;

	elf_getphdrnum(elf, &count);
	for (gsize i = 0; i < count && file != NULL; i++)
		if (gelf_getphdr(elf, (int)i, &header) != NULL && header.p_type == PT_INTERP && header.p_filesz > 0 &&
		    header.p_offset < size && header.p_filesz <= size - header.p_offset &&
		    file[header.p_offset + header.p_filesz - 1] == '\0')
			facts->interpreter = facts_keep(facts, file + header.p_offset);
}

static gboolean read_header(struct facts *facts, Elf *elf, GError **error)
{
	GElf_Ehdr header;

	if (gelf_getehdr(elf, &header) == NULL)
		return corrupt(facts, "its header cannot be read", error);
	if (header.e_type != ET_DYN && header.e_type != ET_EXEC) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT, "%s: %s; name a shared library or a program", facts->path,
			    header.e_type == ET_CORE  ? "a core dump"
			    : header.e_type == ET_REL ? "an object file that is not linked yet"
						      : "neither a shared library nor a program");
		return FALSE;
	}
	facts->bits = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	facts->big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
	facts->machine = header.e_machine;
	return TRUE;
}

gboolean facts_read_dynamic(struct facts *facts, Elf *elf, GError **error)
{
	g_autoptr(GHashTable) defined = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) required = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	struct tables t = {.elf = elf, .defined = defined, .required = required};

	if (!read_header(facts, elf, error))
		return FALSE;
	find_tables(&t);
	if (!read_dynamic_section(facts, &t, error) || !read_defined_nodes(facts, &t, error) ||
	    !read_required_nodes(facts, &t, error) || !read_symbols(facts, &t, error))
		return FALSE;
	read_interpreter(facts, elf);
	read_build_id(facts, elf);
	if (t.dynamic == NULL && facts->interpreter == NULL && facts->n_exports == 0 && facts->n_imports == 0) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: has no dynamic section: linked statically, or only debug information", facts->path);
		return FALSE;
	}
	facts->kind = facts->soname == NULL && facts->interpreter != NULL ? FACTS_PROGRAM : FACTS_LIBRARY;
	return TRUE;
}
