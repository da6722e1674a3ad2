/* YAML files edited in place, byte for byte around the places that libyaml's marks name: see yaml.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml_private.h"

#include <string.h>

/* An edit in progress: the text up to `done` has been copied, what follows has not. */
struct edit {
	const struct yamlfile *file;
	GString *out;
	gsize done;      /* byte offset in file->text */
	const char *eol; /* the file's own line end */
};

/* libyaml counts characters; files hold bytes. */
static gsize offset_of(const struct yamlfile *file, const yaml_mark_t *mark)
{
	return (gsize)(g_utf8_offset_to_pointer(file->text, (glong)mark->index) - file->text);
}

static void edit_begin(struct edit *edit, const struct yamlfile *file)
{
	const char *bytes = g_bytes_get_data(file->bytes, NULL);

	*edit = (struct edit){.file = file, .out = g_string_sized_new(file->size + 256)};
	edit->eol = g_strstr_len(file->text, (gssize)file->size, "\r\n") != NULL ? "\r\n" : "\n";
	if (file->size > 0)
		g_string_append_len(edit->out, bytes, file->text - bytes);
}

static void copy_to(struct edit *edit, gsize offset)
{
	if (offset > edit->done) {
		g_string_append_len(edit->out, edit->file->text + edit->done, (gssize)(offset - edit->done));
		edit->done = offset;
	}
}

static GBytes *edit_end(struct edit *edit)
{
	copy_to(edit, edit->file->size);
	return g_string_free_to_bytes(edit->out);
}

static gsize line_start(const struct yamlfile *file, gsize offset)
{
	while (offset > 0 && file->text[offset - 1] != '\n')
		offset--;
	return offset;
}

/* The start of the line after the one that holds offset; an offset that is a line's start already stays. */
static gsize next_line(const struct yamlfile *file, gsize offset)
{
	if (offset > 0 && file->text[offset - 1] == '\n')
		return offset;
	while (offset < file->size && file->text[offset] != '\n')
		offset++;
	return offset < file->size ? offset + 1 : offset;
}

static gboolean is_flow(const yaml_node_t *node)
{
	return node->type == YAML_MAPPING_NODE ? node->data.mapping.style == YAML_FLOW_MAPPING_STYLE
					       : node->data.sequence.style == YAML_FLOW_SEQUENCE_STYLE;
}

/*
 * Where a value's own text ends. libyaml ends a block mapping or list only where the next thing begins, behind all the
 * comments in between: those belong to what follows, so the end is that of the last value inside.
 */
static gsize end_of(const struct yamlfile *file, const yaml_node_t *node)
{
	if (node->type == YAML_MAPPING_NODE && !is_flow(node) &&
	    node->data.mapping.pairs.top > node->data.mapping.pairs.start)
		return end_of(file, yamlfile_node(file, node->data.mapping.pairs.top[-1].value));
	if (node->type == YAML_SEQUENCE_NODE && !is_flow(node) &&
	    node->data.sequence.items.top > node->data.sequence.items.start)
		return end_of(file, yamlfile_node(file, node->data.sequence.items.top[-1]));
	return offset_of(file, &node->end_mark);
}

/* The first free position behind a value when more lines are to follow: the next line, which is begun if need be. */
static void go_behind(struct edit *edit, gsize end)
{
	copy_to(edit, next_line(edit->file, end));
	if (edit->out->len > 0 && edit->out->str[edit->out->len - 1] != '\n')
		g_string_append(edit->out, edit->eol);
}

static void append_spaces(GString *out, gsize n)
{
	while (n-- > 0)
		g_string_append_c(out, ' ');
}

static void append_pair(GString *out, const struct yamlfile_pair *pair)
{
	g_autofree char *value = yamlfile_quote(pair->value);

	g_string_append_printf(out, "%s: %s", pair->key, value);
}

static void append_flow(GString *out, const struct yamlfile_pair *pairs)
{
	g_string_append_c(out, '{');
	for (const struct yamlfile_pair *p = pairs; p->key != NULL; p++) {
		g_string_append(out, p == pairs ? "" : ", ");
		append_pair(out, p);
	}
	g_string_append_c(out, '}');
}

static void append_block(struct edit *edit, gsize indent, const struct yamlfile_pair *pairs)
{
	for (const struct yamlfile_pair *p = pairs; p->key != NULL; p++) {
		append_spaces(edit->out, indent);
		g_string_append(edit->out, p == pairs ? "- " : "  ");
		append_pair(edit->out, p);
		g_string_append(edit->out, edit->eol);
	}
}

