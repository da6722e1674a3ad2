/* Rule no-debug: one side has no debug information that tells types. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine_side(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *side)
{
	if (side->evidence == FACTS_TYPES)
		return;
	verdict_find(verdict, rule, VERDICT_UNKNOWN, side->path, NULL, "%s%s%s",
		     side->evidence == FACTS_NO_DEBUG ? "has no debug information"
						      : "has debug information without types (-g1)",
		     side->debug_missing ? ": " : "", side->debug_missing ? side->debug_missing : "");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	examine_side(verdict, rule, older);
	examine_side(verdict, rule, newer);
}

const struct verdict_rule rule_no_debug = {
	.id = "no-debug",
	.why = "a changed struct or parameter would not be seen",
	.instead = "judge the libraries as built with -g, or give the debug information that was stripped from them",
	.examine = examine,
};
