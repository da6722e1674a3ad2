/* Facts as text and as JSON: see report.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "inspect/report.h"

#include <string.h>

static const char *const evidence_words[] = {
	[FACTS_NO_DEBUG] = "none: there is no debug information",
	[FACTS_WEAK_DEBUG] = "none: the debug information holds no types (-g1)",
	[FACTS_TYPES] = "DWARF",
};

/* Appends TEXT, with what could confuse a terminal as \xNN. */
static void append_shown(GString *out, const char *text)
{
	for (const guchar *p = (const guchar *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && !g_utf8_validate(text, -1, NULL)))
			g_string_append_printf(out, "\\x%02x", *p);
		else
			g_string_append_c(out, (char)*p);
}

static void append_row(GString *out, const char *label, const char *value)
{
	g_string_append_printf(out, "%-10s ", label);
	append_shown(out, value ? value : "-");
	g_string_append_c(out, '\n');
}

static void append_symbols(GString *out, const char *title, const struct facts_symbol *symbols, guint n)
{
	g_string_append_printf(out, "%s (%u)\n", title, n);
	for (guint i = 0; i < n; i++) {
		const struct facts_symbol *s = &symbols[i];
		g_string_append(out, "  ");
		append_shown(out, s->name);
		if (s->node != NULL)
			g_string_append_printf(out, "%s%s", s->library == NULL && s->is_default ? "@@" : "@", s->node);
		if (s->library != NULL)
			g_string_append_printf(out, "  from %s", s->library);
		else if (s->declaration != NULL)
			g_string_append_printf(out, "  %s", s->declaration);
		else if (s->kind != FACTS_FUNCTION)
			g_string_append_printf(out, "  %s", facts_symbol_kind_name(s->kind));
		if (s->convention != NULL)
			g_string_append_printf(out, "  by %s", s->convention);
		if (s->kind == FACTS_OBJECT || s->kind == FACTS_TLS)
			g_string_append_printf(out, "  %" G_GUINT64_FORMAT " bytes", s->size);
		g_string_append(out, s->weak ? "  weak\n" : "\n");
	}
}

static void append_properties(GString *out, const struct facts *facts)
{
	for (guint i = 0; i < facts->n_properties; i++) {
		const struct facts_property *p = &facts->properties[i];
		gboolean bare = strcmp(p->value, "yes") == 0 || g_str_has_prefix(p->value, p->name);
		g_autofree char *text = bare ? g_strdup(p->value[0] == 'y' ? p->name : p->value)
					     : g_strdup_printf("%s %s", p->name, p->value);
		append_row(out, properties_kind_name(p->kind), text);
	}
}

static void append_marks(GString *out, const struct facts *facts)
{
	g_string_append_printf(out, "marks of abide.h (%u)\n", facts->n_marks);
	for (guint i = 0; i < facts->n_marks; i++) {
		const struct facts_mark *m = &facts->marks[i];
		g_string_append_printf(out, "  %s  ", facts_mark_kind_name(m->kind));
		append_shown(out, m->type);
		if (*m->name != '\0')
			g_string_append(out, *m->type != '\0' ? ": " : "");
		append_shown(out, m->name);
		g_string_append_c(out, '\n');
	}
}

static void append_types(GString *out, const struct facts *facts)
{
	g_string_append_printf(out, "types that callers see (%u)%s\n", facts->n_types,
			       facts->headers_known ? ", by the public headers" : "");
	for (guint i = 0; i < facts->n_types; i++) {
		const struct facts_type *t = &facts->types[i];
		g_string_append_printf(out, "  %s  %" G_GUINT64_FORMAT " bytes\n", t->name, t->size);
		for (guint m = 0; m < t->n_members; m++) {
			const struct facts_member *member = &t->members[m];
			g_string_append_printf(out, "    %6" G_GUINT64_FORMAT, member->offset / 8);
			if (member->offset % 8 != 0)
				g_string_append_printf(out, ".%u", (guint)(member->offset % 8));
			g_string_append_printf(out, "  %s  %s\n", *member->name ? member->name : "(anonymous)",
					       member->type);
		}
		for (guint e = 0; e < t->n_enumerators; e++)
			g_string_append_printf(out, "    %6" G_GINT64_FORMAT "  %s\n", t->enumerators[e].value,
					       t->enumerators[e].name);
	}
}