static void replace_scalar(struct edit *edit, const yaml_node_t *node, const char *value)
{
	gsize start = offset_of(edit->file, &node->start_mark), end = offset_of(edit->file, &node->end_mark);
	g_autofree char *quoted = yamlfile_quote(value);

	copy_to(edit, start);
	if (start > 0 && edit->file->text[start - 1] == ':')
		g_string_append_c(edit->out, ' ');
	g_string_append(edit->out, quoted);
	edit->done = end;
	/* A block scalar (| or >) owns the end of its last line. */
	if (end > start && edit->file->text[end - 1] == '\n')
		g_string_append(edit->out, edit->eol);
}

/* The column of a block mapping's keys, which in a list is not that of its first line. */
static gsize key_column(const struct yamlfile *file, const yaml_node_t *mapping)
{
	return yamlfile_node(file, mapping->data.mapping.pairs.start->key)->start_mark.column;
}

/* Pairs whose keys are not there yet, behind everything that is. */
static void add_missing(struct edit *edit, const yaml_node_t *mapping, const struct yamlfile_pair *pairs)
{
	const yaml_node_pair_t *last = mapping->data.mapping.pairs.top - 1;
	gsize end = end_of(edit->file, yamlfile_node(edit->file, last->value));
	gboolean begun = FALSE;

	for (const struct yamlfile_pair *p = pairs; p->key != NULL; p++) {
		if (yamlfile_find_pair(edit->file, mapping, p->key) != NULL)
			continue;
		if (is_flow(mapping)) {
			copy_to(edit, end);
			g_string_append(edit->out, ", ");
			append_pair(edit->out, p);
			continue;
		}
		if (!begun)
			go_behind(edit, end);
		begun = TRUE;
		append_spaces(edit->out, key_column(edit->file, mapping));
		append_pair(edit->out, p);
		g_string_append(edit->out, edit->eol);
	}
}

static const struct yamlfile_pair *wanted(const struct yamlfile_pair *pairs, const yaml_node_t *key)
{
	for (; pairs->key != NULL; pairs++)
		if (yamlfile_is(key, pairs->key))
			return pairs;
	return NULL;
}

GBytes *yamlfile_set(const struct yamlfile *file, const char *place, const struct yamlfile_pair *pairs)
{
	const yaml_node_t *mapping = yamlfile_at(file, place);
	struct edit edit;

	if (mapping == NULL || mapping->type != YAML_MAPPING_NODE ||
	    mapping->data.mapping.pairs.top == mapping->data.mapping.pairs.start)
		return NULL;
	for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top; p++)
		if (wanted(pairs, yamlfile_node(file, p->key)) != NULL &&
		    yamlfile_node(file, p->value)->type != YAML_SCALAR_NODE)
			return NULL;
	edit_begin(&edit, file);
	for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top; p++) {
		const struct yamlfile_pair *pair = wanted(pairs, yamlfile_node(file, p->key));
		const yaml_node_t *value = yamlfile_node(file, p->value);
		if (pair != NULL && !yamlfile_is(value, pair->value))
			replace_scalar(&edit, value, pair->value);
	}
	add_missing(&edit, mapping, pairs);
	return edit_end(&edit);
}

/* "key:" and a first element, behind everything else in the mapping. */
static void start_list(struct edit *edit, const yaml_node_t *parent, const char *key, const struct yamlfile_pair *pairs)
{
	gsize column = key_column(edit->file, parent);

	if (is_flow(parent)) {
		copy_to(edit, end_of(edit->file, yamlfile_node(edit->file, parent->data.mapping.pairs.top[-1].value)));
		g_string_append_printf(edit->out, ", %s: [", key);
		append_flow(edit->out, pairs);
		g_string_append_c(edit->out, ']');
		return;
	}
	go_behind(edit, end_of(edit->file, parent));
	append_spaces(edit->out, column);
	g_string_append_printf(edit->out, "%s:%s", key, edit->eol);
	append_block(edit, column + 2, pairs);
}

/* A first element for "key:" or "key: []". */
static void fill_list(struct edit *edit, const yaml_node_t *parent, const yaml_node_t *list,
		      const struct yamlfile_pair *pairs)
{
	gsize start = offset_of(edit->file, &list->start_mark), end = offset_of(edit->file, &list->end_mark);

	if (is_flow(parent)) {
		copy_to(edit, start);
		g_string_append(edit->out, edit->out->str[edit->out->len - 1] == ':' ? " [" : "[");
		append_flow(edit->out, pairs);
		g_string_append_c(edit->out, ']');
		edit->done = end;
		return;
	}
	while (start > 0 && edit->file->text[start - 1] == ' ')
		start--;
	copy_to(edit, start);
	edit->done = end;
	go_behind(edit, end);
	append_block(edit, key_column(edit->file, parent) + 2, pairs);
}

