/* Rule soname-changed: old programs ask for a soname that this library no longer has. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->soname == NULL || g_strcmp0(older->soname, newer->soname) == 0)
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, older->soname, NULL, "is now %s",
		     newer->soname ? newer->soname : "without a soname");
}

const struct verdict_rule rule_soname_changed = {
	.id = "soname-changed",
	.why = "programs built against the old soname do not load this library",
	.instead = "install both: the packages are named by soname and do not replace each other",
	.examine = examine,
};
