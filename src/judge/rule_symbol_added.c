/* Rule symbol-added: a new symbol that only new programs can use. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *s = p.new_symbol;
		gboolean joined = s != NULL && s->node != NULL && rules_has_node(older, s->node);
		if (p.old_symbol != NULL || joined || s->is_inline || rules_answers(older, s))
			continue;
		g_autofree char *subject = rules_symbol_name(s);
		verdict_find(verdict, rule, VERDICT_ADDS, subject, NULL, "new %s%s%s", facts_symbol_kind_name(s->kind),
			     s->declaration ? ": " : "", s->declaration ? s->declaration : "");
	}
}

const struct verdict_rule rule_symbol_added = {
	.id = "symbol-added",
	.why = "programs that use it need this version of the library or a newer one",
	.examine = examine,
};
