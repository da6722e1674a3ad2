/* Rule runpath-changed: the library's own dependencies are looked for in other folders. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (g_strcmp0(older->runpath, newer->runpath) != 0)
		verdict_find(verdict, rule, VERDICT_SAME, "runpath", NULL, "%s -> %s",
			     older->runpath ? older->runpath : "none", newer->runpath ? newer->runpath : "none");
}

const struct verdict_rule rule_runpath_changed = {
	.id = "runpath-changed",
	.why = "what the library needs may be found elsewhere, or not at all, or in a folder that others can write",
	.instead = "leave it out where libraries are in the system's folders, and use $ORIGIN where they are not",
	.examine = examine,
};
