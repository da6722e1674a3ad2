/* Rule hardening-lost: the code is no longer made for a protection that the processor offers. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->machine != newer->machine)
		return;
	for (guint i = 0; i < older->n_properties; i++) {
		const struct facts_property *p = &older->properties[i];
		if (p->kind == FACTS_HARDENING && properties_value(newer, FACTS_HARDENING, p->name) == NULL)
			verdict_find(verdict, rule, VERDICT_SAME, p->name, NULL, "no longer supported");
	}
}

const struct verdict_rule rule_hardening_lost = {
	.id = "hardening-lost",
	.why = "one library without it switches the protection off for the whole process; where it is enforced, the "
	       "library is refused",
	.instead = "compile everything with -fcf-protection (x86) or -mbranch-protection=standard (AArch64), assembly "
		   "included",
	.examine = examine,
};
