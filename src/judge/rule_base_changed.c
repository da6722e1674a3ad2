/* Rule base-changed: a class has other base classes, or has them elsewhere. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

static const char *kind(const struct facts_base *base)
{
	return base->is_virtual ? "virtual" : "not virtual";
}

/* A base of both libraries that has another place among those of both. */
static gboolean reordered(const struct facts_class *older, const struct facts_class *newer, guint i, guint j)
{
	guint before = 0, before_now = 0, ignored;

	for (guint k = 0; k < i; k++)
		before += classes_base(newer, older->bases[k].name, &ignored) != NULL;
	for (guint k = 0; k < j; k++)
		before_now += classes_base(older, newer->bases[k].name, &ignored) != NULL;
	return before != before_now;
}

static void compare(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
		    const struct facts_type *newer, guint i)
{
	const struct facts_base *a = &older->class->bases[i], *b;
	guint j;

	b = classes_base(newer->class, a->name, &j);
	if (b == NULL)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older, "base %s is gone", a->name);
	else if (a->is_virtual != b->is_virtual)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older, "base %s: %s -> %s", a->name, kind(a), kind(b));
	else if (a->offset != b->offset)
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older,
			     "base %s: offset %" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT, a->name, a->offset / 8,
			     b->offset / 8);
	else if (reordered(older->class, newer->class, i, j))
		verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older, "base %s: another place in the list", a->name);
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	guint ignored;

	for (guint i = 0; older->class != NULL && i < older->class->n_bases; i++)
		compare(verdict, rule, older, newer, i);
	for (guint i = 0; newer->class != NULL && i < newer->class->n_bases; i++)
		if (classes_base(older->class, newer->class->bases[i].name, &ignored) == NULL)
			verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older, "new base %s",
				     newer->class->bases[i].name);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_base_changed = {
	.id = "base-changed",
	.why = "callers turn a pointer to the class into one to its base by adding the old offset; members, vtable and typeinfo "
	       "follow the bases",
	.instead = "leave the list of bases as it was released; hold what is new in a private member that is a pointer",
	.examine = examine,
};