static void append_inlined(GString *out, const struct facts *facts)
{
	guint macros = 0;

	for (guint i = 0; i < facts->n_inlined; i++)
		macros += facts->inlined[i].kind == FACTS_MACRO;
	g_string_append_printf(out, "compiled into callers: %u macros, %u inline functions of the public headers\n", macros,
			       facts->n_inlined - macros);
}

char *facts_text(const struct facts *facts)
{
	GString *out = g_string_new(NULL);
	g_autofree char *needed = g_strjoinv(" ", (char **)facts->needed);

	append_row(out, "file", facts->path);
	g_string_append_printf(out, "%-10s %s, %u-bit, %s-endian, %s\n", "kind",
			       facts->kind == FACTS_LIBRARY ? "shared library" : "program", facts->bits,
			       facts->big_endian ? "big" : "little", facts_machine_name(facts->machine));
	append_row(out, "soname", facts->soname);
	if (facts->version != NULL)
		append_row(out, "version", facts->version);
	append_row(out, "needed", needed);
	append_row(out, "build-id", facts->build_id);
	if (facts->runpath != NULL)
		append_row(out, "runpath", facts->runpath);
	append_properties(out, facts);
	append_row(out, "types from", evidence_words[facts->evidence]);
	if (facts->debug_file != NULL)
		append_row(out, "debug file", facts->debug_file);
	if (facts->debug_missing != NULL)
		append_row(out, "", facts->debug_missing);
	g_string_append_printf(out, "version nodes (%u)\n", facts->n_nodes);
	for (guint i = 0; i < facts->n_nodes; i++)
		g_string_append_printf(out, "  %s%s%s\n", facts->nodes[i].name, facts->nodes[i].parent ? " after " : "",
				       facts->nodes[i].parent ? facts->nodes[i].parent : "");
	append_symbols(out, "exports", facts->exports, facts->n_exports);
	append_symbols(out, "imports", facts->imports, facts->n_imports);
	if (facts->n_marks > 0)
		append_marks(out, facts);
	if (facts->evidence == FACTS_TYPES)
		append_types(out, facts);
	if (facts->headers_known)
		append_inlined(out, facts);
	return g_string_free(out, FALSE);
}

