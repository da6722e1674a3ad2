/* Rule struct-appended: a struct that only the library allocates has new members behind the old ones. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "judge/intent.h"
#include "judge/rules.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	g_autofree char *why = NULL;

	if (!intent_only_appended(older, newer) || !allocation_is_librarys(verdict_allocation(verdict), older, &why))
		return;
	verdict_find(verdict, rule, VERDICT_ADDS, older->name, older,
		     "new members at its end, %" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", older->size, newer->size);
	verdict_because(verdict, "%s", why);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_struct_appended = {
	.id = "struct-appended",
	.why = "old callers do not know the new members and make no room for them; new ones need a library that has them",
	.instead = "never hand out arrays of such a struct: callers step through them by the old size",
	.examine = examine,
};
