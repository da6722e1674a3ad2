/* Rule needed-removed: the library no longer needs a library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; older->needed != NULL && older->needed[i] != NULL; i++)
		if (!rules_needs(newer, older->needed[i]))
			verdict_find(verdict, rule, VERDICT_SAME, older->needed[i], NULL, "no longer needed");
}

const struct verdict_rule rule_needed_removed = {
	.id = "needed-removed",
	.why = "programs that used it without saying so, because this library brought it, do not start or lack symbols",
	.instead = "nothing, when programs are linked to what they use (--no-copy-dt-needed-entries is the default)",
	.examine = examine,
};
