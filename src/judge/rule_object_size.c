/* Rule object-size: an exported variable has another size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *a = p.old_symbol, *b = p.new_symbol;
		if (a == NULL || b == NULL || a->size == b->size || a->kind != b->kind ||
		    (a->kind != FACTS_OBJECT && a->kind != FACTS_TLS))
			continue;
		verdict_find(verdict, rule, VERDICT_BREAKS, a->name, NULL,
			     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", a->size, b->size);
	}
}

const struct verdict_rule rule_object_size = {
	.id = "object-size",
	.why = "a program holds a copy of the old size (copy relocation); the library uses it with the new one",
	.instead = "export a function that returns a pointer to it",
	.examine = examine,
};
