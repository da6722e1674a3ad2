/* Rule enumerator-added: a note, because old callers may meet a value that they do not know. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/members.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < newer->n_enumerators; i++) {
		const struct facts_enumerator *e = &newer->enumerators[i];
		if (members_enumerator(older, e->name, i) != NULL)
			continue;
		g_autofree char *subject = g_strdup_printf("%s: %s", newer->name, e->name);
		verdict_find(verdict, rule, VERDICT_SAME, subject, older, "new value %" G_GINT64_FORMAT, e->value);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_enumerator_added = {
	.id = "enumerator-added",
	.why = "old callers may be handed a value that they do not know",
	.examine = examine,
};
