/* The rules of judge, one rule_*.c each; rules.c puts them in order. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_RULES_H
#define JUDGE_RULES_H

#include "judge/verdict.h"

extern const struct verdict_rule rule_machine_changed, rule_soname_changed, rule_no_debug, rule_no_declaration,
	rule_node_removed, rule_symbol_removed, rule_symbol_left_node, rule_symbol_joined_node, rule_symbol_kind,
	rule_object_size, rule_signature_changed, rule_pointee_changed, rule_opaque_changed, rule_struct_grew,
	rule_struct_shrank, rule_struct_aligned, rule_struct_gone, rule_member_moved, rule_member_removed,
	rule_member_type, rule_enumerator_changed, rule_enumerator_added, rule_node_added, rule_symbol_added,
	rule_default_changed, rule_returns_now, rule_source_changed, rule_constant_changed, rule_type_hidden,
	rule_inline_changed, rule_macro_changed, rule_macro_removed, rule_struct_appended, rule_reserved_used,
	rule_padding_used, rule_sentinel_moved, rule_type_replaced;

extern const struct verdict_rule rule_soname_needless;

extern const struct verdict_rule rule_abi_flags_changed, rule_isa_raised, rule_stack_executable, rule_text_relocations,
	rule_hardening_lost, rule_needed_added, rule_needed_removed, rule_floor_raised, rule_runpath_changed,
	rule_weak_changed, rule_ifunc_changed, rule_convention_changed;

extern const struct verdict_rule rule_base_changed, rule_vtable_slot_moved, rule_vtable_slot_removed,
	rule_vtable_slot_added, rule_virtual_changed, rule_virtual_overridden, rule_passing_changed;

/*
 * A walk over two sorted arrays as pairs: symbols by name and node, types by name. The side that lacks an entry is NULL.
 *
 *   struct pairs p = pairs_begin(older, newer);
 *   while (pairs_next_export(&p))
 *           ... p.old_symbol, p.new_symbol ...
 *
 * What only an opaque mark hides from callers is there on neither side.
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
 * rules_each_common_export, rules_each_common_type: call EXAMINE with every pair of which neither side is missing, and with
 * pairs of types of which only the tag changed.
 */
typedef void (*rules_export_examiner)(struct verdict *verdict, const struct verdict_rule *rule,
				      const struct facts_symbol *older, const struct facts_symbol *newer);
void rules_each_common_export(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			      const struct facts *newer, rules_export_examiner examine);
typedef void (*rules_type_examiner)(struct verdict *verdict, const struct verdict_rule *rule,
				    const struct facts_type *older, const struct facts_type *newer);
void rules_each_common_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			    const struct facts *newer, rules_type_examiner examine);

/* rules_find_type: the type of this name, or NULL. */
const struct facts_type *rules_find_type(const struct facts *facts, const char *name);

/*
 * rules_retagged: what TYPE of one library became in the other, when only its tag changed: "struct s" is "union s" there, and
 * neither library has both. Or NULL. Members are compared as if nothing else had happened.
 */
const struct facts_type *rules_retagged(const struct facts_type *type, const struct facts *of, const struct facts *other);

/* rules_has_node: does this library define the version node? */
gboolean rules_has_node(const struct facts *facts, const char *node);

/* rules_needs: is the library of this soname in NEEDED? */
gboolean rules_needs(const struct facts *facts, const char *soname);

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
