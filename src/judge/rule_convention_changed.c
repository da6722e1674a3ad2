/* Rule convention-changed: a function is called by another convention than before. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static const char *shown(const struct facts_symbol *symbol)
{
	return symbol->convention ? symbol->convention : "the usual one";
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->declaration != NULL && newer->declaration != NULL &&
	    g_strcmp0(older->convention, newer->convention) != 0)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL, "%s -> %s", shown(older), shown(newer));
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_convention_changed = {
	.id = "convention-changed",
	.why = "callers put the parameters into other registers than the function reads, or expect others to be kept",
	.instead = "add a function with a new name and keep the old one",
	.examine = examine,
};
