/* Rule signature-changed: a function or variable is called or read differently by machine code. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

#include <string.h>

/* A function that returned nothing and now returns a value: old callers ignore the register it comes in. */
static gboolean only_returns_now(const char *older, const char *newer)
{
	const char *tail = strchr(newer, '(');

	return tail != NULL && g_str_has_prefix(older, "void(") && strcmp(older + strlen("void"), tail) == 0 &&
	       !g_str_has_prefix(newer, "s:");
}

/* A variable of another size is object-size's finding. */
static gboolean resized(const struct facts_symbol *a, const struct facts_symbol *b)
{
	return a->size != b->size && (a->kind == FACTS_OBJECT || a->kind == FACTS_TLS);
}

static void examine_as(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		       const struct facts *newer, gboolean harmless, enum verdict_word word)
{
	struct pairs p = pairs_begin(older, newer);

	while (pairs_next_export(&p)) {
		const struct facts_symbol *a = p.old_symbol, *b = p.new_symbol;
		if (a == NULL || b == NULL || a->calling == NULL || b->calling == NULL || resized(a, b) ||
		    strcmp(a->calling, b->calling) == 0 || only_returns_now(a->calling, b->calling) != harmless)
			continue;
		verdict_find(verdict, rule, word, a->name, NULL, "%s -> %s", a->declaration, b->declaration);
	}
}

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	examine_as(verdict, rule, older, newer, FALSE, VERDICT_BREAKS);
}

static void examine_harmless(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			     const struct facts *newer)
{
	examine_as(verdict, rule, older, newer, TRUE, VERDICT_SAME);
}

const struct verdict_rule rule_signature_changed = {
	.id = "signature-changed",
	.why = "compiled callers pass or expect other registers, widths or counts",
	.instead = "add a function with a new name and keep the old one",
	.examine = examine,
};

/* Its harmless twin: a note. */
const struct verdict_rule rule_returns_now = {
	.id = "returns-now",
	.why = "old callers ignore the value",
	.examine = examine_harmless,
};
