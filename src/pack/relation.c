/* Relations between packages: see relation.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/relation.h"
#include "pack/error.h"
#include "pack/names.h"

#include <string.h>

struct op_row {
	const char *text;
	enum relation_op op;
};

/* Longer spellings first: the first that matches is taken. */
static const struct op_row op_rows[] = {
	{"<<", RELATION_LESS},	{"<=", RELATION_LESS_EQUAL}, {">>", RELATION_GREATER}, {">=", RELATION_GREATER_EQUAL},
	{"==", RELATION_EQUAL}, {"=", RELATION_EQUAL},	     {"<", RELATION_LESS},     {">", RELATION_GREATER},
};

static const char *const deb_ops[] = {
	[RELATION_ANY] = "",	[RELATION_LESS] = "<<",		 [RELATION_LESS_EQUAL] = "<=",
	[RELATION_EQUAL] = "=", [RELATION_GREATER_EQUAL] = ">=", [RELATION_GREATER] = ">>",
};

static struct relation *refuse(GError **error, const char *text, const char *why)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "'%s': %s", text, why);
	return NULL;
}

static const char *skip_space(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Where the name ends: at white space, an operator, or a bracket that opens a version. */
static const char *name_end(const char *p)
{
	for (; *p != '\0' && strchr(" \t<>=", *p) == NULL; p++)
		if (*p == '(' && strchr("<>=", *skip_space(p + 1)) != NULL)
			break;
	return p;
}

static enum relation_op read_op(const char **p)
{
	for (gsize i = 0; i < G_N_ELEMENTS(op_rows); i++)
		if (g_str_has_prefix(*p, op_rows[i].text)) {
			*p += strlen(op_rows[i].text);
			return op_rows[i].op;
		}
	return RELATION_ANY;
}

/* One of the alternatives. */
static struct relation *parse_one(const char *text, GError **error)
{
	g_autofree char *copy = g_strstrip(g_strdup(text));
	const char *end = name_end(copy);
	g_autofree char *name = g_strndup(copy, (gsize)(end - copy));
	const char *p = skip_space(end);
	gboolean bracket = *p == '(';
	enum relation_op op;

	if (*name == '\0')
		return refuse(error, text, "expected a package name");
	if (*copy == '(')
		return refuse(error, text, "rpm's rich dependencies are not taken; write 'a | b' for alternatives");
	if (*p == '\0')
		return relation_new(name, RELATION_ANY, NULL);
	p = skip_space(p + bracket);
	op = read_op(&p);
	p = skip_space(p);
	gsize length = strcspn(p, " \t()<>=");
	const char *rest = skip_space(p + length);
	if (op == RELATION_ANY || length == 0 || (bracket && *rest++ != ')') || *skip_space(rest) != '\0')
		return refuse(error, text, "expected 'NAME', 'NAME (>= VERSION)' or 'NAME >= VERSION'");
	g_autofree char *version = g_strndup(p, length);
	return relation_new(name, op, version);
}

struct relation *relation_parse(const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, "|", -1);
	g_autoptr(relation) first = parse_one(parts[0] == NULL ? "" : parts[0], error);
	struct relation *last = first;

	for (gsize i = 1; last != NULL && parts[0] != NULL && parts[i] != NULL; i++)
		last = last->alternative = parse_one(parts[i], error);
	return last == NULL ? NULL : g_steal_pointer(&first);
}

struct relation *relation_new(const char *name, enum relation_op op, const char *version)
{
	struct relation *r = g_new0(struct relation, 1);

	r->name = g_strdup(name);
	r->op = version == NULL ? RELATION_ANY : op;
	r->version = g_strdup(version);
	return r;
}

void relation_free(struct relation *relation)
{
	while (relation != NULL) {
		struct relation *next = relation->alternative;
		g_free(relation->name);
		g_free(relation->version);
		g_free(relation);
		relation = next;
	}
}

static char *one_deb(const struct relation *relation, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(relation->name, ":", 2);

	if (!names_check_deb(parts[0], error) || (parts[1] != NULL && !names_check_deb(parts[1], error)))
		return NULL;
	if (relation->op == RELATION_ANY)
		return g_strdup(relation->name);
	if (!names_check_deb_version(relation->version, error))
		return NULL;
	return g_strdup_printf("%s (%s %s)", relation->name, deb_ops[relation->op], relation->version);
}

char *relation_deb(const struct relation *relation, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (; relation != NULL; relation = relation->alternative) {
		g_autofree char *one = one_deb(relation, error);
		if (one == NULL)
			return NULL;
		g_string_append_printf(out, "%s%s", out->len > 0 ? " | " : "", one);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *relation_rich(const struct relation *relation)
{
	static const char *const ops[] = {
		[RELATION_ANY] = "",	[RELATION_LESS] = "<",		 [RELATION_LESS_EQUAL] = "<=",
		[RELATION_EQUAL] = "=", [RELATION_GREATER_EQUAL] = ">=", [RELATION_GREATER] = ">",
	};
	GString *out = g_string_new("(");

	for (const struct relation *r = relation; r != NULL; r = r->alternative) {
		g_string_append_printf(out, "%s%s", r == relation ? "" : " or ", r->name);
		if (r->op != RELATION_ANY)
			g_string_append_printf(out, " %s %s", ops[r->op], r->version);
	}
	g_string_append_c(out, ')');
	return g_string_free(out, FALSE);
}

gboolean relation_check_rpm(const struct relation *relation, GError **error)
{
	for (; relation != NULL; relation = relation->alternative)
		if (!names_check_rpm_capability(relation->name, error) ||
		    (relation->op != RELATION_ANY && !names_check_rpm_version(relation->version, TRUE, error)))
			return FALSE;
	return TRUE;
}
