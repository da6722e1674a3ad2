/* Rule constant-changed: a constant of the public headers is in another enumeration with another value, or nowhere. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/members.h"
#include "judge/rules.h"

/* An enumeration that exports lead to and that is gone is for struct-gone to tell. */
static gboolean is_reached(struct verdict *verdict, const struct facts_type *type)
{
	g_autofree const char **via = verdict_via(verdict, type);

	return via[0] != NULL;
}

/* NEWER: the enumeration of the same name, whose own constants enumerator-changed compares; or NULL. */
static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	gboolean alone = newer == NULL && !is_reached(verdict, older);

	for (guint i = 0; i < older->n_enumerators; i++) {
		const struct facts_enumerator *a = &older->enumerators[i];
		g_autofree char *subject = g_strdup_printf("%s: %s", older->name, a->name);
		gint64 value = a->value;
		if (newer != NULL && members_enumerator(newer, a->name, i) != NULL)
			continue;
		gboolean found = copies_constant(verdict->newer, a->name, &value);
		if (found && value != a->value)
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older,
				     "%" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT, a->value, value);
		else if (!found && alone)
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "%" G_GINT64_FORMAT " is gone", a->value);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	if (!older->headers_known || !newer->headers_known || newer->evidence != FACTS_TYPES)
		return;
	while (pairs_next_type(&p))
		if (p.old_type != NULL)
			examine_type(verdict, rule, p.old_type, p.new_type);
}

const struct verdict_rule rule_constant_changed = {
	.id = "constant-changed",
	.why = "callers hold the old value as a number; the library takes it for something else",
	.instead = "keep the name and its value; give new names new values",
	.examine = examine,
};
