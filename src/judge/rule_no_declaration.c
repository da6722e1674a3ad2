/* Rule no-declaration: exports that debug information does not describe, though it describes others. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static gboolean is_described(const struct facts_symbol *symbol)
{
	return symbol->declaration != NULL || symbol->kind == FACTS_UNTYPED;
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->evidence != FACTS_TYPES || newer->evidence != FACTS_TYPES)
		return;
	struct pairs p = pairs_begin(older, newer);
	while (pairs_next_export(&p)) {
		if (p.old_symbol == NULL || p.new_symbol == NULL ||
		    (is_described(p.old_symbol) && is_described(p.new_symbol)))
			continue;
		verdict_find(verdict, rule, VERDICT_UNKNOWN, p.old_symbol->name, NULL,
			     "debug information of the %s library does not describe it",
			     is_described(p.old_symbol) ? "newer" : "older");
	}
}

const struct verdict_rule rule_no_declaration = {
	.id = "no-declaration",
	.why = "whether its parameters or type changed cannot be told",
	.instead = "build every source file with -g",
	.examine = examine,
};
