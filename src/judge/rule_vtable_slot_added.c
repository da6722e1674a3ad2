/* Rule vtable-slot-added: a class has a new virtual function that overrides none of its primary base. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

/* Who can derive from a class fixes the length of a vtable; where nobody can, only the library has vtables of it. */
static enum verdict_word word_for(const struct facts_type *older, const struct facts_type *newer)
{
	gboolean sealed = older->class != NULL && older->class->sealed && newer->class->sealed;

	return sealed ? VERDICT_ADDS : VERDICT_BREAKS;
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; newer->class != NULL && i < newer->class->n_virtuals; i++) {
		const struct facts_virtual *v = &newer->class->virtuals[i];
		if (classes_virtual(older->class, v->name) != NULL || classes_inherits_slot(verdict->newer, newer, v->name) ||
		    classes_inherits_slot(verdict->older, older, v->name))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", older->name, v->declaration);
		if (!classes_is_polymorphic(verdict->older, older))
			verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "the class has virtual functions now");
		else
			verdict_find(verdict, rule, word_for(older, newer), subject, older, "new slot %u%s", v->slot,
				     word_for(older, newer) == VERDICT_ADDS ? " (callers cannot derive from the class)" : "");
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_vtable_slot_added = {
	.id = "vtable-slot-added",
	.why = "vtables of classes that programs derived from it lack the slot, or have their own functions there: the library "
	       "calls the wrong one",
	.instead = "add a function that is not virtual, or a new class; reserve slots from the start where more are to come",
	.examine = examine,
};
