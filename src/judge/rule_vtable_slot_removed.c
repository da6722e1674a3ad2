/* Rule vtable-slot-removed: a virtual function is gone from its class's vtable. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; older->class != NULL && i < older->class->n_virtuals; i++) {
		const struct facts_virtual *v = &older->class->virtuals[i];
		if (classes_virtual(newer->class, v->name) != NULL || classes_inherits_slot(verdict->older, older, v->name) ||
		    classes_inherits_slot(verdict->newer, newer, v->name))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", older->name, v->declaration);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "slot %u is gone", v->slot);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_vtable_slot_removed = {
	.id = "vtable-slot-removed",
	.why = "callers call through a slot that is no longer the function's: another one, or what lies past the vtable",
	.instead = "keep the virtual function, if only as one that calls its successor",
	.examine = examine,
};
