/* Rule struct-grew: a struct that callers see became larger. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "judge/intent.h"
#include "judge/rules.h"
#include "judge/variant.h"

static void examine_type(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_type *older,
			 const struct facts_type *newer)
{
	g_autofree char *why = NULL;

	if (newer->size <= older->size)
		return;
	gboolean librarys = allocation_is_librarys(verdict_allocation(verdict), older, &why);
	if (librarys && intent_only_appended(older, newer))
		return; /* struct-appended */
	verdict_find(verdict, rule, VERDICT_BREAKS, older->name, older,
		     "%" G_GUINT64_FORMAT " -> %" G_GUINT64_FORMAT " bytes", older->size, newer->size);
	if (older->n_members > 0 && !librarys)
		verdict_because(verdict, "callers may allocate it: %s", why);
	variant_note(verdict, older->name, newer->name);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	rules_each_common_type(verdict, rule, older, newer, examine_type);
}

const struct verdict_rule rule_struct_grew = {
	.id = "struct-grew",
	.why = "callers that allocate it give too little room; the library writes past the end",
	.instead = "make the type opaque, or keep spare members from the start; if only the library allocates it, append to it "
		   "and mark it (ABIDE_LIBRARY_ALLOCATED, abide.h)",
	.examine = examine,
};
