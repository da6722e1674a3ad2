/* Rule floor-raised: the library requires a later version of another library than before. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

#include <string.h>

#define SHOWN 3

/* Where the number of a version node begins: "GLIBC_2.34" -> "2.34"; at its end when there is none. */
static const char *number_of(const char *node)
{
	for (const char *p = node; *p != '\0'; p++)
		if (*p == '_' && g_ascii_isdigit(p[1]))
			return p + 1;
	return node + strlen(node);
}

/* Are the two of one series, such as all GLIBC_ nodes of libc.so.6? */
static gboolean one_series(const struct facts_need *a, const struct facts_need *b)
{
	gsize length = (gsize)(number_of(a->node) - a->node);

	return strcmp(a->library, b->library) == 0 && (gsize)(number_of(b->node) - b->node) == length &&
	       strncmp(a->node, b->node, length) == 0 && (*number_of(a->node) != '\0' || strcmp(a->node, b->node) == 0);
}

/* The latest node of the series that LIKE is in, or NULL. */
static const struct facts_need *latest(const struct facts *facts, const struct facts_need *like)
{
	const struct facts_need *found = NULL;

	for (guint i = 0; i < facts->n_needs; i++) {
		const struct facts_need *n = &facts->needs[i];
		if (one_series(n, like) &&
		    (found == NULL || strverscmp(number_of(n->node), number_of(found->node)) > 0))
			found = n;
	}
	return found;
}

static gboolean requires(const struct facts *facts, const char *library)
{
	for (guint i = 0; i < facts->n_needs; i++)
		if (strcmp(facts->needs[i].library, library) == 0)
			return TRUE;
	return rules_needs(facts, library);
}

/* " for strlcat, strlcpy": what is imported with this node; nothing when that is not known, as of a snapshot. */
static char *symbols_of(const struct facts *facts, const struct facts_need *need)
{
	GString *text = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < facts->n_imports; i++) {
		const struct facts_symbol *s = &facts->imports[i];
		if (g_strcmp0(s->node, need->node) != 0 || g_strcmp0(s->library, need->library) != 0)
			continue;
		if (n++ < SHOWN)
			g_string_append_printf(text, "%s%s", n == 1 ? " for " : ", ", s->name);
	}
	if (n > SHOWN)
		g_string_append_printf(text, " and %u more", n - SHOWN);
	return g_string_free(text, FALSE);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; i < newer->n_needs; i++) {
		const struct facts_need *now = &newer->needs[i], *before = latest(older, now);
		/* A library that was not needed at all is needed-added's finding. */
		if (now != latest(newer, now) || !requires(older, now->library) ||
		    (before != NULL && strverscmp(number_of(before->node), number_of(now->node)) >= 0))
			continue;
		g_autofree char *symbols = symbols_of(newer, now);
		verdict_find(verdict, rule, VERDICT_SAME, now->library, NULL, "%s -> %s%s",
			     before ? before->node : "no such node", now->node, symbols);
	}
}

const struct verdict_rule rule_floor_raised = {
	.id = "floor-raised",
	.why = "servers with an older version of that library cannot load this one",
	.instead = "build where the oldest supported version is installed, or do without what is new; packages must "
		   "name the version",
	.examine = examine,
};
