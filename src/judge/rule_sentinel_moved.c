/* Rule sentinel-moved: the enumerator that counts the others has a higher value, because there are more of them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/intent.h"
#include "judge/members.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; i < older->n_enumerators; i++) {
		const struct facts_enumerator *e = &older->enumerators[i];
		if (!intent_sentinel_moved(older, e, newer))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: %s", older->name, e->name);
		verdict_find(verdict, rule, e->sentinel ? VERDICT_ADDS : VERDICT_BREAKS, subject, older,
			     "%" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT, e->value,
			     members_enumerator(newer, e->name, i)->value);
		verdict_because(verdict, e->sentinel ? "callers do not use it: it is marked so (ABIDE_SENTINEL)"
						     : "only its name says that it counts the others, not that callers leave it alone");
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_sentinel_moved = {
	.id = "sentinel-moved",
	.why = "callers size arrays and end loops with the old value: the library goes past their end, and values that it "
	       "hands out are not below their limit",
	.instead = "leave it out of the public header; or say there that callers do not use it, and mark it: "
		   "ABIDE_SENTINEL(enumerator), abide.h",
	.examine = examine,
};
