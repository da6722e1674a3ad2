/* ABI snapshots: see snapshot.h and abide-abi(5). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/snapshot.h"
#include "core/file.h"
#include "inspect/fingerprint.h"
#include "inspect/properties.h"
#include "inspect/marks.h"
#include "inspect/member_index.h"
#include "inspect/reader.h"
#include "inspect/release_version.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "abide-abi\t1"

/* In the order of enum facts_symbol_kind. */
static const char *const kind_words[] = {"function", "object", "tls", "ifunc", "untyped", NULL};
static const char *const evidence_words[] = {"none", "none", "types", NULL};

/* ---- writing ---- */

/* Tabs and line feeds separate; everything outside printable ASCII is escaped, so that any byte survives any editor. */
static void append_field(GString *out, const char *text)
{
	for (const guchar *p = (const guchar *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p >= 0x7f || *p == '\\')
			g_string_append_printf(out, "\\x%02x", *p);
		else
			g_string_append_c(out, (char)*p);
}

static void append_line(GString *out, const char *keyword, const char *value)
{
	if (value == NULL)
		return;
	g_string_append_printf(out, "%s\t", keyword);
	append_field(out, value);
	g_string_append_c(out, '\n');
}

static void append_properties(GString *out, const struct facts *f)
{
	for (guint i = 0; i < f->n_properties; i++) {
		g_string_append_printf(out, "property\t%s\t", properties_kind_name(f->properties[i].kind));
		append_field(out, f->properties[i].name);
		g_string_append_c(out, '\t');
		append_field(out, f->properties[i].value);
		g_string_append_c(out, '\n');
	}
}

static void append_head(GString *out, const struct facts *f)
{
	g_string_append(out, MAGIC "\n");
	append_line(out, "soname", f->soname);
	append_line(out, "version", f->version);
	g_string_append_printf(out, "machine\t%u\t%u\t%s\n", f->machine, f->bits, f->big_endian ? "big" : "little");
	append_line(out, "runpath", f->runpath);
	append_properties(out, f);
	g_string_append_printf(out, "evidence\t%s\t%s\n", evidence_words[f->evidence],
			       f->headers_known ? "headers" : "all");
	for (const char **needed = f->needed; *needed != NULL; needed++)
		append_line(out, "needed", *needed);
	for (guint i = 0; i < f->n_needs; i++) {
		g_string_append(out, "need\t");
		append_field(out, f->needs[i].library);
		g_string_append_c(out, '\t');
		append_field(out, f->needs[i].node);
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < f->n_nodes; i++) {
		g_string_append(out, "node\t");
		append_field(out, f->nodes[i].name);
		g_string_append_c(out, '\t');
		append_field(out, f->nodes[i].parent ? f->nodes[i].parent : "");
		g_string_append_c(out, '\n');
	}
}

static void append_mark(GString *out, const struct facts_mark *m)
{
	g_string_append_printf(out, "mark\t%s\t", facts_mark_kind_name(m->kind));
	append_field(out, m->type);
	g_string_append_c(out, '\t');
	append_field(out, m->name);
	g_string_append_c(out, '\n');
}

static void append_symbol(GString *out, const struct facts_symbol *s)
{
	gboolean sized = s->kind == FACTS_OBJECT || s->kind == FACTS_TLS;

	g_string_append_printf(out, "%s%s\t", s->is_inline ? "inline " : s->weak ? "weak " : "", kind_words[s->kind]);
	append_field(out, s->name);
	g_string_append(out, s->is_default ? "\t@@" : "\t@");
	append_field(out, s->node ? s->node : "");
	g_string_append_printf(out, "\t%" G_GUINT64_FORMAT, sized ? s->size : 0);
	if (s->declaration != NULL) {
		g_string_append_printf(out, "\t%016" G_GINT64_MODIFIER "x\t%016" G_GINT64_MODIFIER "x\t", s->layout,
				       s->source);
		append_field(out, s->shape);
		g_string_append_c(out, '\t');
		append_field(out, s->declaration);
		if (s->convention != NULL) {
			g_string_append_c(out, '\t');
			append_field(out, s->convention);
		}
	} else if (s->code != 0) {
		g_string_append_printf(out, "\t%016" G_GINT64_MODIFIER "x", s->code);
	}
	g_string_append_c(out, '\n');
}

static void append_class(GString *out, const struct facts_class *c)
{
	if (c->by_reference || c->sealed)
		g_string_append_printf(out, "\t*\t%s%s%s\n", c->by_reference ? "by-reference" : "",
				       c->by_reference && c->sealed ? " " : "", c->sealed ? "sealed" : "");
	for (guint i = 0; i < c->n_bases; i++) {
		const struct facts_base *b = &c->bases[i];
		g_string_append_printf(out, "\t:%s\t%" G_GUINT64_FORMAT "\t", b->is_virtual ? "virtual" : "", b->offset);
		append_field(out, b->name);
		g_string_append_c(out, '\t');
		append_field(out, b->shape);
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < c->n_virtuals; i++) {
		const struct facts_virtual *v = &c->virtuals[i];
		const char *const fields[] = {v->name, v->symbol, v->shape, v->declaration};
		g_string_append_printf(out, "\t@%u", v->slot);
		for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
			g_string_append_c(out, '\t');
			append_field(out, fields[f]);
		}
		g_string_append_c(out, '\n');
	}
}

