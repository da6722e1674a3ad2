/* Two layouts of a type side by side: see page_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/members.h"
#include "judge/page_private.h"

#include <string.h>

/* What stands on one line of one side: a member, or a hole that callers must not rely on. */
struct line {
	const struct facts_member *member; /* of a hole: the one after it, or NULL at the end */
	gboolean is_hole;
	guint64 offset, size; /* bits */
};

/* One side, and where a member of a name stands. */
struct side {
	GArray *lines;      /* struct line */
	GHashTable *places; /* key -> index + 1 */
};

/* "m NAME"; a member without a name goes by its offset; a hole goes by what follows it. */
static char *key_of(const struct line *line)
{
	const char *what = line->is_hole ? "hole" : "m";

	if (line->member == NULL)
		return g_strdup("end");
	return *line->member->name != '\0' ? g_strdup_printf("%s %s", what, line->member->name)
					   : g_strdup_printf("%s @%" G_GUINT64_FORMAT, what, line->member->offset);
}

static void add_line(struct side *s, struct line line)
{
	g_autofree char *key = key_of(&line);

	g_array_append_val(s->lines, line);
	if (!g_hash_table_contains(s->places, key))
		g_hash_table_insert(s->places, g_steal_pointer(&key), GUINT_TO_POINTER(s->lines->len));
}

/* Of a union every member begins at 0, and there are no holes. */
static gboolean is_union(const struct facts_type *type)
{
	for (guint i = 0; i < type->n_members; i++)
		if (type->members[i].offset != 0)
			return FALSE;
	return g_str_has_prefix(type->name, "union ") || type->n_members > 1;
}

static struct side side_new(const struct facts_type *type)
{
	struct side s = {g_array_new(FALSE, TRUE, sizeof(struct line)),
			 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	gboolean holes = type != NULL && type->n_members > 0 && !is_union(type);
	guint64 end = 0, whole = type != NULL && type->size < G_MAXUINT64 / 8 ? type->size * 8 : 0;

	for (guint i = 0; type != NULL && i < type->n_members; i++) {
		const struct facts_member *m = &type->members[i];
		if (holes && m->offset > end)
			add_line(&s, (struct line){m, TRUE, end, m->offset - end});
		add_line(&s, (struct line){m, FALSE, m->offset, m->size});
		end = MAX(end, m->size < G_MAXUINT64 - m->offset ? m->offset + m->size : m->offset);
	}
	if (holes && whole > end)
		add_line(&s, (struct line){NULL, TRUE, end, whole - end});
	return s;
}

static void side_clear(struct side *s)
{
	g_array_unref(s->lines);
	g_hash_table_unref(s->places);
}

static const struct line *line_at(const struct side *s, guint i)
{
	return i < s->lines->len ? &g_array_index(s->lines, struct line, i) : NULL;
}

static gboolean stands_in(const struct side *s, const char *key)
{
	return g_hash_table_contains(s->places, key);
}

/* One cell, marked when its text is not that of the other side. */
static void append_cell(GString *out, const char *kind, const char *text, const char *other)
{
	gboolean changed = other != NULL && strcmp(text, other) != 0;

	html_format(out, changed ? "<td class=\"%s\"><mark>%s</mark></td>" : "<td class=\"%s\">%s</td>", kind, text);
}

/* The texts of a line: offset, size, member, type. */
struct words {
	char *offset, *size;
	const char *name, *type;
};

static struct words words_of(const struct line *line)
{
	const char *name = line->is_hole ? line->member ? "hole" : "padding" : line->member->name;

