/* Rule enumerator-added: an enumeration that callers see has a value that it did not have. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/members.h"
#include "judge/rules.h"

/* A new name for an old value: of one that keeps its name too, or lost it, which is enumerator-changed's note. */
static gboolean names_old_value(const struct facts_type *older, const struct facts_enumerator *e,
				const struct facts_type *newer)
{
	const struct facts_enumerator *before = members_enumerator_at(older, e->value);
	const struct facts_enumerator *now = before ? members_enumerator(newer, before->name, 0) : NULL;

	return before != NULL && (now == NULL || now->value == e->value);
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < newer->n_enumerators; i++) {
		const struct facts_enumerator *e = &newer->enumerators[i];
		if (members_enumerator(older, e->name, i) != NULL || names_old_value(older, e, newer))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: %s", newer->name, e->name);
		verdict_find(verdict, rule, VERDICT_ADDS, subject, older, "new value %" G_GINT64_FORMAT, e->value);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_enumerator_added = {
	.id = "enumerator-added",
	.why = "new programs may pass it, and need a library that knows it; old ones may be handed a value that they do not know",
	.instead = "say in the header, from the start, what callers do with values that they do not know",
	.examine = examine,
};