static void append_type(GString *out, const struct facts_type *t)
{
	g_string_append(out, "type\t");
	append_field(out, t->name);
	g_string_append_printf(out, "\t%" G_GUINT64_FORMAT "\t%u\t%016" G_GINT64_MODIFIER "x\t%016" G_GINT64_MODIFIER "x\n",
			       t->size, t->alignment, t->layout, t->source);
	for (guint i = 0; i < t->n_members; i++) {
		const struct facts_member *m = &t->members[i];
		g_string_append_printf(out, "\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t", m->offset, m->size);
		append_field(out, m->name);
		g_string_append_c(out, '\t');
		append_field(out, m->shape);
		g_string_append_c(out, '\t');
		append_field(out, m->type);
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < t->n_enumerators; i++) {
		g_string_append_printf(out, "\t=%" G_GINT64_FORMAT "\t", t->enumerators[i].value);
		append_field(out, t->enumerators[i].name);
		g_string_append_c(out, '\n');
	}
	if (t->class != NULL)
		append_class(out, t->class);
}

/* In the order of enum facts_inlined_kind. */
static const char *const inlined_words[] = {"macro", "inline", NULL};

static void append_inlined(GString *out, const struct facts_inlined *i)
{
	g_string_append_printf(out, "%s\t", inlined_words[i->kind]);
	append_field(out, i->name);
	g_string_append_printf(out, "\t%016" G_GINT64_MODIFIER "x\t", i->digest);
	append_field(out, i->text);
	g_string_append_c(out, '\n');
}

char *snapshot_text(const struct facts *facts)
{
	GString *out = g_string_new(NULL);

	append_head(out, facts);
	for (guint i = 0; i < facts->n_marks; i++)
		append_mark(out, &facts->marks[i]);
	for (guint i = 0; i < facts->n_exports; i++)
		append_symbol(out, &facts->exports[i]);
	for (guint i = 0; i < facts->n_types; i++)
		append_type(out, &facts->types[i]);
	for (guint i = 0; i < facts->n_inlined; i++)
		append_inlined(out, &facts->inlined[i]);
	return g_string_free(out, FALSE);
}

/* ---- reading ---- */

/* Fields of one line, and properties of one file: more than there ever are. */
#define MOST_FIELDS 10
#define MOST_PROPERTIES 1000

/* A snapshot being read: the arrays grow here and are handed over at the end. */
struct reading {
	struct facts *facts;
	const char *name;
	guint line;
	char *fields[MOST_FIELDS];
	guint n_fields;
	GPtrArray *needed;
	GArray *needs, *nodes, *marks, *exports, *types, *inlined;
	GArray *members, *enumerators, *bases, *virtuals; /* of the last type; owned by it once it is closed */
	gboolean by_reference, sealed;                    /* the same */
	GError **error;
};

static gboolean bad(struct reading *r, const char *what)
{
	g_set_error(r->error, FACTS_ERROR, FACTS_ERROR_CORRUPT, "%s:%u: %s; write the snapshot again with abide inspect",
		    r->name, r->line, what);
	return FALSE;
}

