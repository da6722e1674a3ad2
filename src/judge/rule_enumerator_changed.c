/* Rule enumerator-changed: a name of an enumeration that callers see stands for another value, or is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/intent.h"
#include "judge/members.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_enumerators; i++) {
		const struct facts_enumerator *a = &older->enumerators[i], *b = members_enumerator(newer, a->name, i);
		const struct facts_enumerator *renamed = b == NULL ? members_enumerator_at(newer, a->value) : NULL;
		g_autofree char *subject = g_strdup_printf("%s: %s", older->name, a->name);
		if (b == NULL && copies_moved(verdict, a->name))
			continue;
		if (renamed != NULL && members_enumerator(older, renamed->name, i) == NULL)
			verdict_find(verdict, rule, VERDICT_SAME, subject, older, "%" G_GINT64_FORMAT " is now called %s",
				     a->value, renamed->name);
		else if (b == NULL)
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "%" G_GINT64_FORMAT " is gone",
				     a->value);
		else if (a->value != b->value && !intent_sentinel_moved(older, a, newer))
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older,
				     "%" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT, a->value, b->value);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_enumerator_changed = {
	.id = "enumerator-changed",
	.why = "callers hold the old value as a number; the library takes it for something else",
	.instead = "give new names new values, after the old ones",
	.examine = examine,
};
