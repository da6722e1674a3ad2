/* Rule symbol-joined-node: a new name was put into a node that is already released. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *s = p.new_symbol;
		if (p.old_symbol != NULL || s->node == NULL || s->is_inline || !rules_has_node(older, s->node))
			continue;
		verdict_find(verdict, rule, VERDICT_BREAKS, s->name, NULL, "joined %s, which is released", s->node);
	}
}

const struct verdict_rule rule_symbol_joined_node = {
	.id = "symbol-joined-node",
	.why = "a program that uses it records only the old node, so packages let it be installed beside a library "
	       "without the symbol",
	.instead = "put new symbols into a new node that inherits the old one",
	.examine = examine,
};
