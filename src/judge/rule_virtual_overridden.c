/* Rule virtual-overridden: a class overrides a virtual function of its base, or no longer does; a note. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

/* Notes what A declares and B does not, though both have the slot from a base. */
static void note_overrides(struct verdict *verdict, const struct verdict_rule *rule, const struct pairs *p,
			   const struct facts_class *a, const struct facts_class *b, const char *change)
{
	for (guint i = 0; a != NULL && i < a->n_virtuals; i++) {
		const struct facts_virtual *v = &a->virtuals[i];
		if (classes_virtual(b, v->name) != NULL || !classes_inherits_slot(p->older, p->old_type, v->name) ||
		    !classes_inherits_slot(p->newer, p->new_type, v->name))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", p->old_type->name, v->declaration);
		verdict_find(verdict, rule, VERDICT_SAME, subject, p->old_type, "%s", change);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p)) {
		if (p.old_type == NULL || p.new_type == NULL)
			continue;
		note_overrides(verdict, rule, &p, p.new_type->class, p.old_type->class, "overrides that of a base now");
		note_overrides(verdict, rule, &p, p.old_type->class, p.new_type->class, "no longer overrides that of a base");
	}
}

const struct verdict_rule rule_virtual_overridden = {
	.id = "virtual-overridden",
	.why = "calls through the vtable reach the new function; those that a compiled program makes to the base's directly "
	       "still go there",
	.examine = examine,
};
