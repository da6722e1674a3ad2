/* YAML files checked against a libcyaml schema, with errors that help, and loaded by libcyaml: see yaml.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml_private.h"

#include <string.h>

/* A walk down the document and the schema side by side; place is where it stands. */
struct walk {
	const struct yamlfile *file;
	GString *place;
	GError **error;
};

static gboolean check_value(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema);

/* "packages[0]: " or nothing at the top. */
static char *place_prefix(const struct walk *walk)
{
	return walk->place->len > 0 ? g_strdup_printf("%s: ", walk->place->str) : g_strdup("");
}

static gboolean G_GNUC_PRINTF(3, 4)
	fail(const struct walk *walk, const yaml_mark_t *mark, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	return yamlfile_fail_mark(walk->file, mark, walk->error, YAMLFILE_ERROR, YAMLFILE_ERROR_SCHEMA, "%s",
				   message);
}

/* Edit distance in which two neighbours that changed places count once (optimal string alignment). */
static guint distance(const char *a, const char *b)
{
	gsize la = strlen(a), lb = strlen(b);
	g_autofree guint *cells = g_new(guint, (la + 1) * (lb + 1));
#define CELL(i, j) cells[(i) * (lb + 1) + (j)]

	for (gsize i = 0; i <= la; i++)
		for (gsize j = 0; j <= lb; j++) {
			if (i == 0 || j == 0) {
				CELL(i, j) = (guint)(i + j);
				continue;
			}
			guint changed = CELL(i - 1, j - 1) + (a[i - 1] != b[j - 1]);
			CELL(i, j) = MIN(MIN(CELL(i - 1, j), CELL(i, j - 1)) + 1, changed);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				CELL(i, j) = MIN(CELL(i, j), CELL(i - 2, j - 2) + 1);
		}
	return CELL(la, lb);
#undef CELL
}

/* A longer word cannot be a slip of the pen, and would make the table of distances large. */
#define LONGEST_WORD 64

/* "; did you mean 'version'?" when one of the names is near, else "; known here: a, b, c". */
static char *suggest(const char *word, const GPtrArray *names)
{
	const char *nearest = NULL;
	guint least = (guint)MAX(1, MIN(strlen(word), LONGEST_WORD) / 3) + 1;

	for (guint i = 0; i < names->len && strlen(word) <= LONGEST_WORD; i++) {
		guint d = distance(word, names->pdata[i]);
		if (d < least) {
			least = d;
			nearest = names->pdata[i];
		}
	}
	if (nearest != NULL)
		return g_strdup_printf("; did you mean '%s'?", nearest);
	GString *text = g_string_new("; known here: ");
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", (const char *)names->pdata[i]);
	return g_string_free(text, FALSE);
}

static const char *node_name(const yaml_node_t *node)
{
	if (yamlfile_is_null(node))
		return "nothing";
	return node->type == YAML_MAPPING_NODE    ? "a mapping"
	       : node->type == YAML_SEQUENCE_NODE ? "a list"
						  : "a single value";
}

static gboolean fail_type(const struct walk *walk, const yaml_node_t *node, const char *expected)
{
	g_autofree char *prefix = place_prefix(walk);

	if (node->type == YAML_SCALAR_NODE && !yamlfile_is_null(node))
		return fail(walk, &node->start_mark, "%sexpected %s, found '%.40s'", prefix, expected,
			    (const char *)node->data.scalar.value);
	return fail(walk, &node->start_mark, "%sexpected %s, found %s", prefix, expected, node_name(node));
}

static const cyaml_schema_field_t *find_field(const cyaml_schema_field_t *fields, const char *key)
{
	for (; fields->key != NULL; fields++)
		if (strcmp(fields->key, key) == 0)
			return fields;
	return NULL;
}

static gboolean fail_unknown_key(const struct walk *walk, const yaml_node_t *key, const cyaml_schema_field_t *fields)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *prefix = place_prefix(walk);

	for (const cyaml_schema_field_t *f = fields; f->key != NULL; f++)
		g_ptr_array_add(names, (gpointer)f->key);
	g_autofree char *hint = suggest((const char *)key->data.scalar.value, names);
	return fail(walk, &key->start_mark, "%sunknown key '%s'%s", prefix, (const char *)key->data.scalar.value, hint);
}

