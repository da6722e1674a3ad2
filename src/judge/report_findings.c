/* Findings for people: see report.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/group.h"
#include "judge/report.h"

#include <string.h>

/* What the report for people leaves to --explain and --json. */
enum {
	VIA_SHOWN = 3,
	CHANGES_SHOWN = 4, /* of one rule, in one type */
	GROUPS_SHOWN = 6,  /* of one rule; whatever breaks is shown in full */
};

/* A text that is being written. */
struct writer {
	GString *out;
	gboolean explain;
	GHashTable *explained; /* const struct verdict_rule * */
};

static void append_via(GString *out, char **via)
{
	guint n = via ? g_strv_length(via) : 0;

	for (guint i = 0; i < MIN(n, VIA_SHOWN); i++)
		g_string_append_printf(out, "%s%s", i == 0 ? " via " : ", ", via[i]);
	if (n > VIA_SHOWN)
		g_string_append_printf(out, " and %u more", n - VIA_SHOWN);
}

/* Why a finding does not count, or why it counts although somebody once said that it need not. */
static void append_waiver(GString *out, const struct verdict_waiver *w)
{
	if (w != NULL)
		g_string_append_printf(out, "            %s %s: %s (%s)\n", w->expired ? "waiver EXPIRED" : "waived until",
				       w->until, w->reason, w->author);
}

static gboolean same_waiver(const struct verdict_waiver *a, const struct verdict_waiver *b)
{
	return a != NULL && b != NULL && strcmp(a->until, b->until) == 0 && strcmp(a->reason, b->reason) == 0 &&
	       strcmp(a->author, b->author) == 0;
}

/* What goes with a finding that was just told. next: the one that follows in its group, or NULL. */
static void append_rest(struct writer *w, const struct verdict_finding *f, const struct verdict_finding *next)
{
	if (f->because != NULL)
		g_string_append_printf(w->out, "            because %s\n", f->because);
	if (next == NULL || !same_waiver(f->waiver, next->waiver))
		append_waiver(w->out, f->waiver);
	if (!w->explain || !g_hash_table_add(w->explained, (gpointer)f->rule))
		return;
	g_string_append_printf(w->out, "            why: %s\n", f->rule->why);
	if (f->rule->instead != NULL)
		g_string_append_printf(w->out, "            instead: %s\n", f->rule->instead);
}

static guint count_of(GHashTable *counts, const struct verdict_rule *rule)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(counts, rule));
}

static guint count(GHashTable *counts, const struct verdict_rule *rule)
{
	guint n = count_of(counts, rule) + 1;

	g_hash_table_insert(counts, (gpointer)rule, GUINT_TO_POINTER(n));
	return n;
}

static void append_single(struct writer *w, const struct verdict_finding *f)
{
	g_string_append_printf(w->out, "  %-9s %s \"%s\" %s\n", group_mark(f), f->rule->id, f->subject, f->change);
	append_rest(w, f, NULL);
}

static void append_change(struct writer *w, const struct group *g, guint index, const char *mark, int width)
{
	const struct verdict_finding *f = g->findings->pdata[index];
	const struct verdict_finding *next = index + 1 < g->findings->len ? g->findings->pdata[index + 1] : NULL;
	const char *part = group_part(g, f), *own = group_mark(f);

	g_string_append_printf(w->out, "  %-9s %-*s  %s%s%s\n", strcmp(own, mark) == 0 ? "" : own, width, f->rule->id,
			       part, *part ? ": " : "", f->change);
	append_rest(w, f, next);
}

/* One line for each change; a rule that has many is cut short, and counted. */
static void append_changes(struct writer *w, const struct group *g, const char *mark)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
	int width = 0;

	for (guint i = 0; i < g->findings->len; i++)
		width = MAX(width, (int)strlen(((const struct verdict_finding *)g->findings->pdata[i])->rule->id));
	for (guint i = 0; i < g->findings->len; i++) {
		const struct verdict_finding *f = g->findings->pdata[i];
		if (count(counts, f->rule) <= CHANGES_SHOWN || w->explain)
			append_change(w, g, i, mark, width);
	}
	for (guint i = 0; i < g->findings->len && !w->explain; i++) {
		const struct verdict_finding *f = g->findings->pdata[i];
		guint n = count_of(counts, f->rule);
		if (n > CHANGES_SHOWN && g_hash_table_remove(counts, f->rule))
			g_string_append_printf(w->out, "  %-9s %-*s  and %u more\n", "", width, f->rule->id,
					       n - CHANGES_SHOWN);
	}
}

/* One change to what is no type is one line; a type, or several changes, a block. */
static void append_group(struct writer *w, const struct group *g)
{
	const struct verdict_finding *first = g->findings->pdata[0];
	const char *mark = g->word > VERDICT_SAME ? verdict_word_name(g->word) : g->waived ? "waived" : "note";

	if (g->findings->len == 1 && first->type == NULL) {
		append_single(w, first);
		return;
	}
	g_string_append_printf(w->out, "  %-9s \"%s\"", mark, g->subject);
	append_via(w->out, first->via);
	g_string_append_c(w->out, '\n');
	if (first->path != NULL)
		g_string_append_printf(w->out, "            %s\n", first->path);
	append_changes(w, g, mark);
}

/* Whatever breaks is shown in full, and so is what somebody decided. */
static gboolean may_be_cut(const struct writer *w, const struct group *g)
{
	return !w->explain && g->word < VERDICT_BREAKS && !g->waived;
}

static void append_some(struct writer *w, const GPtrArray *groups, GHashTable *totals)
{
	g_autoptr(GHashTable) shown = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = groups->pdata[i];
		const struct verdict_rule *rule = group_head(g)->rule;
		guint n = may_be_cut(w, g) ? count(shown, rule) : 0, total = count_of(totals, rule);
		if (n <= GROUPS_SHOWN)
			append_group(w, g);
		if (n == GROUPS_SHOWN && total > n)
			g_string_append_printf(w->out, "  %-9s %s and %u more; --explain shows all\n",
					       g->word > VERDICT_SAME ? verdict_word_name(g->word) : "note", rule->id,
					       total - n);
	}
}

void report_findings(GString *out, const struct verdict *v, gboolean explain)
{
	g_autoptr(GPtrArray) groups = groups_new(v);
	g_autoptr(GHashTable) totals = g_hash_table_new(NULL, NULL), explained = g_hash_table_new(NULL, NULL);
	struct writer w = {out, explain, explained};

	for (guint i = 0; i < groups->len; i++)
		if (may_be_cut(&w, groups->pdata[i]))
			count(totals, group_head(groups->pdata[i])->rule);
	append_some(&w, groups, totals);
}
