/* The marks of abide.h: see marks.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/marks.h"
#include "inspect/reach.h"
#include "inspect/reader.h"
#include "inspect/shape.h"
#include "inspect/spelling.h"
#include "inspect/units.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

#define SECTION ".note.abide"
#define OWNER   "abide"

static const char *const kind_names[] = {
	[FACTS_MARK_OPAQUE] = "opaque",
	[FACTS_MARK_RESERVED] = "reserved",
	[FACTS_MARK_SENTINEL] = "sentinel",
	[FACTS_MARK_LIBRARY_ALLOCATED] = "library-allocated",
};

const char *facts_mark_kind_name(enum facts_mark_kind kind)
{
	return kind_names[kind];
}

gboolean marks_kind(const char *name, enum facts_mark_kind *kind)
{
	for (guint i = FACTS_MARK_OPAQUE; i < G_N_ELEMENTS(kind_names); i++)
		if (strcmp(name, kind_names[i]) == 0) {
			*kind = (enum facts_mark_kind)i;
			return TRUE;
		}
	return FALSE;
}

/* ---- reading ---- */

static int compare_marks(gconstpointer a, gconstpointer b)
{
	const struct facts_mark *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	order = order != 0 ? order : strcmp(x->type, y->type);
	return order != 0 ? order : strcmp(x->name, y->name);
}

/* A header that several source files include leaves its marks as often. */
static void sort_once(struct facts *facts)
{
	guint kept = 0;

	if (facts->n_marks > 1)
		qsort(facts->marks, facts->n_marks, sizeof *facts->marks, compare_marks);
	for (guint i = 0; i < facts->n_marks; i++)
		if (kept == 0 || compare_marks(&facts->marks[kept - 1], &facts->marks[i]) != 0)
			facts->marks[kept++] = facts->marks[i];
	facts->n_marks = kept;
}

/* "Colour::LAST": a sentinel that names its enumeration. */
static void split_scope(struct facts *facts, struct facts_mark *m, const char *text)
{
	const char *scope = g_strrstr(text, "::");
	g_autofree char *type = g_strndup(text, scope ? (gsize)(scope - text) : 0);

	m->type = facts_keep(facts, type);
	m->name = facts_keep(facts, scope ? scope + strlen("::") : text);
}

/* The two texts of a description. */
static gboolean read_mark(struct facts *facts, guint kind, const char *text, gsize size, struct facts_mark *m)
{
	const char *type_end = memchr(text, '\0', size);
	gsize rest = type_end ? size - (gsize)(type_end + 1 - text) : 0;

	if (rest == 0 || memchr(type_end + 1, '\0', rest) == NULL)
		return FALSE;
	m->kind = (enum facts_mark_kind)kind;
	if (m->kind == FACTS_MARK_SENTINEL) {
		split_scope(facts, m, type_end + 1);
		return TRUE;
	}
	m->type = facts_keep(facts, text);
	m->name = facts_keep(facts, type_end + 1);
	return TRUE;
}

/* The notes of one section. FALSE when they do not fill it, or a description is not what it should be. */
static gboolean read_notes(struct facts *facts, Elf_Data *data, GArray *marks)
{
	GElf_Nhdr note;
	gsize name, description, at = 0, next;

	while (at < data->d_size) {
		next = gelf_getnote(data, at, &note, &name, &description);
		if (next == 0)
			return FALSE;
		at = next;
		if (note.n_namesz != sizeof OWNER || memcmp((char *)data->d_buf + name, OWNER, sizeof OWNER) != 0 ||
		    note.n_type < FACTS_MARK_OPAQUE || note.n_type >= G_N_ELEMENTS(kind_names))
			continue;
		struct facts_mark m;
		if (!read_mark(facts, note.n_type, (char *)data->d_buf + description, note.n_descsz, &m))
			return FALSE;
		g_array_append_val(marks, m);
	}
	return TRUE;
}

gboolean marks_read(struct facts *facts, Elf *elf, GError **error)
{
	g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(struct facts_mark));
	Elf_Scn *section = NULL;
	size_t names = 0;
	GElf_Shdr header;

	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_NOTE || header.sh_size == 0 ||
		    g_strcmp0(elf_strptr(elf, names, header.sh_name), SECTION) != 0)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		if (data == NULL || data->d_buf == NULL || !read_notes(facts, data, marks)) {
			g_set_error(error, FACTS_ERROR, FACTS_ERROR_CORRUPT,
				    "%s: damaged ELF file: a note in " SECTION " is not one that abide.h writes", facts->path);
			return FALSE;
		}
	}
	facts->n_marks = marks->len;
	facts->marks = (struct facts_mark *)(void *)g_array_steal(marks, NULL);
	sort_once(facts);
	return TRUE;
}

/* ---- names ---- */

static gboolean has_type(const struct facts *facts, const char *name)
{
	return reach_type(facts, name, strlen(name)) < facts->n_types;
}

/* C++ knows "struct s" as "s". */
static void add_keyword(struct facts *facts, struct facts_mark *m)
{
	static const char *const keywords[] = {"struct", "class", "union", "enum"};

	for (gsize i = 0; i < G_N_ELEMENTS(keywords) && !has_type(facts, m->type); i++) {
		g_autofree char *name = g_strdup_printf("%s %s", keywords[i], m->type);
		if (has_type(facts, name))
			m->type = facts_keep(facts, name);
	}
}

