/* A manifest's document compared with the schema, with positions: see manifest_schema.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/manifest_schema.h"

#include <string.h>
#include <yaml.h>

/* Keys that nfpm has and this version refuses, rather than ignoring what somebody relies on. */
static const char *const unsupported[] = {
	"apk",	     "archlinux", "changelog",	"deb",	  "disable_globbing", "expand", "ghost", "ipk",
	"platform",  "prerelease", "rpm",	"signature", "umask",	      "version_metadata", "version_schema", "packager",
};

struct check {
	const char *path;
	yaml_document_t *document;
	GHashTable *places;
	GError **error;
};

static gboolean check_node(struct check *c, const yaml_node_t *node, const cyaml_schema_value_t *schema,
			   const char *key);

static char *place(const struct check *c, yaml_mark_t mark)
{
	return g_strdup_printf("%s:%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT, c->path, mark.line + 1, mark.column + 1);
}

G_GNUC_PRINTF(4, 5)
static gboolean refuse(struct check *c, yaml_mark_t mark, const char *key, const char *format, ...)
{
	g_autofree char *where = place(c, mark), *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(c->error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: %s%s%s", where, key, *key == '\0' ? "" : ": ", what);
	return FALSE;
}

/* Levenshtein's distance. Both are short: the one is a key of the schema, the other was cut. */
static guint distance(const char *a, const char *b)
{
	gsize n = strlen(b);
	g_autofree guint *row = g_new(guint, n + 1);

	for (gsize j = 0; j <= n; j++)
		row[j] = (guint)j;
	for (gsize i = 1; a[i - 1] != '\0'; i++) {
		guint diagonal = row[0];
		row[0] = (guint)i;
		for (gsize j = 1; j <= n; j++) {
			guint above = row[j];
			guint changed = diagonal + (a[i - 1] != b[j - 1]);
			row[j] = MIN(MIN(row[j - 1], above) + 1, changed);
			diagonal = above;
		}
	}
	return row[n];
}

/* The key that was probably meant, or NULL when none is near. */
static const char *nearest(const cyaml_schema_field_t *fields, const char *key)
{
	const char *best = NULL;
	guint least = (guint)strlen(key) / 2 + 1;

	for (; strlen(key) <= 64 && fields->key != NULL; fields++) {
		guint d = distance(fields->key, key);
		if (d < least) {
			least = d;
			best = fields->key;
		}
	}
	return best;
}

static gboolean unknown_key(struct check *c, const yaml_node_t *node, const cyaml_schema_field_t *fields,
			    const char *parent, const char *key)
{
	const char *best = nearest(fields, key);
	const char *inside = *parent == '\0' ? "" : " in ";
	g_autofree char *shown = g_strescape(key, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(unsupported); i++)
		if (g_str_equal(unsupported[i], key))
			return refuse(c, node->start_mark, shown, "this key of nfpm is not supported%s%s", inside, parent);
	if (best != NULL)
		return refuse(c, node->start_mark, shown, "unknown key%s%s; did you mean '%s'?", inside, parent, best);
	g_autoptr(GString) all = g_string_new(NULL);
	for (const cyaml_schema_field_t *f = fields; f->key != NULL; f++)
		g_string_append_printf(all, "%s%s", f == fields ? "" : " ", f->key);
	return refuse(c, node->start_mark, shown, "unknown key%s%s; expected one of: %s", inside, parent, all->str);
}

static const cyaml_schema_field_t *find_field(const cyaml_schema_field_t *fields, const char *key)
{
	for (; fields->key != NULL; fields++)
		if (g_str_equal(fields->key, key))
			return fields;
	return NULL;
}

static const char *scalar(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

static gboolean check_pair(struct check *c, const yaml_node_pair_t *pair, const cyaml_schema_field_t *fields,
			   const char *parent)
{
	const yaml_node_t *name = yaml_document_get_node(c->document, pair->key);
	const yaml_node_t *value = yaml_document_get_node(c->document, pair->value);
	const cyaml_schema_field_t *field;

	if (name->type != YAML_SCALAR_NODE)
		return refuse(c, name->start_mark, parent, "expected a key");
	field = find_field(fields, scalar(name));
	if (field == NULL)
		return unknown_key(c, name, fields, parent, scalar(name));
	g_autofree char *key =
		*parent == '\0' ? g_strdup(field->key) : g_strconcat(parent, ".", field->key, NULL);
	if (g_hash_table_contains(c->places, key))
		return refuse(c, name->start_mark, key, "given twice");
	g_hash_table_insert(c->places, g_strdup(key), place(c, value->start_mark));
	return check_node(c, value, &field->value, key);
}

static gboolean check_mapping(struct check *c, const yaml_node_t *node, const cyaml_schema_field_t *fields,
			      const char *key)
{
	if (node->type != YAML_MAPPING_NODE)
		return refuse(c, node->start_mark, key, "expected keys and values");
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++)
		if (!check_pair(c, p, fields, key))
			return FALSE;
	for (; fields->key != NULL; fields++) {
		g_autofree char *inner =
			*key == '\0' ? g_strdup(fields->key) : g_strconcat(key, ".", fields->key, NULL);
		if ((fields->value.flags & CYAML_FLAG_OPTIONAL) == 0 && !g_hash_table_contains(c->places, inner))
			return refuse(c, node->start_mark, inner, "missing");
	}
	return TRUE;
}

static gboolean is_empty(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 &&
	       node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static gboolean check_sequence(struct check *c, const yaml_node_t *node, const cyaml_schema_value_t *entry,
			       const char *key)
{
	guint number = 0;

	if (is_empty(node))
		return TRUE;
	if (node->type != YAML_SEQUENCE_NODE)
		return refuse(c, node->start_mark, key, "expected a list, one '- ' for each entry");
	for (const yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++) {
		const yaml_node_t *item = yaml_document_get_node(c->document, *i);
		g_autofree char *inner = g_strdup_printf("%s[%u]", key, number++);
		g_hash_table_insert(c->places, g_strdup(inner), place(c, item->start_mark));
		if (!check_node(c, item, entry, inner))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_enum(struct check *c, const yaml_node_t *node, const cyaml_schema_value_t *schema,
			   const char *key)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < schema->enumeration.count; i++) {
		if (g_str_equal(scalar(node), schema->enumeration.strings[i].str))
			return TRUE;
		g_string_append_printf(all, "%s%s", i == 0 ? "" : ", ", schema->enumeration.strings[i].str);
	}
	g_autofree char *shown = g_strescape(scalar(node), NULL);
	return refuse(c, node->start_mark, key, "'%s'; expected one of: %s", shown, all->str);
}

/* Numbers are permission bits, so a leading zero is octal, as in YAML 1.1 and in libcyaml. */
static gboolean check_number(struct check *c, const yaml_node_t *node, const char *key)
{
	const char *text = scalar(node);
	char *end = NULL;
	guint64 number = g_ascii_strtoull(text, &end, 0);

	if (!g_ascii_isdigit(*text) || *end != '\0' || number > 07777)
		return refuse(c, node->start_mark, key, "expected permission bits, such as 0644");
	return TRUE;
}

static gboolean check_node(struct check *c, const yaml_node_t *node, const cyaml_schema_value_t *schema,
			   const char *key)
{
	if (schema->type == CYAML_MAPPING)
		return check_mapping(c, node, schema->mapping.fields, key);
	if (schema->type == CYAML_SEQUENCE)
		return check_sequence(c, node, schema->sequence.entry, key);
	if (node->type != YAML_SCALAR_NODE)
		return refuse(c, node->start_mark, key, "expected a single value");
	if (strlen(scalar(node)) != node->data.scalar.length)
		return refuse(c, node->start_mark, key, "has a zero byte");
	if (schema->type == CYAML_ENUM)
		return check_enum(c, node, schema, key);
	if (schema->type == CYAML_UINT)
		return check_number(c, node, key);
	return TRUE;
}

/* An alias is one node in two places; libcyaml would refuse it without saying where. */
static gboolean check_aliases(struct check *c, const char *text, gsize size)
{
	yaml_parser_t parser;
	yaml_token_t token;
	gboolean good = TRUE, more = TRUE;

	yaml_parser_initialize(&parser);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	while (good && more && yaml_parser_scan(&parser, &token)) {
		more = token.type != YAML_STREAM_END_TOKEN;
		if (token.type == YAML_ALIAS_TOKEN || token.type == YAML_ANCHOR_TOKEN)
			good = refuse(c, token.start_mark, "", "anchors and aliases are not supported: write the value out");
		yaml_token_delete(&token);
	}
	yaml_parser_delete(&parser);
	return good;
}

static gboolean check_document(struct check *c, yaml_parser_t *parser)
{
	const yaml_node_t *root;

	if (parser->error != YAML_NO_ERROR)
		return refuse(c, parser->problem_mark, "", "%s",
			      parser->problem == NULL ? "not a YAML document" : parser->problem);
	root = yaml_document_get_root_node(c->document);
	if (root == NULL)
		return refuse(c, (yaml_mark_t){0}, "", "an empty manifest; it needs name, version, maintainer, description");
	return check_node(c, root, &manifest_schema, "");
}

GHashTable *manifest_check(const char *path, const char *text, gsize size, GError **error)
{
	g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	yaml_document_t document = {0};
	struct check c = {.path = path, .document = &document, .places = places, .error = error};
	yaml_parser_t parser;

	if (!check_aliases(&c, text, size))
		return NULL;
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	gboolean loaded = yaml_parser_load(&parser, &document);
	gboolean good = check_document(&c, &parser);
	if (loaded)
		yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return good ? g_steal_pointer(&places) : NULL;
}
