/* Rule virtual-changed: a virtual function keeps its place, but is called differently. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/classes.h"
#include "judge/rules.h"

/* What a program can link to is judged as a symbol too. */
static gboolean is_exported(const struct facts *older, const struct facts *newer, const struct facts_virtual *v)
{
	return *v->symbol != '\0' && rules_has_name(older, v->symbol) && rules_has_name(newer, v->symbol);
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	for (guint i = 0; older->class != NULL && i < older->class->n_virtuals; i++) {
		const struct facts_virtual *a = &older->class->virtuals[i], *b = classes_virtual(newer->class, a->name);
		if (b == NULL || shape_agrees(a->shape, b->shape) || is_exported(verdict->older, verdict->newer, a))
			continue;
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", older->name, a->declaration);
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, older, "-> %s", b->declaration);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_virtual_changed = {
	.id = "virtual-changed",
	.why = "callers, and classes derived in programs, pass or expect something else through the slot",
	.instead = "keep the function as it is and add one that is not virtual",
	.examine = examine,
};
