/* Rule symbol-kind: a function became an object, an object became thread-local, or the like. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

/* An indirect function is called like any other. */
static gboolean same_kind(enum facts_symbol_kind a, enum facts_symbol_kind b)
{
	gboolean a_called = a == FACTS_FUNCTION || a == FACTS_IFUNC, b_called = b == FACTS_FUNCTION || b == FACTS_IFUNC;

	return a == b || (a_called && b_called) || a == FACTS_UNTYPED || b == FACTS_UNTYPED;
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (!same_kind(older->kind, newer->kind))
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL, "%s -> %s",
			     facts_symbol_kind_name(older->kind), facts_symbol_kind_name(newer->kind));
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_symbol_kind = {
	.id = "symbol-kind",
	.why = "programs call what is no code, or read and write what is no data, or miss the thread's own copy",
	.instead = "give the new thing a new name",
	.examine = examine,
};
