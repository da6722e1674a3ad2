/* Rule abi-flags-changed: the file, or its compiler's options, say that values are passed or stored otherwise. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/properties.h"
#include "judge/rules.h"

#include <string.h>

static gboolean counts(const struct facts_property *p)
{
	return p->kind == FACTS_CONVENTION || p->kind == FACTS_OPTION;
}

static void compare(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_property *older,
		    const struct facts_property *newer)
{
	const struct facts_property *either = older ? older : newer;
	/* Who does not say it may do it all the same; and what options do to types is seen in the types. */
	gboolean breaks = older != NULL && newer != NULL && either->kind == FACTS_CONVENTION;

	if (!counts(either) || (older != NULL && newer != NULL && strcmp(older->value, newer->value) == 0))
		return;
	verdict_find(verdict, rule, breaks ? VERDICT_BREAKS : VERDICT_SAME, either->name, NULL, "%s -> %s",
		     older ? older->value : "not said", newer ? newer->value : "not said");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	guint i = 0, j = 0;

	if (older->machine != newer->machine || older->bits != newer->bits)
		return;
	while (i < older->n_properties || j < newer->n_properties) {
		const struct facts_property *a = i < older->n_properties ? &older->properties[i] : NULL;
		const struct facts_property *b = j < newer->n_properties ? &newer->properties[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : properties_order(a, b);
		compare(verdict, rule, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

const struct verdict_rule rule_abi_flags_changed = {
	.id = "abi-flags-changed",
	.why = "values pass between program and library in other registers or other widths, through every function; or "
	       "the dynamic linker refuses the library",
	.instead = "build for the same ABI of the processor, with the same options",
	.examine = examine,
};