/* Undoes append_field in place. */
static gboolean unescape(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		if (*text != '\\') {
			*to++ = *text;
			continue;
		}
		if (text[1] != 'x' || !g_ascii_isxdigit(text[2]) || !g_ascii_isxdigit(text[3]))
			return FALSE;
		*to++ = (char)(g_ascii_xdigit_value(text[2]) << 4 | g_ascii_xdigit_value(text[3]));
		if (to[-1] == '\0')
			return FALSE;
		text += 3;
	}
	*to = '\0';
	return TRUE;
}

static gboolean split(struct reading *r, char *line)
{
	r->n_fields = 0;
	while (line != NULL) {
		char *tab = strchr(line, '\t');
		if (tab != NULL)
			*tab = '\0';
		if (r->n_fields == MOST_FIELDS || !unescape(line))
			return bad(r, "not a line of a snapshot");
		r->fields[r->n_fields++] = line;
		line = tab ? tab + 1 : NULL;
	}
	return TRUE;
}

static const char *field(struct reading *r, guint i)
{
	return facts_keep(r->facts, i < r->n_fields ? r->fields[i] : "");
}

static gboolean number(struct reading *r, guint i, guint base, guint64 *value)
{
	return g_ascii_string_to_unsigned(i < r->n_fields ? r->fields[i] : "", base, 0, G_MAXUINT64, value, NULL) ||
	       bad(r, "a number is missing");
}

