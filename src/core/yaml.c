/* YAML files parsed, with what is not taken refused, and places found in them: see yaml.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml_private.h"

#include "core/file.h"
#include "core/text.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Deeper than any file that a person writes; keeps the walks below from exhausting the stack. */
#define MOST_LEVELS 64

G_DEFINE_QUARK(yamlfile-error-quark, yamlfile_error)

static gboolean fail_at(const struct yamlfile *file, gsize line, gsize column, GError **error, GQuark domain, int code,
			const char *format, va_list args)
{
	g_autofree char *raw = g_strdup_vprintf(format, args);
	g_autofree char *message = text_one_line(raw);

	g_set_error(error, domain, code, "%s:%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT ": %s", file->name, line + 1,
		    column + 1, message);
	return FALSE;
}

gboolean yamlfile_fail_mark(const struct yamlfile *file, const yaml_mark_t *mark, GError **error, GQuark domain,
			     int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_at(file, mark->line, mark->column, error, domain, code, format, args);
	va_end(args);
	return FALSE;
}

/* The node at a place, or at the nearest place above it that the file has. */
static const yaml_node_t *nearest_node(const struct yamlfile *file, const char *place)
{
	g_autofree char *shorter = g_strdup(place);
	const yaml_node_t *node = yamlfile_at(file, shorter);

	for (gsize n = strlen(shorter); node == NULL && n > 0;) {
		do
			n--;
		while (n > 0 && shorter[n] != '.' && shorter[n] != '[');
		shorter[n] = '\0';
		node = yamlfile_at(file, shorter);
	}
	return node;
}

gboolean yamlfile_fail(const struct yamlfile *file, const char *place, GError **error, GQuark domain, int code,
			const char *format, ...)
{
	const yaml_node_t *node = nearest_node(file, place);
	va_list args;

	va_start(args, format);
	fail_at(file, node ? node->start_mark.line : 0, node ? node->start_mark.column : 0, error, domain, code, format,
		args);
	va_end(args);
	return FALSE;
}

static gboolean fail_syntax(const struct yamlfile *file, const yaml_mark_t *mark, GError **error, const char *what)
{
	return yamlfile_fail_mark(file, mark, error, YAMLFILE_ERROR, YAMLFILE_ERROR_SYNTAX, "%s", what);
}

/* libyaml checks UTF-8 too, but says so without a line, and takes UTF-16, in which its marks count something else. */
static gboolean check_text(const struct yamlfile *file, GError **error)
{
	const char *bad = NULL;
	yaml_mark_t mark = {0};

	if (g_utf8_validate(file->text, (gssize)file->size, &bad))
		return TRUE;
	for (const char *p = file->text; p < bad; p = g_utf8_next_char(p)) {
		mark.column = *p == '\n' ? 0 : mark.column + 1;
		mark.line += *p == '\n';
	}
	return fail_syntax(file, &mark, error, "not UTF-8 text");
}

static void set_input(yaml_parser_t *parser, const struct yamlfile *file)
{
	yaml_parser_initialize(parser);
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser, (const unsigned char *)file->text, file->size);
}

static gboolean fail_parser(const struct yamlfile *file, const yaml_parser_t *parser, GError **error)
{
	return yamlfile_fail_mark(file, &parser->problem_mark, error, YAMLFILE_ERROR, YAMLFILE_ERROR_SYNTAX,
				   "%s%s%s", parser->problem ? parser->problem : "not YAML",
				   parser->context ? " " : "", parser->context ? parser->context : "");
}

static gboolean has_tag(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.tag != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.tag != NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.tag != NULL;
	default:
		return FALSE;
	}
}

/* The parts of YAML that no file of ours needs, and that make a small file large or its meaning a riddle. */
static const char *refuse_event(const yaml_event_t *event, int documents, int levels)
{
	if (event->type == YAML_ALIAS_EVENT)
		return "aliases (*name) are not taken; write the value out";
	if (has_tag(event))
		return "tags (!name) are not taken";
	if (documents > 1)
		return "a second document; one file holds one";
	if (levels > MOST_LEVELS)
		return "nested too deeply";
	return NULL;
}

