/* Rule soname-needless: the soname changed although nothing else breaks. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

/* Runs after all other rules: what they found is what the soname may have changed for. */
static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->soname == NULL || newer->soname == NULL || g_strcmp0(older->soname, newer->soname) == 0)
		return;
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct verdict_finding *f = verdict->findings->pdata[i];
		if (f->word >= VERDICT_UNKNOWN && f->rule != &rule_soname_changed)
			return;
	}
	verdict_find(verdict, rule, VERDICT_SAME, newer->soname, NULL, "changed from %s, and nothing else breaks",
		     older->soname);
}

const struct verdict_rule rule_soname_needless = {
	.id = "soname-needless",
	.why = "every program must be rebuilt to get this library, and none would have had to be",
	.instead = "keep the old soname and raise the minor version",
	.examine = examine,
};
