/* Rule no-declaration: exports that debug information does not describe, though it describes others. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/mangled.h"
#include "judge/rules.h"

static gboolean is_described(const struct facts_symbol *symbol)
{
	gboolean unreachable = symbol->kind == FACTS_FUNCTION && mangled_is_local(symbol->name);

	return symbol->declaration != NULL || symbol->kind == FACTS_UNTYPED || mangled_is_derived(symbol->name) || unreachable;
}

/* What calls a function sees only its machine code: where that is the same, nothing changed for it. */
static gboolean same_code(const struct facts_symbol *older, const struct facts_symbol *newer)
{
	return older->code != 0 && older->code == newer->code;
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	gboolean older_told = is_described(older), newer_told = is_described(newer);

	if (older_told && newer_told)
		return;
	if (same_code(older, newer))
		verdict->by_code++;
	else
		verdict_find(verdict, rule, VERDICT_UNKNOWN, older->name, NULL, "debug information of %s does not describe it%s",
			     older_told ? "the newer library" : newer_told ? "the older library" : "either library",
			     older->code != 0 && newer->code != 0 ? ", and its machine code differs" : "");
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
	.instead = "build every source file with -g; what is written in assembly is described when a C file of the library that "
		   "uses it is built with -g",
	.examine = examine,
};