/* Which of WORDS a field is; -1 for none. */
static int word(const char *text, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

static gboolean read_soname(struct reading *r)
{
	r->facts->soname = field(r, 1);
	return TRUE;
}

static gboolean read_version(struct reading *r)
{
	r->facts->version = field(r, 1);
	return release_version_is(r->facts->version, strlen(r->facts->version)) || bad(r, "not a version");
}

static gboolean read_machine(struct reading *r)
{
	guint64 machine, bits;

	if (!number(r, 1, 10, &machine) || !number(r, 2, 10, &bits))
		return FALSE;
	r->facts->machine = (guint16)machine;
	r->facts->bits = (guint)bits;
	r->facts->big_endian = strcmp(field(r, 3), "big") == 0;
	return TRUE;
}

static gboolean read_runpath(struct reading *r)
{
	r->facts->runpath = field(r, 1);
	return TRUE;
}

static gboolean read_property(struct reading *r)
{
	const char *name = field(r, 1);

	if (r->facts->n_properties == MOST_PROPERTIES)
		return bad(r, "too many properties");
	for (int kind = FACTS_CONVENTION; kind <= FACTS_LOADING; kind++)
		if (strcmp(name, properties_kind_name((enum facts_property_kind)kind)) == 0) {
			properties_add(r->facts, (enum facts_property_kind)kind, field(r, 2), field(r, 3));
			return TRUE;
		}
	return bad(r, "not a kind of property");
}

static gboolean read_evidence(struct reading *r)
{
	r->facts->evidence = strcmp(field(r, 1), "types") == 0 ? FACTS_TYPES : FACTS_NO_DEBUG;
	r->facts->headers_known = strcmp(field(r, 2), "headers") == 0;
	return TRUE;
}

static gboolean read_needed(struct reading *r)
{
	g_ptr_array_add(r->needed, (void *)field(r, 1));
	return TRUE;
}

static gboolean read_need(struct reading *r)
{
	struct facts_need need = {field(r, 1), field(r, 2)};

	g_array_append_val(r->needs, need);
	return TRUE;
}

static gboolean read_node(struct reading *r)
{
	struct facts_node node = {field(r, 1), *field(r, 2) ? field(r, 2) : NULL};

	g_array_append_val(r->nodes, node);
	return TRUE;
}

static gboolean read_mark(struct reading *r)
{
	struct facts_mark m = {.type = field(r, 2), .name = field(r, 3)};

	if (!marks_kind(r->fields[1], &m.kind))
		return bad(r, "a mark of a kind that is not known here");
	g_array_append_val(r->marks, m);
	return TRUE;
}

static gboolean read_type(struct reading *r)
{
	struct facts_type t = {.name = field(r, 1)};
	guint64 alignment;

	if (!number(r, 2, 10, &t.size) || !number(r, 3, 10, &alignment) || !number(r, 4, 16, &t.layout) ||
	    !number(r, 5, 16, &t.source))
		return FALSE;
	t.alignment = (guint)alignment;
	g_array_append_val(r->types, t);
	return TRUE;
}

static gboolean read_symbol(struct reading *r, const char *keyword)
{
	gboolean weak = g_str_has_prefix(keyword, "weak "), is_inline = g_str_has_prefix(keyword, "inline ");
	int kind = word(keyword + (weak ? strlen("weak ") : is_inline ? strlen("inline ") : 0), kind_words);
	struct facts_symbol s = {.name = field(r, 1), .weak = weak || is_inline, .is_inline = is_inline};
	const char *node = field(r, 2);

	if (kind < 0)
		return bad(r, "not a line of a snapshot");
	if (*node != '@' || !number(r, 3, 10, &s.size))
		return *node == '@' ? FALSE : bad(r, "a version is missing");
	s.kind = (enum facts_symbol_kind)kind;
	s.is_default = node[1] == '@';
	node += s.is_default ? 2 : 1;
	s.node = *node ? node : NULL;
	if (r->n_fields == 5) {
		if (!number(r, 4, 16, &s.code))
			return FALSE;
	} else if (r->n_fields > 4) {
		gboolean whole = r->n_fields == 8 || r->n_fields == 9;
		if (!whole || !number(r, 4, 16, &s.layout) || !number(r, 5, 16, &s.source))
			return whole ? FALSE : bad(r, "fields are missing");
		s.shape = field(r, 6);
		s.declaration = field(r, 7);
		s.convention = r->n_fields == 9 ? field(r, 8) : NULL;
	}
	g_array_append_val(r->exports, s);
	return TRUE;
}

static gboolean read_inlined(struct reading *r)
{
	struct facts_inlined i = {.name = field(r, 1), .text = field(r, 3)};

	i.kind = (enum facts_inlined_kind)word(r->fields[0], inlined_words);
	if (!number(r, 2, 16, &i.digest))
		return FALSE;
	g_array_append_val(r->inlined, i);
	return TRUE;
}

static gboolean read_class_flags(struct reading *r)
{
	r->by_reference = strstr(r->fields[2], "by-reference") != NULL;
	r->sealed = strstr(r->fields[2], "sealed") != NULL;
	return TRUE;
}

static gboolean read_base(struct reading *r)
{
	struct facts_base b = {.is_virtual = strcmp(r->fields[1], ":virtual") == 0, .name = field(r, 3), .shape = field(r, 4)};

	if (!number(r, 2, 10, &b.offset))
		return FALSE;
	g_array_append_val(r->bases, b);
	return TRUE;
}

static gboolean read_virtual(struct reading *r)
{
	struct facts_virtual v = {.name = field(r, 2), .symbol = field(r, 3), .shape = field(r, 4), .declaration = field(r, 5)};
	guint64 slot;

	if (!g_ascii_string_to_unsigned(r->fields[1] + 1, 10, 0, G_MAXUINT, &slot, NULL))
		return bad(r, "a number is missing");
	v.slot = (guint)slot;
	g_array_append_val(r->virtuals, v);
	return TRUE;
}

/* What belongs to a type: a member, an enumerator, or what only a class of C++ has. */
static gboolean read_part(struct reading *r)
{
	static const struct {
		char mark;
		guint fields;
		gboolean (*read)(struct reading *r);
	} rows[] = {{'*', 3, read_class_flags}, {':', 5, read_base}, {'@', 6, read_virtual}};
	struct facts_member m = {0};
	struct facts_enumerator e = {0};

	if (r->types->len == 0)
		return bad(r, "a member before any type");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (*r->fields[1] == rows[i].mark)
			return r->n_fields == rows[i].fields ? rows[i].read(r) : bad(r, "fields are missing");
	if (*r->fields[1] == '=') {
		if (!g_ascii_string_to_signed(r->fields[1] + 1, 10, G_MININT64, G_MAXINT64, &e.value, NULL))
			return bad(r, "a number is missing");
		e.name = field(r, 2);
		g_array_append_val(r->enumerators, e);
		return TRUE;
	}
	if (r->n_fields != 6 || !number(r, 1, 10, &m.offset) || !number(r, 2, 10, &m.size))
		return r->n_fields != 6 ? bad(r, "fields are missing") : FALSE;
	m.name = field(r, 3);
	m.shape = field(r, 4);
	m.type = field(r, 5);
	g_array_append_val(r->members, m);
	return TRUE;
}

static void close_class(struct reading *r, struct facts_type *t)
{
	if (r->bases->len == 0 && r->virtuals->len == 0 && !r->by_reference && !r->sealed)
		return;
	t->class = g_new0(struct facts_class, 1);
	t->class->by_reference = r->by_reference;
	t->class->sealed = r->sealed;
	t->class->n_bases = r->bases->len;
	t->class->n_virtuals = r->virtuals->len;
	t->class->bases = (struct facts_base *)(void *)g_array_steal(r->bases, NULL);
	t->class->virtuals = (struct facts_virtual *)(void *)g_array_steal(r->virtuals, NULL);
	r->by_reference = r->sealed = FALSE;
}

/* The members that were read belong to the last type. */
static void close_type(struct reading *r)
{
	if (r->types->len == 0)
		return;
	struct facts_type *t = &g_array_index(r->types, struct facts_type, r->types->len - 1);
	if (t->members != NULL || t->enumerators != NULL || t->class != NULL)
		return;
	close_class(r, t);
	t->n_members = r->members->len;
	t->n_enumerators = r->enumerators->len;
	t->members = (struct facts_member *)(void *)g_array_steal(r->members, NULL);
	t->enumerators = (struct facts_enumerator *)(void *)g_array_steal(r->enumerators, NULL);
}

static gboolean read_line(struct reading *r, char *line)
{
	static const struct {
		const char *keyword;
		guint fields;
		gboolean (*read)(struct reading *r);
	} rows[] = {
		{"soname", 2, read_soname}, {"machine", 4, read_machine}, {"evidence", 3, read_evidence},
		{"needed", 2, read_needed}, {"need", 3, read_need},       {"node", 3, read_node},
		{"type", 6, read_type},     {"version", 2, read_version}, {"runpath", 2, read_runpath},
		{"property", 4, read_property}, {"mark", 4, read_mark},
		{"macro", 4, read_inlined}, {"inline", 4, read_inlined},
	};

	if (!split(r, line))
		return FALSE;
	if (*r->fields[0] == '\0')
		return r->n_fields > 1 ? read_part(r) : bad(r, "an empty line");
	close_type(r);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(r->fields[0], rows[i].keyword) == 0)
			return r->n_fields == rows[i].fields ? rows[i].read(r) : bad(r, "fields are missing");
	return r->n_fields >= 4 ? read_symbol(r, r->fields[0]) : bad(r, "not a line of a snapshot");
}

