/* The table of rules, and the walks that they share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "judge/rules.h"

#include <string.h>

const struct verdict_rule *const verdict_rules[] = {
	&rule_machine_changed,
	&rule_abi_flags_changed,
	&rule_isa_raised,
	&rule_stack_executable,
	&rule_soname_changed,
	&rule_node_removed,
	&rule_symbol_removed,
	&rule_symbol_left_node,
	&rule_symbol_joined_node,
	&rule_symbol_kind,
	&rule_object_size,
	&rule_signature_changed,
	&rule_convention_changed,
	&rule_pointee_changed,
	&rule_opaque_changed,
	&rule_type_replaced,
	&rule_struct_grew,
	&rule_struct_appended,
	&rule_struct_shrank,
	&rule_struct_aligned,
	&rule_member_moved,
	&rule_member_removed,
	&rule_member_type,
	&rule_reserved_used,
	&rule_padding_used,
	&rule_base_changed,
	&rule_vtable_slot_moved,
	&rule_vtable_slot_removed,
	&rule_vtable_slot_added,
	&rule_virtual_changed,
	&rule_passing_changed,
	&rule_enumerator_changed,
	&rule_constant_changed,
	&rule_sentinel_moved,
	&rule_struct_gone,
	&rule_no_debug,
	&rule_no_declaration,
	&rule_node_added,
	&rule_symbol_added,
	&rule_enumerator_added,
	&rule_default_changed,
	&rule_returns_now,
	&rule_virtual_overridden,
	&rule_type_hidden,
	&rule_inline_changed,
	&rule_macro_changed,
	&rule_macro_removed,
	&rule_ifunc_changed,
	&rule_weak_changed,
	&rule_needed_added,
	&rule_needed_removed,
	&rule_floor_raised,
	&rule_runpath_changed,
	&rule_text_relocations,
	&rule_hardening_lost,
	&rule_source_changed,
	&rule_soname_needless, /* last: it asks what the others found */
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
	if (p->old_type != NULL && p->old_type->hidden)
		p->old_type = p->new_type = NULL;
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

	while (pairs_next_type(&p)) {
		if (p.old_type == NULL)
			continue;
		const struct facts_type *now = p.new_type ? p.new_type : rules_retagged(p.old_type, older, newer);
		if (now != NULL)
			examine(verdict, rule, p.old_type, now);
	}
}

const struct facts_type *rules_find_type(const struct facts *facts, const char *name)
{
	guint low = 0, high = facts->n_types;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		int order = strcmp(facts->types[middle].name, name);
		if (order == 0)
			return &facts->types[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct facts_type *rules_retagged(const struct facts_type *type, const struct facts *of, const struct facts *other)
{
	static const char *const tags[] = {"struct", "union", "class"};
	const char *bare = strchr(type->name, ' ');

	if (bare == NULL || type->n_enumerators > 0 || g_str_has_prefix(type->name, "enum "))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *name = g_strconcat(tags[i], bare, NULL);
		const struct facts_type *found = rules_find_type(other, name);
		if (found != NULL && rules_find_type(of, name) == NULL)
			return found;
	}
	return NULL;
}

gboolean rules_has_node(const struct facts *facts, const char *node)
{
	for (guint i = 0; i < facts->n_nodes; i++)
		if (strcmp(facts->nodes[i].name, node) == 0)
			return TRUE;
	return FALSE;
}

gboolean rules_needs(const struct facts *facts, const char *soname)
{
	return facts->needed != NULL && g_strv_contains(facts->needed, soname);
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
