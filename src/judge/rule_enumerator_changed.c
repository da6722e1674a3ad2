/* Rule enumerator-changed: a name of an enumeration that callers see stands for another value, or is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/members.h"
#include "judge/rules.h"

/* What the examination of one type needs beside it. */
struct search {
	struct verdict *verdict;
	const struct verdict_rule *rule;
	const struct facts *newer;
	gboolean everywhere; /* headers are known on both sides, so that a constant may have moved to another enumeration */
};

static gboolean find_value(const struct search *s, const struct facts_type *newer, const char *name, guint likely,
			   gint64 *value)
{
	const struct facts_enumerator *e = newer ? members_enumerator(newer, name, likely) : NULL;

	if (e != NULL)
		*value = e->value;
	return e != NULL || (s->everywhere && copies_constant(s->newer, name, value));
}

static void examine_type(const struct search *s, const struct facts_type *older, const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_enumerators; i++) {
		const struct facts_enumerator *a = &older->enumerators[i];
		g_autofree char *subject = g_strdup_printf("%s: %s", older->name, a->name);
		gint64 value;
		if (!find_value(s, newer, a->name, i, &value))
			verdict_find(s->verdict, s->rule, VERDICT_BREAKS, subject, older, "%" G_GINT64_FORMAT " is gone",
				     a->value);
		else if (a->value != value)
			verdict_find(s->verdict, s->rule, VERDICT_BREAKS, subject, older,
				     "%" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT, a->value, value);
	}
}

/* An enumeration that exports lead to and that is gone is for struct-gone to tell. */
static gboolean is_reached(struct verdict *verdict, const struct facts_type *type)
{
	g_autofree const char **via = verdict_via(verdict, type);

	return via[0] != NULL;
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct search s = {verdict, rule, newer, older->headers_known && newer->headers_known};
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p)) {
		const struct facts_type *was = p.old_type, *is = p.new_type;
		if (was != NULL && was->n_enumerators > 0 &&
		    (is != NULL || (s.everywhere && newer->evidence == FACTS_TYPES && !is_reached(verdict, was))))
			examine_type(&s, was, is);
	}
}

const struct verdict_rule rule_enumerator_changed = {
	.id = "enumerator-changed",
	.why = "callers hold the old value as a number; the library takes it for something else",
	.instead = "give new names new values, after the old ones",
	.examine = examine,
};
