/* Macros, inline functions and constants of two releases: see copies.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

#include <string.h>

const struct facts_inlined *copies_find(const struct facts *facts, const char *name, enum facts_inlined_kind kind)
{
	guint low = 0, high = facts->n_inlined;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct facts_inlined *i = &facts->inlined[middle];
		int order = strcmp(i->name, name);
		if (order == 0)
			order = (int)i->kind - (int)kind;
		if (order == 0)
			return i;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void copies_each(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		 const struct facts *newer, enum facts_inlined_kind kind, copies_examiner examine)
{
	if (!older->headers_known || !newer->headers_known)
		return;
	for (guint i = 0; i < older->n_inlined; i++) {
		const struct facts_inlined *was = &older->inlined[i];
		if (was->kind == kind)
			examine(verdict, rule, newer, was, copies_find(newer, was->name, kind));
	}
}

gboolean copies_integer(const char *text, gint64 *value)
{
	gsize n = strlen(text);
	gboolean in_parens = n > 2 && text[0] == '(' && text[n - 1] == ')';
	g_autofree char *inner = in_parens ? g_strndup(text + 1, n - 2) : g_strdup(text);
	char *end;

	if (*inner == '\0' || g_ascii_isspace(*inner))
		return FALSE;
	*value = *inner == '-' ? g_ascii_strtoll(inner, &end, 0) : (gint64)g_ascii_strtoull(inner, &end, 0);
	return end > inner && end[strspn(end, "uUlL")] == '\0';
}

gboolean copies_constant(const struct facts *facts, const char *name, gint64 *value)
{
	for (guint i = 0; i < facts->n_types; i++)
		for (guint e = 0; e < facts->types[i].n_enumerators; e++)
			if (strcmp(facts->types[i].enumerators[e].name, name) == 0) {
				*value = facts->types[i].enumerators[e].value;
				return TRUE;
			}
	const struct facts_inlined *macro = copies_find(facts, name, FACTS_MACRO);
	return macro != NULL && copies_integer(macro->text, value);
}

gboolean copies_moved(const struct verdict *verdict, const char *name)
{
	gint64 value;

	return verdict->older->headers_known && verdict->newer->headers_known &&
	       copies_constant(verdict->newer, name, &value);
}

const char *copies_stands_for(const struct facts *facts, const char *name)
{
	gint64 value;

	if (rules_has_name(facts, name))
		return "an exported symbol";
	if (copies_find(facts, name, FACTS_INLINE_FUNCTION) != NULL)
		return "an inline function";
	if (copies_find(facts, name, FACTS_MACRO) != NULL)
		return "a macro";
	return copies_constant(facts, name, &value) ? "a constant" : NULL;
}
