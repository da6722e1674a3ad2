/* Rule vtable-slot-removed: a virtual function is gone from its class's vtable. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

static void examine_pair(struct verdict *verdict, const struct verdict_rule *rule, const struct pairs *p)
{
	const struct facts_type *older = p->old_type, *newer = p->new_type;

	for (guint i = 0; older->class != NULL && i < older->class->n_virtuals; i++) {
		const struct facts_virtual *v = &older->class->virtuals[i];
		if (classes_virtual(newer->class, v->name) != NULL || classes_inherits_slot(p->older, older, v->name) ||
		    classes_inherits_slot(p->newer, newer, v->name))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", older->name, v->declaration);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "slot %u is gone", v->slot);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type != NULL)
			examine_pair(verdict, rule, &p);
}

const struct verdict_rule rule_vtable_slot_removed = {
	.id = "vtable-slot-removed",
	.why = "callers call through a slot that is no longer the function's: another one, or what lies past the vtable",
	.instead = "keep the virtual function, if only as one that calls its successor",
	.examine = examine,
};
