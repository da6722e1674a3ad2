/* Rule ifunc-changed: a function became an indirect one, which is chosen when the library is loaded, or the reverse. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if ((older->kind == FACTS_IFUNC && newer->kind == FACTS_FUNCTION) ||
	    (older->kind == FACTS_FUNCTION && newer->kind == FACTS_IFUNC))
		verdict_find(verdict, rule, VERDICT_SAME, older->name, NULL, "%s -> %s",
			     facts_symbol_kind_name(older->kind), facts_symbol_kind_name(newer->kind));
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_ifunc_changed = {
	.id = "ifunc-changed",
	.why = "callers call either in the same way; but a C library without indirect functions (musl) cannot load "
	       "them",
	.examine = examine,
};