static gboolean check_events(const struct yamlfile *file, GError **error)
{
	yaml_parser_t parser;
	gboolean ok = TRUE, end = FALSE;
	int documents = 0, levels = 0;

	set_input(&parser, file);
	while (ok && !end) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			ok = fail_parser(file, &parser, error);
			break;
		}
		documents += event.type == YAML_DOCUMENT_START_EVENT;
		levels += event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT;
		levels -= event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
		end = event.type == YAML_STREAM_END_EVENT;
		const char *refused = refuse_event(&event, documents, levels);
		if (refused != NULL)
			ok = fail_syntax(file, &event.start_mark, error, refused);
		else if (end && documents == 0)
			ok = fail_syntax(file, &event.start_mark, error, "the file is empty");
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ok;
}

/* A zero byte can be written with an escape, and C would end the text there. */
static gboolean check_scalar(const struct yamlfile *file, const yaml_node_t *node, GError **error)
{
	if (memchr(node->data.scalar.value, 0, node->data.scalar.length) == NULL)
		return TRUE;
	return fail_syntax(file, &node->start_mark, error, "holds a zero byte");
}

/* A key is a scalar, and there once. */
static gboolean check_keys(const struct yamlfile *file, const yaml_node_t *node, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yamlfile_node(file, p->key);
		if (key->type != YAML_SCALAR_NODE)
			return fail_syntax(file, &key->start_mark, error, "expected a key, found a list or a mapping");
		if (!g_hash_table_add(seen, key->data.scalar.value))
			return yamlfile_fail_mark(file, &key->start_mark, error, YAMLFILE_ERROR, YAMLFILE_ERROR_SYNTAX,
						  "the key '%s' is here twice", (const char *)key->data.scalar.value);
	}
	return TRUE;
}