struct typedefs {
	struct facts *facts;
	GHashTable *wanted; /* name -> NULL, or what it stands for */
	const struct scopes *scopes;
};

static void note_typedef(Dwarf_Die *die, gpointer data)
{
	struct typedefs *t = data;
	g_autofree char *name = dwarf_tag(die) == DW_TAG_typedef ? spelling_typedef_name(t->scopes, die) : NULL;
	Dwarf_Die type = *die;

	if (name == NULL || !g_hash_table_contains(t->wanted, name) || !spelling_strip(&type) || !spelling_is_named(&type))
		return;
	g_autofree char *tag = spelling_tag_name(t->scopes, &type);
	if (tag != NULL)
		g_hash_table_insert(t->wanted, (void *)facts_keep(t->facts, name), (void *)facts_keep(t->facts, tag));
}

void marks_resolve(struct facts *facts, Dwarf *dwarf, const struct scopes *scopes)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	struct typedefs t = {facts, wanted, scopes};

	for (guint i = 0; i < facts->n_marks; i++) {
		struct facts_mark *m = &facts->marks[i];
		if (*m->type != '\0')
			add_keyword(facts, m);
		if (*m->type != '\0' && !has_type(facts, m->type))
			g_hash_table_insert(wanted, (void *)m->type, NULL);
	}
	if (g_hash_table_size(wanted) == 0)
		return;
	units_visit(dwarf, note_typedef, &t);
	for (guint i = 0; i < facts->n_marks; i++) {
		const char *tag = g_hash_table_lookup(wanted, facts->marks[i].type);
		if (tag != NULL)
			facts->marks[i].type = tag;
	}
	sort_once(facts);
}

/* ---- what follows from them ---- */

static void apply_to_members(struct facts_type *t, const struct facts_mark *m)
{
	for (guint i = 0; i < t->n_members; i++)
		t->members[i].reserved |= strcmp(t->members[i].name, m->name) == 0;
}

/* What C lets stand for a member of the type may be one of a struct without a name inside of it: "struct s.@0". */
static void apply_reserved(struct facts *facts, guint type, const struct facts_mark *m)
{
	g_autofree char *inside = g_strconcat(m->type, ".@", NULL);

	apply_to_members(&facts->types[type], m);
	for (guint i = type + 1; i < facts->n_types && g_str_has_prefix(facts->types[i].name, m->type); i++)
		if (g_str_has_prefix(facts->types[i].name, inside))
			apply_to_members(&facts->types[i], m);
}

/* The sentinels, name -> mark, are marked in every enumeration that has them: in C, one. */
static void apply_sentinels(struct facts_type *t, GHashTable *sentinels)
{
	for (guint i = 0; i < t->n_enumerators; i++) {
		const struct facts_mark *m = g_hash_table_lookup(sentinels, t->enumerators[i].name);
		t->enumerators[i].sentinel = m != NULL && (*m->type == '\0' || strcmp(m->type, t->name) == 0);
	}
}

/* Appends the types that a shape names where callers can see into them. */
static void mentioned_openly(GArray *into, const struct facts *facts, const char *shape)
{
	const char *name, *at;
	gsize length;

	for (const char *p = shape; (at = strchr(p, '{')) != NULL;) {
		p = shape_name(at, &name, &length);
		guint i = reach_type(facts, name, length);
		gboolean pointee = at - shape >= 2 && at[-1] == '(' && at[-2] == 'p' && *p == ')';
		if (i < facts->n_types && !(pointee && facts->types[i].opaque))
			g_array_append_val(into, i);
	}
}

static void hide(struct facts *facts)
{
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < facts->n_types; i++)
		facts->types[i].hidden = TRUE;
	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].shape != NULL)
			mentioned_openly(pending, facts, facts->exports[i].shape);
	while (pending->len > 0) {
		struct facts_type *t = &facts->types[g_array_index(pending, guint, pending->len - 1)];
		g_array_set_size(pending, pending->len - 1);
		for (guint m = 0; t->hidden && m < t->n_members; m++)
			mentioned_openly(pending, facts, t->members[m].shape);
		t->hidden = FALSE;
	}
}

void marks_apply(struct facts *facts)
{
	g_autoptr(GHashTable) sentinels = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean any_opaque = FALSE;

	for (guint i = 0; i < facts->n_marks; i++) {
		const struct facts_mark *m = &facts->marks[i];
		guint type = reach_type(facts, m->type, strlen(m->type));
		if (m->kind == FACTS_MARK_SENTINEL)
			g_hash_table_insert(sentinels, (void *)m->name, (void *)m);
		if (type == facts->n_types)
			continue;
		if (m->kind == FACTS_MARK_RESERVED)
			apply_reserved(facts, type, m);
		facts->types[type].library_allocated |= m->kind == FACTS_MARK_LIBRARY_ALLOCATED;
		facts->types[type].opaque |= m->kind == FACTS_MARK_OPAQUE;
		any_opaque |= m->kind == FACTS_MARK_OPAQUE;
	}
	if (g_hash_table_size(sentinels) > 0)
		for (guint i = 0; i < facts->n_types; i++)
			apply_sentinels(&facts->types[i], sentinels);
	if (any_opaque)
		hide(facts);
}