	return (struct words){members_place(line->offset), members_place(line->size), *name ? name : "(unnamed)",
			      line->is_hole ? "" : line->member->type};
}

/* The cells of one side: "o" for the older, "n" for the newer. other: what it is compared with, or NULL. */
static void append_side(GString *out, const char *side, const struct line *line, const struct line *other)
{
	struct words w, v = {0};

	if (line == NULL) {
		g_string_append_printf(out, "<td class=\"%s none\" colspan=\"4\"></td>", side);
		return;
	}
	w = words_of(line);
	if (other != NULL)
		v = words_of(other);
	g_autofree char *num = g_strdup_printf("%s num", side), *name = g_strdup_printf("%s name", side);
	g_autofree char *type = g_strdup_printf("%s type", side);
	append_cell(out, num, w.offset, v.offset);
	append_cell(out, num, w.size, v.size);
	append_cell(out, name, w.name, v.name);
	append_cell(out, type, w.type, v.type);
	g_free(w.offset);
	g_free(w.size);
	g_free(v.offset);
	g_free(v.size);
}

static gboolean alike(const struct line *a, const struct line *b)
{
	return a->is_hole == b->is_hole && a->offset == b->offset && a->size == b->size &&
	       (a->is_hole ||
		(strcmp(a->member->name, b->member->name) == 0 && strcmp(a->member->type, b->member->type) == 0));
}

static void append_row(GString *out, const struct line *a, const struct line *b)
{
	const char *what = a == NULL ? "added" : b == NULL ? "removed" : alike(a, b) ? "same" : "changed";
	gboolean hole = (a == NULL || a->is_hole) && (b == NULL || b->is_hole);

	g_string_append_printf(out, "<tr class=\"%s%s\">", what, hole ? " hole" : "");
	append_side(out, "o", a, b);
	append_side(out, "n", b, a);
	g_string_append(out, "</tr>\n");
}

/*
 * Rows in the order of both sides. What only one side has stands alone. Members that changed places stand opposite those
 * that took their place.
 */
static void append_rows(GString *out, const struct side *older, const struct side *newer)
{
	guint i = 0, j = 0;

	while (i < older->lines->len || j < newer->lines->len) {
		const struct line *a = line_at(older, i), *b = line_at(newer, j);
		g_autofree char *a_key = a ? key_of(a) : NULL, *b_key = b ? key_of(b) : NULL;
		if (a != NULL && (b == NULL || (strcmp(a_key, b_key) != 0 && !stands_in(newer, a_key))))
			b = NULL;
		else if (b != NULL && (a == NULL || (strcmp(a_key, b_key) != 0 && !stands_in(older, b_key))))
			a = NULL;
		append_row(out, a, b);
		i += a != NULL;
		j += b != NULL;
	}
}

static void append_members(GString *out, const struct facts_type *older, const struct facts_type *newer)
{
	struct side a = side_new(older), b = side_new(newer);

	g_string_append(out, "<table class=\"layout\"><colgroup><col class=\"num\"><col class=\"num\"><col><col>"
			     "<col class=\"num\"><col class=\"num\"><col><col></colgroup>\n"
			     "<thead><tr class=\"sides\"><th colspan=\"4\">Old");
	g_string_append_printf(out, ", %" G_GUINT64_FORMAT " bytes</th><th colspan=\"4\">New", older->size);
	if (newer != NULL)
		g_string_append_printf(out, ", %" G_GUINT64_FORMAT " bytes", newer->size);
	g_string_append(out, "</th></tr>\n<tr class=\"columns\">");
	for (guint i = 0; i < 2; i++)
		g_string_append_printf(out, "<th class=\"%s num\">Offset</th><th class=\"%s num\">Size</th>"
				       "<th class=\"%s\">Member</th><th class=\"%s\">Type</th>",
				       i ? "n" : "o", i ? "n" : "o", i ? "n" : "o", i ? "n" : "o");
	g_string_append(out, "</tr></thead><tbody>\n");
	append_rows(out, &a, &b);
	g_string_append(out, "</tbody></table>\n");
	side_clear(&a);
	side_clear(&b);
}

static void append_value(GString *out, const struct facts_enumerator *e, const struct facts_enumerator *other)
{
	gboolean changed = e != NULL && (other == NULL || other->value != e->value);

	g_string_append(out, changed ? "<td class=\"num\"><mark>" : "<td class=\"num\">");
	if (e != NULL)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, e->value);
	g_string_append(out, changed ? "</mark></td>" : "</td>");
}

static void append_enumerator(GString *out, const char *name, const struct facts_enumerator *a,
			      const struct facts_enumerator *b)
{
	gboolean same = a != NULL && b != NULL && a->value == b->value;

	html_format(out, "<tr class=\"%s\"><td class=\"name\">%s</td>",
		    a == NULL ? "added" : b == NULL ? "removed" : same ? "same" : "changed", name);
	append_value(out, a, b);
	append_value(out, b, a);
	g_string_append(out, "</tr>\n");
}

static void append_enumerators(GString *out, const struct facts_type *older, const struct facts_type *newer)
{
	static const struct facts_type none;
	const struct facts_type *other = newer != NULL ? newer : &none;

	g_string_append(out, "<table class=\"values\"><thead><tr><th>Name</th><th class=\"num\">Old</th>"
			     "<th class=\"num\">New</th></tr></thead><tbody>\n");
	for (guint i = 0; i < older->n_enumerators; i++)
		append_enumerator(out, older->enumerators[i].name, &older->enumerators[i],
				  members_enumerator(other, older->enumerators[i].name, i));
	for (guint i = 0; i < other->n_enumerators; i++)
		if (members_enumerator(older, other->enumerators[i].name, i) == NULL)
			append_enumerator(out, other->enumerators[i].name, NULL, &other->enumerators[i]);
	g_string_append(out, "</tbody></table>\n");
}

void page_layout(GString *out, const struct facts_type *older, const struct facts_type *newer)
{
	if (older->n_enumerators > 0)
		append_enumerators(out, older, newer);
	else
		append_members(out, older, newer);
}
