/* The rules of judge, one rule_*.c each; rules.c puts them in order. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_RULES_H
#define JUDGE_RULES_H

#include "judge/verdict.h"

extern const struct verdict_rule rule_machine_changed, rule_soname_changed, rule_no_debug, rule_no_declaration,
	rule_node_removed, rule_symbol_removed, rule_symbol_left_node, rule_symbol_joined_node, rule_symbol_kind,
	rule_object_size, rule_signature_changed, rule_pointee_changed, rule_opaque_changed, rule_struct_grew, rule_struct_shrank, rule_struct_aligned, rule_struct_gone, rule_member_moved,
	rule_member_removed, rule_member_type, rule_enumerator_changed, rule_enumerator_added, rule_node_added, rule_symbol_added, rule_default_changed, rule_returns_now,
	rule_base_changed, rule_vtable_slot_moved, rule_vtable_slot_removed, rule_vtable_slot_added, rule_virtual_changed,
	rule_virtual_overridden, rule_passing_changed;

/*
 * A walk over two sorted arrays as pairs: symbols by name and node, types by name. The side that lacks an entry is NULL.
 *
 *   struct pairs p = pairs_begin(older, newer);
 *   while (pairs_next_export(&p))
 *           ... p.old_symbol, p.new_symbol ...
 */
struct pairs {
	const struct facts *older, *newer;
	guint i, j;
	const struct facts_symbol *old_symbol, *new_symbol;
	const struct facts_type *old_type, *new_type;
};

struct pairs pairs_begin(const struct facts *older, const struct facts *newer);
gboolean pairs_next_export(struct pairs *p);
gboolean pairs_next_type(struct pairs *p);

/*
 * rules_each_common_export, rules_each_common_type: call EXAMINE with every pair of which neither side is missing.
 */
typedef void (*rules_export_examiner)(struct verdict *verdict, const struct verdict_rule *rule,
				      const struct facts_symbol *older, const struct facts_symbol *newer);
void rules_each_common_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			      const struct facts *newer, rules_export_examiner examine);
typedef void (*rules_type_examiner)(struct verdict *verdict, const struct verdict_rule *rule,
				    const struct facts_type *older, const struct facts_type *newer);
void rules_each_common_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			    const struct facts *newer, rules_type_examiner examine);

/* rules_has_node: does this library define the version node? */
gboolean rules_has_node(const struct facts *facts, const char *node);

/* rules_has_name: does it export the name under any node? */
gboolean rules_has_name(const struct facts *facts, const char *name);

/*
 * rules_answers: is there an export in FACTS that an old program's reference to SYMBOL binds to?
 *
 * The dynamic linker takes the same name and node; a reference without a node also takes any version of the name, and a
 * reference with a node takes an unversioned definition only in a library without version nodes ("Symbol Versioning",
 * Drepper, and glibc's do_lookup_x).
 */
gboolean rules_answers(const struct facts *facts, const struct facts_symbol *symbol);

/*
 * rules_only_returns_now: did a function that returned nothing begin to return a value in a register, and nothing else?
 * Old callers ignore the register. A struct that is returned in memory is another matter: its place is a hidden parameter.
 */
gboolean rules_only_returns_now(const struct facts_symbol *older, const struct facts_symbol *newer);

/* rules_symbol_name: "name@node", or "name" when unversioned. Caller frees. */
char *rules_symbol_name(const struct facts_symbol *symbol);

#endif