static void hand_over(struct reading *r)
{
	struct facts *f = r->facts;

	close_type(r);
	g_ptr_array_add(r->needed, NULL);
	f->needed = (const char **)g_ptr_array_steal(r->needed, NULL);
	f->n_needs = r->needs->len;
	f->needs = (struct facts_need *)(void *)g_array_steal(r->needs, NULL);
	f->n_nodes = r->nodes->len;
	f->nodes = (struct facts_node *)(void *)g_array_steal(r->nodes, NULL);
	f->n_marks = r->marks->len;
	f->marks = (struct facts_mark *)(void *)g_array_steal(r->marks, NULL);
	f->n_exports = r->exports->len;
	f->exports = (struct facts_symbol *)(void *)g_array_steal(r->exports, NULL);
	f->n_types = r->types->len;
	f->types = (struct facts_type *)(void *)g_array_steal(r->types, NULL);
	f->n_inlined = r->inlined->len;
	f->inlined = (struct facts_inlined *)(void *)g_array_steal(r->inlined, NULL);
}

/* Merges and searches rely on the order. */
static gboolean check_order(struct reading *r)
{
	const struct facts *f = r->facts;

	for (guint i = 1; i < f->n_exports; i++) {
		const struct facts_symbol *a = &f->exports[i - 1], *b = &f->exports[i];
		int order = strcmp(a->name, b->name);
		if (order > 0 || (order == 0 && g_strcmp0(a->node, b->node) > 0))
			return bad(r, "the symbols are not in order");
	}
	for (guint i = 1; i < f->n_types; i++)
		if (strcmp(f->types[i - 1].name, f->types[i].name) >= 0)
			return bad(r, "the types are not in order");
	for (guint i = 1; i < f->n_inlined; i++) {
		const struct facts_inlined *a = &f->inlined[i - 1], *b = &f->inlined[i];
		int order = strcmp(a->name, b->name);
		if (order > 0 || (order == 0 && a->kind >= b->kind))
			return bad(r, "the macros and inline functions are not in order");
	}
	return TRUE;
}

