/* Rule symbol-left-node: a name is still exported, but not under the node that programs recorded. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; i < older->n_exports; i++) {
		const struct facts_symbol *s = &older->exports[i];
		if (!rules_has_name(newer, s->name) || rules_answers(newer, s))
			continue;
		g_autofree char *subject = rules_symbol_name(s);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, NULL, "is exported only under another node");
	}
}

const struct verdict_rule rule_symbol_left_node = {
	.id = "symbol-left-node",
	.why = "programs ask for the name in the node they were linked with, and do not find it there",
	.instead = "leave the symbol where it was released; a new version of it goes beside it (.symver)",
	.examine = examine,
};
