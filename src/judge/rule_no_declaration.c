/* Rule no-declaration: exports that debug information does not describe, though it describes others. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/mangled.h"
#include "judge/rules.h"

static gboolean is_described(const struct facts_symbol *symbol)
{
	gboolean unreachable = symbol->kind == FACTS_FUNCTION && mangled_is_local(symbol->name);

	return symbol->declaration != NULL || symbol->kind == FACTS_UNTYPED || mangled_is_derived(symbol->name) || unreachable;
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (!is_described(older) || !is_described(newer))
		verdict_find(verdict, rule, VERDICT_UNKNOWN, older->name, NULL,
			     "debug information of the %s library does not describe it",
			     is_described(older) ? "newer" : "older");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->evidence != FACTS_TYPES || newer->evidence != FACTS_TYPES)
		return;
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_no_declaration = {
	.id = "no-declaration",
	.why = "whether its parameters or type changed cannot be told",
	.instead = "build every source file with -g",
	.examine = examine,
};
