/* Rule symbol-kind: a function became an object, an object became thread-local, or the like. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

/* An indirect function is called like any other. */
static gboolean same_kind(enum facts_symbol_kind a, enum facts_symbol_kind b)
{
	gboolean a_called = a == FACTS_FUNCTION || a == FACTS_IFUNC, b_called = b == FACTS_FUNCTION || b == FACTS_IFUNC;

	return a == b || (a_called && b_called) || a == FACTS_UNTYPED || b == FACTS_UNTYPED;
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p))
		if (p.old_symbol != NULL && p.new_symbol != NULL && !same_kind(p.old_symbol->kind, p.new_symbol->kind))
			verdict_find(verdict, rule, VERDICT_BREAKS, p.old_symbol->name, NULL, "%s -> %s",
				     facts_symbol_kind_name(p.old_symbol->kind), facts_symbol_kind_name(p.new_symbol->kind));
}

const struct verdict_rule rule_symbol_kind = {
	.id = "symbol-kind",
	.why = "programs call what is no code, or read and write what is no data, or miss the thread's own copy",
	.instead = "give the new thing a new name",
	.examine = examine,
};
