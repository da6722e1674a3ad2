/* Rule signature-changed: a function or variable is called or read differently by machine code. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

#include "inspect/shape.h"
#include "judge/variant.h"

/* A variable of another size is object-size's finding. */
static gboolean resized(const struct facts_symbol *a, const struct facts_symbol *b)
{
	return a->size != b->size && (a->kind == FACTS_OBJECT || a->kind == FACTS_TLS);
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->shape == NULL || newer->shape == NULL || shape_calls_alike(older->shape, newer->shape) ||
	    resized(older, newer) || rules_only_returns_now(older, newer))
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL, "%s -> %s", older->declaration, newer->declaration);
	variant_note(verdict, older->declaration, newer->declaration);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_signature_changed = {
	.id = "signature-changed",
	.why = "compiled callers pass or expect other registers, widths or counts",
	.instead = "add a function with a new name and keep the old one",
	.examine = examine,
};
