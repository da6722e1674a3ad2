/* Rule enumerator-added: a note, because old callers may meet a value that they do not know. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/members.h"
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p)) {
		if (p.old_type == NULL || p.new_type == NULL)
			continue;
		for (guint i = 0; i < p.new_type->n_enumerators; i++) {
			const struct facts_enumerator *e = &p.new_type->enumerators[i];
			if (members_enumerator(p.old_type, e->name, i) != NULL)
				continue;
			g_autofree char *subject = g_strdup_printf("%s: %s", p.new_type->name, e->name);
			verdict_find(verdict, rule, VERDICT_SAME, subject, p.old_type->via,
				     "new value %" G_GINT64_FORMAT, e->value);
		}
	}
}

const struct verdict_rule rule_enumerator_added = {
	.id = "enumerator-added",
	.why = "old callers may be handed a value that they do not know",
	.examine = examine,
};
