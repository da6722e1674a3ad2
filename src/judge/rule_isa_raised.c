/* Rule isa-raised: the library needs a processor that can do more. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "judge/rules.h"

#include <string.h>

/* "v3" -> 3; the first level is what every x86-64 processor has. */
static guint64 level(const struct facts *facts)
{
	const char *value = properties_value(facts, FACTS_ISA, PROPERTIES_X86_LEVEL);

	return value != NULL && *value == 'v' ? MAX(g_ascii_strtoull(value + 1, NULL, 10), 1) : 1;
}

/* Of other machines the names of what is needed are not in an order: whether it is more, a person can say. */
static void compare_names(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			  const struct facts *newer)
{
	for (guint i = 0; i < newer->n_properties; i++) {
		const struct facts_property *p = &newer->properties[i];
		if (p->kind != FACTS_ISA || strcmp(p->name, PROPERTIES_X86_LEVEL) == 0)
			continue;
		const char *before = properties_value(older, FACTS_ISA, p->name);
		if (g_strcmp0(before, p->value) != 0)
			verdict_find(verdict, rule, VERDICT_SAME, p->name, NULL,
				     "%s -> %s: older processors may not do", before ? before : "not needed", p->value);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	guint64 before = level(older), now = level(newer);

	if (older->machine != newer->machine)
		return;
	if (now > before)
		verdict_find(verdict, rule, VERDICT_BREAKS, PROPERTIES_X86_LEVEL, NULL,
			     "v%" G_GUINT64_FORMAT " -> v%" G_GUINT64_FORMAT, before, now);
	compare_names(verdict, rule, older, newer);
}

const struct verdict_rule rule_isa_raised = {
	.id = "isa-raised",
	.why = "a server whose processor lacks the instructions does not load the library, or it dies there",
	.instead = "build for the level that was released, and choose faster code at run time (glibc-hwcaps folders, "
		   "IFUNC)",
	.examine = examine,
};