static gboolean check_nodes(const struct yamlfile *file, GError **error)
{
	for (int item = 1; yamlfile_node(file, item) != NULL; item++) {
		const yaml_node_t *node = yamlfile_node(file, item);
		if (node->type == YAML_SCALAR_NODE && !check_scalar(file, node, error))
			return FALSE;
		if (node->type == YAML_MAPPING_NODE && !check_keys(file, node, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean load_document(struct yamlfile *file, GError **error)
{
	yaml_parser_t parser;
	gboolean ok;

	set_input(&parser, file);
	ok = yaml_parser_load(&parser, &file->document);
	file->parsed = ok;
	if (!ok)
		fail_parser(file, &parser, error);
	yaml_parser_delete(&parser);
	return ok;
}

struct yamlfile *yamlfile_parse(const char *name, GBytes *bytes, GError **error)
{
	g_autoptr(yamlfile) file = g_new0(struct yamlfile, 1);

	file->name = g_strdup(name);
	file->bytes = g_bytes_ref(bytes);
	file->text = g_bytes_get_data(bytes, &file->size);
	if (file->text == NULL)
		file->text = "";
	if (file->size >= strlen(BYTE_ORDER_MARK) && memcmp(file->text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0) {
		file->text += strlen(BYTE_ORDER_MARK);
		file->size -= strlen(BYTE_ORDER_MARK);
	}
	if (!check_text(file, error) || !check_events(file, error) || !load_document(file, error) ||
	    !check_nodes(file, error))
		return NULL;
	return g_steal_pointer(&file);
}

struct yamlfile *yamlfile_read(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, YAMLFILE_CEILING, error);

	return bytes != NULL ? yamlfile_parse(path, bytes, error) : NULL;
}

void yamlfile_free(struct yamlfile *file)
{
	if (file == NULL)
		return;
	if (file->parsed)
		yaml_document_delete(&file->document);
	g_bytes_unref(file->bytes);
	g_free(file->name);
	g_free(file);
}

GBytes *yamlfile_bytes(const struct yamlfile *file)
{
	return g_bytes_ref(file->bytes);
}

yaml_node_t *yamlfile_node(const struct yamlfile *file, int item)
{
	return yaml_document_get_node((yaml_document_t *)&file->document, item);
}

yaml_node_t *yamlfile_root(const struct yamlfile *file)
{
	return yamlfile_node(file, 1);
}

gboolean yamlfile_is(const yaml_node_t *node, const char *text)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(text) &&
	       memcmp(node->data.scalar.value, text, node->data.scalar.length) == 0;
}

gboolean yamlfile_is_null(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (yamlfile_is(node, "") || yamlfile_is(node, "~") || yamlfile_is(node, "null"));
}

yaml_node_pair_t *yamlfile_find_pair(const struct yamlfile *file, const yaml_node_t *node, const char *key)
{
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++)
		if (yamlfile_is(yamlfile_node(file, p->key), key))
			return p;
	return NULL;
}

/* "[2]..." at *place: the element, and *place behind the bracket. */
static yaml_node_t *step_into_list(const struct yamlfile *file, const yaml_node_t *node, const char **place)
{
	char *end = NULL;
	guint64 index = g_ascii_strtoull(*place + 1, &end, 10);

	if (node->type != YAML_SEQUENCE_NODE || *end != ']' ||
	    index >= (guint64)(node->data.sequence.items.top - node->data.sequence.items.start))
		return NULL;
	*place = end + 1;
	return yamlfile_node(file, node->data.sequence.items.start[index]);
}

yaml_node_t *yamlfile_at(const struct yamlfile *file, const char *place)
{
	yaml_node_t *node = yamlfile_root(file);

	while (node != NULL && *place != '\0') {
		if (*place == '[') {
			node = step_into_list(file, node, &place);
			continue;
		}
		place += *place == '.';
		g_autofree char *key = g_strndup(place, strcspn(place, ".["));
		yaml_node_pair_t *pair = yamlfile_find_pair(file, node, key);
		node = pair != NULL ? yamlfile_node(file, pair->value) : NULL;
		place += strlen(key);
	}
	return node;
}

gboolean yamlfile_has(const struct yamlfile *file, const char *place)
{
	const yaml_node_t *node = yamlfile_at(file, place);

	return node != NULL && !yamlfile_is_null(node);
}

char *yamlfile_text(const struct yamlfile *file, const char *place)
{
	const yaml_node_t *node = yamlfile_at(file, place);

	return node == NULL || node->type != YAML_SCALAR_NODE ? NULL
							      : g_strdup((const char *)node->data.scalar.value);
}

char **yamlfile_keys(const struct yamlfile *file, const char *place, GError **error)
{
	const yaml_node_t *node = yamlfile_at(file, place);
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);

	if (node != NULL && node->type != YAML_MAPPING_NODE && !yamlfile_is_null(node)) {
		yamlfile_fail(file, place, error, YAMLFILE_ERROR, YAMLFILE_ERROR_SCHEMA,
			      "%s: expected a mapping (key: value)", place);
		return NULL;
	}
	if (node != NULL && node->type == YAML_MAPPING_NODE)
		for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
			const yaml_node_t *key = yamlfile_node(file, p->key), *value = yamlfile_node(file, p->value);
			const char *name = (const char *)key->data.scalar.value;
			if (value->type != YAML_SCALAR_NODE || *name == '\0' || strpbrk(name, ".[]") != NULL) {
				yamlfile_fail_mark(file, &key->start_mark, error, YAMLFILE_ERROR, YAMLFILE_ERROR_SCHEMA,
						   "%s: expected a name without dots and brackets, and a text", place);
				return NULL;
			}
			g_ptr_array_add(keys, g_strdup(name));
		}
	g_ptr_array_add(keys, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&keys), FALSE);
}
