/* Rule text-relocations: the library's code is newly changed when it is loaded. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (properties_value(older, FACTS_LOADING, PROPERTIES_TEXT_RELOCATIONS) == NULL &&
	    properties_value(newer, FACTS_LOADING, PROPERTIES_TEXT_RELOCATIONS) != NULL)
		verdict_find(verdict, rule, VERDICT_SAME, PROPERTIES_TEXT_RELOCATIONS, NULL, "newly needed");
}

const struct verdict_rule rule_text_relocations = {
	.id = "text-relocations",
	.why = "SELinux (execmod) and some dynamic linkers refuse it, and processes no longer share its code",
	.instead = "compile everything with -fPIC; -z text lets the linker name what is not",
	.examine = examine,
};
