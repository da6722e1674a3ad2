/* Rule macro-removed: a note, because programs that use a macro of the public headers no longer compile. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/copies.h"
#include "judge/rules.h"

/* As many are told one by one; of more, these are named in one finding. */
#define MOST_TOLD 10

static void examine_macro(struct verdict *verdict, const struct verdict_rule *rule, const struct facts_inlined *was)
{
	if (*was->text != '\0')
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is gone; it was %s", was->text);
	else
		verdict_find(verdict, rule, VERDICT_SAME, was->name, NULL, "is gone");
}

/* A release that drops its old names drops thousands. */
static void tell_together(struct verdict *verdict, const struct verdict_rule *rule, const GPtrArray *gone)
{
	g_autofree char *subject = g_strdup_printf("%u macros", gone->len);
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < MOST_TOLD; i++) {
		const struct facts_inlined *was = gone->pdata[i];
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", was->name);
	}
	verdict_find(verdict, rule, VERDICT_SAME, subject, NULL, "are gone: %s and %u more", names->str, gone->len - MOST_TOLD);
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	g_autoptr(GPtrArray) gone = g_ptr_array_new();

	if (!older->headers_known || !newer->headers_known)
		return;
	for (guint i = 0; i < older->n_inlined; i++) {
		const struct facts_inlined *was = &older->inlined[i];
		if (was->kind == FACTS_MACRO && copies_stands_for(newer, was->name) == NULL)
			g_ptr_array_add(gone, (void *)was);
	}
	for (guint i = 0; i < gone->len && gone->len <= MOST_TOLD; i++)
		examine_macro(verdict, rule, gone->pdata[i]);
	if (gone->len > MOST_TOLD)
		tell_together(verdict, rule, gone);
}

const struct verdict_rule rule_macro_removed = {
	.id = "macro-removed",
	.why = "compiled callers do not notice; programs that use it do not compile any more",
	.instead = "keep the macro, and say in the header what takes its place",
	.examine = examine,
};
