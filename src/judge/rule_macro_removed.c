/* Rule macro-removed: a note, because programs that use a macro of the public headers no longer compile. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

static void examine_macro(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
			  const struct facts_inlined *was, const struct facts_inlined *is)
{
	if (is != NULL || copies_stands_for(newer, was->name) != NULL)
		return;
	if (*was->text != '\0')
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is gone; it was %s", was->text);
	else
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is gone");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	copies_each(verdict, rule, older, newer, FACTS_MACRO, examine_macro);
}

const struct verdict_rule rule_macro_removed = {
	.id = "macro-removed",
	.why = "compiled callers do not notice; programs that use it do not compile any more",
	.instead = "keep the macro, and say in the header what takes its place",
	.examine = examine,
};
