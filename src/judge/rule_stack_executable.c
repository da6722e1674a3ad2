/* Rule stack-executable: the library newly asks for stacks whose bytes may be executed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (properties_value(older, FACTS_LOADING, PROPERTIES_EXECUTABLE_STACK) == NULL &&
	    properties_value(newer, FACTS_LOADING, PROPERTIES_EXECUTABLE_STACK) != NULL)
		verdict_find(verdict, rule, VERDICT_BREAKS, PROPERTIES_EXECUTABLE_STACK, NULL, "newly needed");
}

const struct verdict_rule rule_stack_executable = {
	.id = "stack-executable",
	.why = "glibc since 2.41 refuses to dlopen it, SELinux denies it, and every program that loads it loses a "
	       "protection",
	.instead = "end each assembly file with `.section .note.GNU-stack,\"\",@progbits`, use no nested functions as "
		   "pointers, or link with -z noexecstack",
	.examine = examine,
};