static gboolean check_mapping(struct walk *walk, const yaml_node_t *node, const cyaml_schema_field_t *fields)
{
	gsize length = walk->place->len;

	if (node->type != YAML_MAPPING_NODE)
		return fail_type(walk, node, "a mapping (key: value)");
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yamlfile_node(walk->file, p->key);
		const cyaml_schema_field_t *field = find_field(fields, (const char *)key->data.scalar.value);
		if (field == NULL)
			return fail_unknown_key(walk, key, fields);
		g_string_append_printf(walk->place, "%s%s", length > 0 ? "." : "", field->key);
		if (!check_value(walk, yamlfile_node(walk->file, p->value), &field->value))
			return FALSE;
		g_string_truncate(walk->place, length);
	}
	for (const cyaml_schema_field_t *f = fields; f->key != NULL; f++) {
		g_autofree char *prefix = place_prefix(walk);
		if ((f->value.flags & CYAML_FLAG_OPTIONAL) == 0 && yamlfile_find_pair(walk->file, node, f->key) == NULL)
			return fail(walk, &node->start_mark, "%sthe key '%s' is missing", prefix, f->key);
	}
	return TRUE;
}

static gboolean check_sequence(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	gsize length = walk->place->len;
	gsize count;

	if (node->type != YAML_SEQUENCE_NODE)
		return fail_type(walk, node, "a list (lines that begin with '- ')");
	count = (gsize)(node->data.sequence.items.top - node->data.sequence.items.start);
	if (count < schema->sequence.min || count > schema->sequence.max)
		return fail(walk, &node->start_mark, "%s: expected %s %u elements, found %" G_GSIZE_FORMAT,
			    walk->place->str, count < schema->sequence.min ? "at least" : "at most",
			    count < schema->sequence.min ? schema->sequence.min : schema->sequence.max, count);
	for (gsize i = 0; i < count; i++) {
		g_string_append_printf(walk->place, "[%" G_GSIZE_FORMAT "]", i);
		if (!check_value(walk, yamlfile_node(walk->file, node->data.sequence.items.start[i]),
				 schema->sequence.entry))
			return FALSE;
		g_string_truncate(walk->place, length);
	}
	return TRUE;
}

static gboolean check_string(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	g_autofree char *prefix = place_prefix(walk);

	if (node->type != YAML_SCALAR_NODE || (schema->string.min > 0 && yamlfile_is_null(node)))
		return fail_type(walk, node, "a text");
	if (node->data.scalar.length < schema->string.min)
		return fail(walk, &node->start_mark, "%sexpected at least %u characters", prefix, schema->string.min);
	if (node->data.scalar.length > schema->string.max)
		return fail(walk, &node->start_mark, "%sexpected at most %u bytes", prefix, schema->string.max);
	return TRUE;
}

static gboolean check_number(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	guint bits = MIN(schema->data_size, 8) * 8;
	gint64 high = schema->type == CYAML_INT ? (gint64)(G_MAXUINT64 >> (65 - bits))
						: (gint64)(bits > 63 ? G_MAXINT64 : (G_GINT64_CONSTANT(1) << bits) - 1);
	gint64 low = schema->type == CYAML_INT ? -high - 1 : 0;

	if (node->type != YAML_SCALAR_NODE)
		return fail_type(walk, node, "a whole number");
	if (!g_ascii_string_to_signed((const char *)node->data.scalar.value, 10, low, high, NULL, NULL)) {
		g_autofree char *expected =
			g_strdup_printf("a whole number, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, low, high);
		return fail_type(walk, node, expected);
	}
	return TRUE;
}

static gboolean check_float(struct walk *walk, const yaml_node_t *node)
{
	char *end = NULL;

	if (node->type == YAML_SCALAR_NODE && node->data.scalar.length > 0) {
		g_ascii_strtod((const char *)node->data.scalar.value, &end);
		if (*end == '\0')
			return TRUE;
	}
	return fail_type(walk, node, "a number");
}

/* libcyaml takes every word that it does not know for true; a slip of the pen must not switch something on. */
static gboolean check_bool(struct walk *walk, const yaml_node_t *node)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off", NULL};

	if (node->type == YAML_SCALAR_NODE && g_strv_contains(words, (const char *)node->data.scalar.value))
		return TRUE;
	return fail_type(walk, node, "true or false");
}

