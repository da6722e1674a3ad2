/* Rule object-size: an exported variable has another size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->size == newer->size || older->kind != newer->kind ||
	    (older->kind != FACTS_OBJECT && older->kind != FACTS_TLS))
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL,
		     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", older->size, newer->size);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_export(verdict, rule, older, newer, examine_export);
}

const struct verdict_rule rule_object_size = {
	.id = "object-size",
	.why = "a program holds a copy of the old size (copy relocation); the library uses it with the new one",
	.instead = "export a function that returns a pointer to it",
	.examine = examine,
};
