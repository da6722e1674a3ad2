/* Rule macro-changed: a note, because a macro of the public headers stands for something else. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

/* A macro that gave way to something else; a constant of the same value is no change. */
static void examine_gone(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
			 const struct facts_inlined *was)
{
	const char *now = copies_stands_for(newer, was->name);
	gint64 before, after;

	if (now == NULL)
		return;
	if (!copies_integer(was->text, &before) || !copies_constant(newer, was->name, &after))
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is now %s", now);
	else if (before != after)
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "%s -> %" G_GINT64_FORMAT ", %s now", was->text,
			     after, now);
}

static void examine_macro(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
			  const struct facts_inlined *was, const struct facts_inlined *is)
{
	if (is == NULL)
		examine_gone(verdict, rule, newer, was);
	else if (was->digest != is->digest && *was->text != '\0' && *is->text != '\0')
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "%s -> %s", was->text, is->text);
	else if (was->digest != is->digest)
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "stands for something else");
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	copies_each(verdict, rule, older, newer, FACTS_MACRO, examine_macro);
}

const struct verdict_rule rule_macro_changed = {
	.id = "macro-changed",
	.why = "old callers have the old text compiled in: they keep to it until they are rebuilt to benefit",
	.instead = "let the library go on taking the old values; where callers must follow, use a function",
	.examine = examine,
};