static gboolean check_enum(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *prefix = place_prefix(walk);

	if (node->type != YAML_SCALAR_NODE)
		return fail_type(walk, node, "one word");
	for (guint i = 0; i < schema->enumeration.count; i++) {
		if (yamlfile_is(node, schema->enumeration.strings[i].str))
			return TRUE;
		g_ptr_array_add(names, (gpointer)schema->enumeration.strings[i].str);
	}
	g_autofree char *hint = suggest((const char *)node->data.scalar.value, names);
	return fail(walk, &node->start_mark, "%s'%.40s' is not a value for this key%s", prefix,
		    (const char *)node->data.scalar.value, hint);
}

static gboolean check_flags(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return fail_type(walk, node, "a list of words");
	for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++)
		if (!check_enum(walk, yamlfile_node(walk->file, *i), schema))
			return FALSE;
	return TRUE;
}

static gboolean check_value(struct walk *walk, const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	if ((schema->flags & CYAML_FLAG_POINTER_NULL) == CYAML_FLAG_POINTER_NULL && yamlfile_is_null(node))
		return TRUE;
	switch (schema->type) {
	case CYAML_MAPPING:
		return check_mapping(walk, node, schema->mapping.fields);
	case CYAML_SEQUENCE:
	case CYAML_SEQUENCE_FIXED:
		return check_sequence(walk, node, schema);
	case CYAML_STRING:
		return check_string(walk, node, schema);
	case CYAML_INT:
	case CYAML_UINT:
		return check_number(walk, node, schema);
	case CYAML_FLOAT:
		return check_float(walk, node);
	case CYAML_BOOL:
		return check_bool(walk, node);
	case CYAML_ENUM:
		return check_enum(walk, node, schema);
	case CYAML_FLAGS:
		return check_flags(walk, node, schema);
	case CYAML_BITFIELD:
	case CYAML_IGNORE:
	case CYAML__TYPE_COUNT:
		break;
	}
	return TRUE;
}

static void keep_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
	(void)level;
	g_string_append_vprintf(context, format, args);
}

static const cyaml_config_t base_config = {
	.mem_fn = cyaml_mem,
	.log_level = CYAML_LOG_ERROR,
	.flags = CYAML_CFG_NO_ALIAS,
};

static gboolean load(const struct yamlfile *file, const cyaml_schema_value_t *schema, gpointer *value, guint *n,
		     GError **error)
{
	g_autoptr(GString) place = g_string_new(NULL);
	g_autoptr(GString) log = g_string_new(NULL);
	struct walk walk = {.file = file, .place = place, .error = error};
	cyaml_config_t config = base_config;
	cyaml_err_t failed;

	*value = NULL;
	if (!check_value(&walk, yamlfile_root(file), schema))
		return FALSE;
	config.log_fn = keep_log;
	config.log_ctx = log;
	failed = cyaml_load_data((const guint8 *)file->text, file->size, &config, schema, value, n);
	if (failed == CYAML_OK)
		return TRUE;
	/* The walk above let through what libcyaml does not take: its own words are better than none. */
	g_strdelimit(log->str, "\n", ' ');
	return yamlfile_fail(file, "", error, YAMLFILE_ERROR, YAMLFILE_ERROR_SCHEMA, "%s (%s)",
			      cyaml_strerror(failed), g_strstrip(log->str));
}

gboolean yamlfile_load(const struct yamlfile *file, const cyaml_schema_value_t *schema, gpointer *value,
			GError **error)
{
	return load(file, schema, value, NULL, error);
}

gboolean yamlfile_load_list(const struct yamlfile *file, const cyaml_schema_value_t *schema, gpointer *items, guint *n,
			    GError **error)
{
	*n = 0;
	return load(file, schema, items, n, error);
}

void yamlfile_release_list(const cyaml_schema_value_t *schema, gpointer items, guint n)
{
	if (items != NULL)
		cyaml_free(&base_config, schema, items, n);
}

void yamlfile_release(const cyaml_schema_value_t *schema, gpointer value)
{
	if (value != NULL)
		cyaml_free(&base_config, schema, value, 0);
}
