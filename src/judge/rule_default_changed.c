/* Rule default-changed: newly linked programs get another version of a symbol; old ones keep theirs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		if (p.old_symbol == NULL || p.new_symbol == NULL || !p.old_symbol->is_default || p.new_symbol->is_default)
			continue;
		const struct facts_symbol *now = facts_find_export(newer, p.old_symbol->name);
		verdict_find(verdict, rule, VERDICT_SAME, p.old_symbol->name, NULL, "default version %s -> %s",
			     p.old_symbol->node ? p.old_symbol->node : "(none)", now && now->node ? now->node : "(none)");
	}
}

const struct verdict_rule rule_default_changed = {
	.id = "default-changed",
	.why = "old programs keep the version that they were linked with",
	.examine = examine,
};