/* JSON is UTF-8; a name that is not comes with its odd bytes escaped. */
static void add_text(JsonBuilder *b, const char *key, const char *value)
{
	json_builder_set_member_name(b, key);
	if (value == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	g_autoptr(GString) shown = g_string_new(NULL);
	append_shown(shown, value);
	json_builder_add_string_value(b, shown->str);
}

static void add_number(JsonBuilder *b, const char *key, guint64 value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_int_value(b, (gint64)value);
}

static void add_fingerprint(JsonBuilder *b, const char *key, guint64 value)
{
	g_autofree char *hex = g_strdup_printf("%016" G_GINT64_MODIFIER "x", value);

	add_text(b, key, hex);
}

static void add_flag(JsonBuilder *b, const char *key, gboolean value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_boolean_value(b, value);
}

static void begin_list(JsonBuilder *b, const char *key)
{
	json_builder_set_member_name(b, key);
	json_builder_begin_array(b);
}

static void add_symbols(JsonBuilder *b, const char *key, const struct facts_symbol *symbols, guint n)
{
	begin_list(b, key);
	for (guint i = 0; i < n; i++) {
		const struct facts_symbol *s = &symbols[i];
		json_builder_begin_object(b);
		add_text(b, "name", s->name);
		add_text(b, "node", s->node);
		if (s->library != NULL)
			add_text(b, "library", s->library);
		else
			add_flag(b, "default", s->is_default);
		add_text(b, "kind", facts_symbol_kind_name(s->kind));
		add_flag(b, "weak", s->weak);
		add_number(b, "size", s->size);
		if (s->declaration != NULL) {
			add_text(b, "declaration", s->declaration);
			add_fingerprint(b, "layout", s->layout);
			add_fingerprint(b, "source", s->source);
		}
		if (s->convention != NULL)
			add_text(b, "convention", s->convention);
		if (s->code != 0)
			add_fingerprint(b, "code", s->code);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_properties(JsonBuilder *b, const struct facts *facts)
{
	begin_list(b, "properties");
	for (guint i = 0; i < facts->n_properties; i++) {
		json_builder_begin_object(b);
		add_text(b, "kind", properties_kind_name(facts->properties[i].kind));
		add_text(b, "name", facts->properties[i].name);
		add_text(b, "value", facts->properties[i].value);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_types(JsonBuilder *b, const struct facts *facts)
{
	begin_list(b, "types");
	for (guint i = 0; i < facts->n_types; i++) {
		const struct facts_type *t = &facts->types[i];
		json_builder_begin_object(b);
		add_text(b, "name", t->name);
		add_number(b, "size", t->size);
		begin_list(b, "members");
		for (guint m = 0; m < t->n_members; m++) {
			json_builder_begin_object(b);
			add_text(b, "name", t->members[m].name);
			add_text(b, "type", t->members[m].type);
			add_number(b, "offset_bits", t->members[m].offset);
			add_number(b, "size_bits", t->members[m].size);
			json_builder_end_object(b);
		}
		json_builder_end_array(b);
		begin_list(b, "enumerators");
		for (guint e = 0; e < t->n_enumerators; e++) {
			json_builder_begin_object(b);
			add_text(b, "name", t->enumerators[e].name);
			json_builder_set_member_name(b, "value");
			json_builder_add_int_value(b, t->enumerators[e].value);
			json_builder_end_object(b);
		}
		json_builder_end_array(b);
		add_fingerprint(b, "layout", t->layout);
		add_fingerprint(b, "source", t->source);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_inlined(JsonBuilder *b, const struct facts *facts)
{
	begin_list(b, "inlined");
	for (guint i = 0; i < facts->n_inlined; i++) {
		const struct facts_inlined *inlined = &facts->inlined[i];
		json_builder_begin_object(b);
		add_text(b, "name", inlined->name);
		add_text(b, "kind", inlined->kind == FACTS_MACRO ? "macro" : "inline function");
		add_fingerprint(b, "digest", inlined->digest);
		add_text(b, "text", inlined->text);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_versions(JsonBuilder *b, const struct facts *facts)
{
	begin_list(b, "nodes");
	for (guint i = 0; i < facts->n_nodes; i++) {
		json_builder_begin_object(b);
		add_text(b, "name", facts->nodes[i].name);
		add_text(b, "parent", facts->nodes[i].parent);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	begin_list(b, "needs");
	for (guint i = 0; i < facts->n_needs; i++) {
		json_builder_begin_object(b);
		add_text(b, "library", facts->needs[i].library);
		add_text(b, "node", facts->needs[i].node);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_marks(JsonBuilder *b, const struct facts *facts)
{
	begin_list(b, "marks");
	for (guint i = 0; i < facts->n_marks; i++) {
		json_builder_begin_object(b);
		add_text(b, "kind", facts_mark_kind_name(facts->marks[i].kind));
		add_text(b, "type", facts->marks[i].type);
		add_text(b, "name", facts->marks[i].name);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

JsonNode *facts_json(const struct facts *facts)
{
	static const char *const evidence[] = {"none", "none", "types"};
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	add_text(b, "file", facts->path);
	add_text(b, "kind", facts->kind == FACTS_LIBRARY ? "library" : "program");
	add_number(b, "bits", facts->bits);
	add_text(b, "endian", facts->big_endian ? "big" : "little");
	add_text(b, "machine", facts_machine_name(facts->machine));
	add_text(b, "soname", facts->soname);
	add_text(b, "version", facts->version);
	add_text(b, "runpath", facts->runpath);
	add_text(b, "interpreter", facts->interpreter);
	add_text(b, "build_id", facts->build_id);
	begin_list(b, "needed");
	for (const char **n = facts->needed; *n != NULL; n++)
		json_builder_add_string_value(b, *n);
	json_builder_end_array(b);
	add_versions(b, facts);
	add_properties(b, facts);
	add_symbols(b, "exports", facts->exports, facts->n_exports);
	add_symbols(b, "imports", facts->imports, facts->n_imports);
	add_marks(b, facts);
	add_text(b, "evidence", evidence[facts->evidence]);
	add_text(b, "debug_file", facts->debug_file);
	add_text(b, "debug_missing", facts->debug_missing);
	add_flag(b, "headers_known", facts->headers_known);
	add_types(b, facts);
	add_inlined(b, facts);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}
