/* Rule vtable-slot-moved: a virtual function has another place in its class's vtable. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; older->class != NULL && i < older->class->n_virtuals; i++) {
		const struct facts_virtual *a = &older->class->virtuals[i], *b = classes_virtual(newer->class, a->name);
		if (b == NULL || a->slot == b->slot || classes_inherits_slot(verdict->older, older, a->name))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", older->name, a->declaration);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "slot %u -> %u", a->slot, b->slot);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_vtable_slot_moved = {
	.id = "vtable-slot-moved",
	.why = "callers call what stands in the old slot, which is another function now; classes derived in programs fill it "
	       "with the wrong one",
	.instead = "leave virtual functions in their order, and add none before others or to a base class",
	.examine = examine,
};
