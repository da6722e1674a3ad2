/* Rule macro-changed: a note, because a macro of the public headers stands for something else. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

static void examine_macro(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *newer,
			  const struct facts_inlined *was, const struct facts_inlined *is)
{
	const char *now = is == NULL ? copies_stands_for(newer, was->name) : NULL;
	gint64 before, after;

	if (is == NULL) {
		gboolean alike = copies_constant(newer, was->name, &after) && *was->text != '\0' &&
				 g_strcmp0(now, "a constant") == 0 &&
				 copies_constant(&(struct facts){.inlined = (struct facts_inlined *)was, .n_inlined = 1},
						 was->name, &before) && before == after;
		if (now != NULL && !alike)
			verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is now %s", now);
	} else if (was->digest != is->digest) {
		if (*was->text != '\0' && *is->text != '\0')
			verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "%s -> %s", was->text, is->text);
		else
			verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "stands for something else");
	}
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
