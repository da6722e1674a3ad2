/* The rules of judge, one rule_*.c each; rules.c puts them in order. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_RULES_H
#define JUDGE_RULES_H

#include "judge/verdict.h"

extern const struct verdict_rule rule_machine, rule_soname_changed, rule_soname_missing, rule_evidence_missing,
	rule_node_removed, rule_node_added, rule_symbol_removed, rule_symbol_added, rule_symbol_left_node,
	rule_symbol_joined_node, rule_symbol_kind, rule_object_size, rule_signature_changed, rule_type_grew,
	rule_type_shrank, rule_type_opaque, rule_member_moved, rule_member_removed;

/*
 * rules_each_export: call VISIT with the pairs of a merge of both libraries' exports by name and node; older or newer is
 * NULL where a symbol is on one side only. Both arrays are sorted, so this is one pass.
 */
typedef void (*rules_export_visitor)(const struct facts_symbol *older, const struct facts_symbol *newer, gpointer data);
void rules_each_export(const struct facts *older, const struct facts *newer, rules_export_visitor visit, gpointer data);

/* rules_each_type: the same for types, by name. */
typedef void (*rules_type_visitor)(const struct facts_type *older, const struct facts_type *newer, gpointer data);
void rules_each_type(const struct facts *older, const struct facts *newer, rules_type_visitor visit, gpointer data);

#endif
