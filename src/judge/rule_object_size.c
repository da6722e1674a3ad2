/* Rule object-size: an exported variable has another size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/mangled.h"
#include "inspect/reach.h"
#include "judge/rules.h"

#include <string.h>

static gboolean has_class(const struct facts *facts, const char *name)
{
	return name != NULL && reach_type(facts, name, strlen(name)) < facts->n_types;
}

/* A vtable or typeinfo of a class that both sides know: the rules for bases and virtual functions say what changed. */
static gboolean is_explained(const struct facts *older, const struct facts *newer, const struct facts_symbol *symbol)
{
	g_autofree char *class = mangled_is_vtable(symbol->name) ? mangled_class(symbol->name) : NULL;

	return has_class(older, class) && has_class(newer, class);
}

static void examine_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_symbol *older,
			   const struct facts_symbol *newer)
{
	if (older->size == newer->size || older->kind != newer->kind ||
	    (older->kind != FACTS_OBJECT && older->kind != FACTS_TLS))
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, older->name, NULL,
		     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", older->size, newer->size);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p))
		if (p.old_symbol != NULL && p.new_symbol != NULL && !is_explained(older, newer, p.old_symbol))
			examine_export(verdict, rule, p.old_symbol, p.new_symbol);
}

const struct verdict_rule rule_object_size = {
	.id = "object-size",
	.why = "a program holds a copy of the old size (copy relocation); the library uses it with the new one",
	.instead = "export a function that returns a pointer to it",
	.examine = examine,
};