/* The facts, written again, must be what was read: no line is lost, and every fingerprint is that of the rest. */
static gboolean check_whole(struct reading *r, const char *text)
{
	g_autofree char *again = snapshot_text(r->facts);
	const char *p = again;

	for (r->line = 1; *p != '\0' && *p == *text; p++, text++)
		r->line += *p == '\n';
	return *p == *text || bad(r, "edited: this line, or a fingerprint in it, does not follow from the rest");
}

static gboolean read_lines(struct reading *r, char *text)
{
	char *line = text, *end;

	for (r->line = 1; (end = strchr(line, '\n')) != NULL; r->line++, line = end + 1) {
		*end = '\0';
		if (r->line == 1) {
			if (strcmp(line, MAGIC) != 0)
				return bad(r, "not a snapshot of a version that is known here");
		} else if (!read_line(r, line)) {
			return FALSE;
		}
	}
	return (*line == '\0' || bad(r, "the last line is cut")) && (r->facts->machine != 0 || bad(r, "no machine"));
}

struct facts *snapshot_parse(const char *name, const char *text, gsize size, GError **error)
{
	g_autoptr(facts) facts = g_new0(struct facts, 1);

	facts->is_snapshot = TRUE;
	g_autoptr(GPtrArray) needed = g_ptr_array_new();
	g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(struct facts_need));
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(struct facts_node));
	g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(struct facts_mark));
	g_autoptr(GArray) exports = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	g_autoptr(GArray) types = g_array_new(FALSE, FALSE, sizeof(struct facts_type));
	g_autoptr(GArray) inlined = g_array_new(FALSE, FALSE, sizeof(struct facts_inlined));
	g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(struct facts_member));
	g_autoptr(GArray) enumerators = g_array_new(FALSE, FALSE, sizeof(struct facts_enumerator));
	g_autoptr(GArray) bases = g_array_new(FALSE, FALSE, sizeof(struct facts_base));
	g_autoptr(GArray) virtuals = g_array_new(FALSE, FALSE, sizeof(struct facts_virtual));
	g_autofree char *copy = g_strndup(text, size);
	struct reading r = {.facts = facts, .name = name, .needed = needed, .needs = needs, .nodes = nodes, .marks = marks,
			    .exports = exports, .types = types, .inlined = inlined, .members = members, .enumerators = enumerators,
			    .bases = bases, .virtuals = virtuals, .error = error};

	facts->strings = g_string_chunk_new(4096);
	facts->path = facts_keep(facts, name);
	facts->kind = FACTS_LIBRARY;
	gboolean good = memchr(text, '\0', size) == NULL ? read_lines(&r, copy) : bad(&r, "a NUL byte");
	hand_over(&r);
	if (!good || !check_order(&r))
		return NULL;
	marks_apply(facts);
	fingerprint_facts(facts);
	member_index_build(facts);
	g_autofree char *original = g_strndup(text, size);
	return check_whole(&r, original) ? g_steal_pointer(&facts) : NULL;
}

struct facts *snapshot_read(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, SNAPSHOT_CEILING, error);
	gsize size = 0;

	if (bytes == NULL)
		return NULL;
	const char *text = g_bytes_get_data(bytes, &size);
	return snapshot_parse(path, text ? text : "", size, error);
}

gboolean snapshot_is(const char *path)
{
	char start[sizeof "abide-abi\t" - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return FALSE;
	ssize_t n = read(fd, start, sizeof start);
	close(fd);
	return n == (ssize_t)sizeof start && memcmp(start, "abide-abi\t", sizeof start) == 0;
}
