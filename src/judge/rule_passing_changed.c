/* Rule passing-changed: a class that is passed or returned by value became, or ceased to be, trivial to copy. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "judge/rules.h"

#include "inspect/reach.h"

#include <string.h>

/* A function being looked at. */
struct search {
	const struct facts *older, *newer;
	const struct facts_type *found; /* the first type that is passed otherwise */
};

static gboolean by_reference(const struct facts_type *type)
{
	return type->class != NULL && type->class->by_reference;
}

static void compare(guint type, gpointer data)
{
	struct search *s = data;
	const struct facts_type *a = &s->older->types[type];
	guint i = reach_type(s->newer, a->name, strlen(a->name));

	if (s->found != NULL || i == s->newer->n_types || by_reference(a) == by_reference(&s->newer->types[i]))
		return;
	s->found = a;
}

/* met: the type that holds the function, if it is none that is exported. */
static void examine_shape(struct verdict *verdict, const struct verdict_rule *rule, struct search *s, const char *shape,
			  const char *subject, const struct facts_type *met)
{
	s->found = NULL;
	classes_each_by_value(s->older, shape, compare, s);
	if (s->found != NULL)
		verdict_find(verdict, rule, VERDICT_BREAKS, subject, met, "%s is passed %s -> %s", s->found->name,
			     by_reference(s->found) ? "by address" : "by value",
			     by_reference(s->found) ? "by value" : "by address");
}

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, struct search *s,
			 const struct facts_type *type)
{
	for (guint i = 0; i < type->n_members; i++) {
		g_autofree char *subject = g_strdup_printf("%s: member %s", type->name, type->members[i].name);
		examine_shape(verdict, rule, s, type->members[i].shape, subject, type);
	}
	for (guint i = 0; type->class != NULL && i < type->class->n_virtuals; i++) {
		const struct facts_virtual *v = &type->class->virtuals[i];
		g_autofree char *subject = g_strdup_printf("%s: virtual %s", type->name, v->declaration);
		if (*v->symbol == '\0' || !rules_has_name(s->older, v->symbol))
			examine_shape(verdict, rule, s, v->shape, subject, type);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct search s = {.older = older, .newer = newer};
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p))
		if (p.old_symbol != NULL && p.new_symbol != NULL && p.old_symbol->shape != NULL)
			examine_shape(verdict, rule, &s, p.old_symbol->shape, p.old_symbol->name, NULL);
	for (guint i = 0; i < older->n_types; i++)
		examine_type(verdict, rule, &s, &older->types[i]);
}

const struct verdict_rule rule_passing_changed = {
	.id = "passing-changed",
	.why = "a class with a copy or move constructor or destructor of its own is passed by its address, others in registers "
	       "or on the stack: caller and library take one for the other",
	.instead = "declare the copy constructor and the destructor from the start, or keep both defaulted in the class",
	.examine = examine,
};
