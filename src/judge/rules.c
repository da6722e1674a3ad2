/* The table of rules, and the walks that they share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/rules.h"

#include <string.h>

const struct verdict_rule *const verdict_rules[] = {
	&rule_machine_changed,
	&rule_soname_changed,
	&rule_node_removed,
	&rule_symbol_removed,
	&rule_symbol_left_node,
	&rule_symbol_joined_node,
	&rule_symbol_kind,
	&rule_object_size,
	&rule_signature_changed,
	&rule_pointee_changed,
	&rule_opaque_changed,
	&rule_struct_grew,
	&rule_struct_shrank,
	&rule_struct_aligned,
	&rule_member_moved,
	&rule_member_removed,
	&rule_member_type,
	&rule_base_changed,
	&rule_vtable_slot_moved,
	&rule_vtable_slot_removed,
	&rule_vtable_slot_added,
	&rule_virtual_changed,
	&rule_passing_changed,
	&rule_enumerator_changed,
	&rule_struct_gone,
	&rule_no_debug,
	&rule_no_declaration,
	&rule_node_added,
	&rule_symbol_added,
	&rule_enumerator_added,
	&rule_default_changed,
	&rule_returns_now,
	&rule_virtual_overridden,
	NULL,
};

struct pairs pairs_begin(const struct facts *older, const struct facts *newer)
{
	return (struct pairs){.older = older, .newer = newer};
}

static int compare_exports(const struct facts_symbol *a, const struct facts_symbol *b)
{
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : g_strcmp0(a->node, b->node);
}

gboolean pairs_next_export(struct pairs *p)
{
	const struct facts_symbol *a = p->i < p->older->n_exports ? &p->older->exports[p->i] : NULL;
	const struct facts_symbol *b = p->j < p->newer->n_exports ? &p->newer->exports[p->j] : NULL;
	int order = a == NULL ? 1 : b == NULL ? -1 : compare_exports(a, b);

	p->old_symbol = order <= 0 ? a : NULL;
	p->new_symbol = order >= 0 ? b : NULL;
	p->i += p->old_symbol != NULL;
	p->j += p->new_symbol != NULL;
	return a != NULL || b != NULL;
}

gboolean pairs_next_type(struct pairs *p)
{
	const struct facts_type *a = p->i < p->older->n_types ? &p->older->types[p->i] : NULL;
	const struct facts_type *b = p->j < p->newer->n_types ? &p->newer->types[p->j] : NULL;
	int order = a == NULL ? 1 : b == NULL ? -1 : strcmp(a->name, b->name);

	p->old_type = order <= 0 ? a : NULL;
	p->new_type = order >= 0 ? b : NULL;
	p->i += p->old_type != NULL;
	p->j += p->new_type != NULL;
	return a != NULL || b != NULL;
}

void rules_each_common_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			      const struct facts *newer, rules_export_examiner examine)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p))
		if (p.old_symbol != NULL && p.new_symbol != NULL)
			examine(verdict, rule, p.old_symbol, p.new_symbol);
}

void rules_each_common_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			    const struct facts *newer, rules_type_examiner examine)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type != NULL)
			examine(verdict, rule, p.old_type, p.new_type);
}

gboolean rules_has_node(const struct facts *facts, const char *node)
{
	for (guint i = 0; i < facts->n_nodes; i++)
		if (strcmp(facts->nodes[i].name, node) == 0)
			return TRUE;
	return FALSE;
}

gboolean rules_has_name(const struct facts *facts, const char *name)
{
	guint i = facts_first_export(facts, name);

	return i < facts->n_exports && strcmp(facts->exports[i].name, name) == 0;
}

gboolean rules_answers(const struct facts *facts, const struct facts_symbol *symbol)
{
	for (guint i = facts_first_export(facts, symbol->name);
	     i < facts->n_exports && strcmp(facts->exports[i].name, symbol->name) == 0; i++) {
		const char *node = facts->exports[i].node;
		if (symbol->node == NULL || g_strcmp0(node, symbol->node) == 0 || (node == NULL && facts->n_nodes == 0))
			return TRUE;
	}
	return FALSE;
}

gboolean rules_only_returns_now(const struct facts_symbol *older, const struct facts_symbol *newer)
{
	const char *parameters;

	if (older->shape == NULL || newer->shape == NULL || !g_str_has_prefix(older->shape, "void(") ||
	    g_str_has_prefix(newer->shape, "void(") || strchr("{<?", *newer->shape) != NULL)
		return FALSE;
	parameters = g_str_has_prefix(newer->shape, "p(") ? shape_after_pointer(newer->shape) : strchr(newer->shape, '(');
	return parameters != NULL && shape_agrees(older->shape + strlen("void"), parameters);
}

char *rules_symbol_name(const struct facts_symbol *symbol)
{
	return symbol->node ? g_strdup_printf("%s@%s", symbol->name, symbol->node) : g_strdup(symbol->name);
}
