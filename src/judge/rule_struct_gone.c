/* Rule struct-gone: a struct that callers see is not among what the newer library shows. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static gboolean still_used(struct verdict *verdict, const struct facts_type *type, const struct facts *newer)
{
	g_autofree const char **via = verdict_via(verdict, type);

	for (guint i = 0; via[i] != NULL; i++)
		if (rules_has_name(newer, via[i]))
			return TRUE;
	return FALSE;
}

/* The type that took its place under a new name, laid out alike; or NULL. */
static const struct facts_type *successor(const struct facts_type *gone, const struct facts *older,
					  const struct facts *newer)
{
	for (guint i = 0; i < newer->n_types; i++)
		if (newer->types[i].layout == gone->layout && rules_find_type(older, newer->types[i].name) == NULL)
			return &newer->types[i];
	/* What moved in it is the finding of the rules for members. */
	return rules_retagged(gone, older, newer);
}

static void report(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *gone,
		   const struct facts_type *now)
{
	if (now != NULL)
		verdict_find(verdict, rule, VERDICT_SAME, gone->name, gone, "is now called %s", now->name);
	else
		verdict_find(verdict, rule, VERDICT_UNKNOWN, gone->name, gone, "is renamed, or no longer complete");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (newer->evidence != FACTS_TYPES)
		return;
	struct pairs p = pairs_begin(older, newer);
	while (pairs_next_type(&p))
		if (p.old_type != NULL && p.new_type == NULL && still_used(verdict, p.old_type, newer))
			report(verdict, rule, p.old_type, successor(p.old_type, older, newer));
}

const struct verdict_rule rule_struct_gone = {
	.id = "struct-gone",
	.why = "old callers still use its members; whether they are where they were cannot be told",
	.instead = "keep the type's name and its definition in the public header",
	.examine = examine,
};
