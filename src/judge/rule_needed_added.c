/* Rule needed-added: the library needs another library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; newer->needed != NULL && newer->needed[i] != NULL; i++)
		if (!rules_needs(older, newer->needed[i]))
			verdict_find(verdict, rule, VERDICT_SAME, newer->needed[i], NULL, "newly needed");
}

const struct verdict_rule rule_needed_added = {
	.id = "needed-added",
	.why = "packages need one dependency more; where that library is not installed, programs do not start",
	.instead = "nothing, when the package names the dependency",
	.examine = examine,
};