/* The mapping that holds a list, and the list's key in it: "hosts[0]" and "services". */
static const yaml_node_t *split_place(const struct yamlfile *file, const char *place, const char **key)
{
	const char *dot = strrchr(place, '.');
	g_autofree char *above = g_strndup(place, dot != NULL ? (gsize)(dot - place) : 0);

	*key = dot != NULL ? dot + 1 : place;
	return yamlfile_at(file, above);
}

GBytes *yamlfile_append(const struct yamlfile *file, const char *place, const struct yamlfile_pair *pairs)
{
	const char *key;
	const yaml_node_t *parent = split_place(file, place, &key);
	yaml_node_pair_t *pair = parent != NULL ? yamlfile_find_pair(file, parent, key) : NULL;
	const yaml_node_t *list = pair != NULL ? yamlfile_node(file, pair->value) : NULL;
	struct edit edit;

	if (parent == NULL || parent->type != YAML_MAPPING_NODE ||
	    parent->data.mapping.pairs.top == parent->data.mapping.pairs.start ||
	    (list != NULL && list->type != YAML_SEQUENCE_NODE && !yamlfile_is_null(list)))
		return NULL;
	edit_begin(&edit, file);
	if (list == NULL) {
		start_list(&edit, parent, key, pairs);
	} else if (yamlfile_is_null(list) || list->data.sequence.items.top == list->data.sequence.items.start) {
		fill_list(&edit, parent, list, pairs);
	} else if (is_flow(list)) {
		copy_to(&edit, end_of(file, yamlfile_node(file, list->data.sequence.items.top[-1])));
		g_string_append(edit.out, ", ");
		append_flow(edit.out, pairs);
	} else {
		go_behind(&edit, end_of(file, list));
		append_block(&edit, list->start_mark.column, pairs);
	}
	return edit_end(&edit);
}

/* The start of the line whose column `column` holds the dash of the block list element that begins at offset. */
static gsize dash_line(const struct yamlfile *file, gsize offset, gsize column)
{
	gsize line = line_start(file, offset);

	while (line > 0 && (line + column >= file->size || file->text[line + column] != '-'))
		line = line_start(file, line - 1);
	return line;
}

/* In [a, b, c] an element goes with the comma before it, the first with the one behind it. */
static void skip_flow_element(struct edit *edit, const yaml_node_t *list, guint index)
{
	const struct yamlfile *file = edit->file;
	const yaml_node_item_t *item = list->data.sequence.items.start + index;
	const yaml_node_t *node = yamlfile_node(file, *item);

	if (index > 0) {
		copy_to(edit, end_of(file, yamlfile_node(file, item[-1])));
		edit->done = end_of(file, node);
	} else {
		copy_to(edit, offset_of(file, &node->start_mark));
		edit->done = item + 1 < list->data.sequence.items.top
				     ? offset_of(file, &yamlfile_node(file, item[1])->start_mark)
				     : end_of(file, node);
	}
}

GBytes *yamlfile_remove(const struct yamlfile *file, const char *place, guint index)
{
	const yaml_node_t *list = yamlfile_at(file, place);
	struct edit edit;

	if (list == NULL || list->type != YAML_SEQUENCE_NODE ||
	    index >= (gsize)(list->data.sequence.items.top - list->data.sequence.items.start))
		return NULL;
	edit_begin(&edit, file);
	if (is_flow(list)) {
		skip_flow_element(&edit, list, index);
	} else {
		const yaml_node_t *node = yamlfile_node(file, list->data.sequence.items.start[index]);
		copy_to(&edit, dash_line(file, offset_of(file, &node->start_mark), list->start_mark.column));
		edit.done = next_line(file, end_of(file, node));
	}
	return edit_end(&edit);
}

/* A word that no reader of YAML takes for a number, a truth value, nothing, or markup. */
static gboolean is_harmless(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", NULL};
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return g_ascii_isalpha(*text) && text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+._-")] == '\0' &&
	       !g_strv_contains(words, lower);
}

char *yamlfile_quote(const char *text)
{
	GString *out;

	if (is_harmless(text))
		return g_strdup(text);
	out = g_string_new("\"");
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", (char)c);
		else if (c == '\n')
			g_string_append(out, "\\n");
		else if (g_unichar_isprint(c) && c != 0xfeff && c != 0x2028 && c != 0x2029)
			g_string_append_unichar(out, c);
		else
			g_string_append_printf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	}
	return g_string_free(g_string_append_c(out, '"'), FALSE);
}
