/* Rule pointee-changed: a parameter, result or variable is still a pointer, but points to another kind of value. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/variant.h"
#include "judge/rules.h"

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->shape == NULL || newer->shape == NULL || !shape_calls_alike(older->shape, newer->shape) ||
	    shape_agrees(older->shape, newer->shape))
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL, "%s -> %s", older->declaration, newer->declaration);
	variant_note(verdict, older->declaration, newer->declaration);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_pointee_changed = {
	.id = "pointee-changed",
	.why = "the library reads or writes through the pointer what the caller did not put there",
	.instead = "add a function with a new name and keep the old one",
	.examine = examine,
};
