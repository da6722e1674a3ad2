/* Comparing shapes: see shape.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"

#include <string.h>

const char *shape_name(const char *text, const char **name, gsize *length)
{
	const char *end = strchr(text, '}');

	*name = text + 1;
	*length = end ? (gsize)(end - text - 1) : strlen(text + 1);
	return end ? end + 1 : text + strlen(text);
}

/* Names may hold parentheses (C++), so braces are stepped over. */
const char *shape_after_pointer(const char *text)
{
	guint open = 0;

	for (text++; *text != '\0'; text++) {
		const char *name;
		gsize length;
		if (*text == '{') {
			text = shape_name(text, &name, &length) - 1;
			continue;
		}
		open += *text == '(';
		if (*text == ')' && --open == 0)
			return text + 1;
	}
	return text;
}

static gboolean is_pointer(const char *text)
{
	return g_str_has_prefix(text, "p(");
}

static gboolean to_nothing_known(const char *pointer)
{
	return g_str_has_prefix(pointer, "p(void)") || g_str_has_prefix(pointer, "p(?");
}

static const char *skip_enumeration(const char *text)
{
	const char *name;
	gsize length;

	return g_str_has_prefix(text, "={") ? shape_name(text + 1, &name, &length) : text;
}

/* A class by value that one side cannot see into is compared by its name only, as any other. */
static const char *skip_opaque(const char *text)
{
	return g_str_has_prefix(text, "?{") ? text + 1 : text;
}

/* The two names, when both pointers lead to what callers cannot see into. */
static void visit_opaque(const char *a, const char *b, shape_visitor visit, gpointer data)
{
	const char *a_name, *b_name;
	gsize a_length, b_length;

	if (!g_str_has_prefix(a, "p(?{") || !g_str_has_prefix(b, "p(?{"))
		return;
	shape_name(a + strlen("p(?"), &a_name, &a_length);
	shape_name(b + strlen("p(?"), &b_name, &b_length);
	visit(a_name, a_length, b_name, b_length, data);
}

/* "[0]" is an old way to write "[]". What follows the bracket at TEXT[-1], if it is one. */
static const char *skip_zero(const char *text)
{
	return text[-1] == '[' && text[0] == '0' && text[1] == ']' ? text + 1 : text;
}

/* Whom to tell of pairs of names that stand for each other: those that callers see into, and those that they do not. */
struct visitors {
	shape_visitor visible, opaque;
	gpointer data;
};

static void step_over_names(const char **a, const char **b, const struct visitors *v)
{
	const char *a_name, *b_name;
	gsize a_length, b_length;

	*a = shape_name(*a, &a_name, &a_length);
	*b = shape_name(*b, &b_name, &b_length);
	if (v->visible != NULL)
		v->visible(a_name, a_length, b_name, b_length, v->data);
}

static gboolean compare(const char *a, const char *b, gboolean pointers_alike, const struct visitors *v)
{

	for (;;) {
		a = skip_enumeration(a);
		b = skip_enumeration(b);
		a = skip_opaque(a);
		b = skip_opaque(b);
		if (*a == '\0' || *b == '\0')
			break;
		if (is_pointer(a) && is_pointer(b) && (pointers_alike || to_nothing_known(a) || to_nothing_known(b))) {
			if (v->opaque != NULL)
				visit_opaque(a, b, v->opaque, v->data);
			a = shape_after_pointer(a);
			b = shape_after_pointer(b);
		} else if (*a == '{' && *b == '{') {
			step_over_names(&a, &b, v);
		} else if (*a++ != *b++) {
			return FALSE;
		} else {
			a = skip_zero(a);
			b = skip_zero(b);
		}
	}
	return *a == *b;
}

gboolean shape_agrees(const char *a, const char *b)
{
	return compare(a, b, FALSE, &(struct visitors){0});
}

gboolean shape_calls_alike(const char *a, const char *b)
{
	return compare(a, b, TRUE, &(struct visitors){0});
}

void shape_each_opaque(const char *a, const char *b, shape_visitor visit, gpointer data)
{
	compare(a, b, FALSE, &(struct visitors){.opaque = visit, .data = data});
}

void shape_each_visible(const char *a, const char *b, shape_visitor visit, gpointer data)
{
	compare(a, b, FALSE, &(struct visitors){.visible = visit, .data = data});
}
