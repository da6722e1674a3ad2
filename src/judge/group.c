/* Findings about one thing, put together: see group.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/group.h"

#include <string.h>

static void group_free(gpointer data)
{
	struct group *g = data;

	g_ptr_array_unref(g->findings);
	g_free(g);
}

const char *group_mark(const struct verdict_finding *f)
{
	return f->word == VERDICT_SAME ? "note" : verdict_is_waived(f) ? "waived" : verdict_word_name(f->word);
}

/* Where a group stands: BREAKS, UNKNOWN, ADDS, waived, notes. */
static int rank(const struct group *g)
{
	return g->word > VERDICT_SAME ? (int)g->word + 1 : g->waived;
}

static int compare_groups(gconstpointer a, gconstpointer b)
{
	const struct group *const *x = a, *const *y = b;

	return rank(*y) - rank(*x);
}

static void add_finding(struct group *g, const struct verdict_finding *f)
{
	if (verdict_is_waived(f))
		g->waived = TRUE;
	else
		g->word = MAX(g->word, f->word);
	g_ptr_array_add(g->findings, (gpointer)f);
}

/* A type and a symbol may have the same name, and are two things. */
static char *key_of(const struct verdict_finding *f)
{
	return g_strdup_printf("%c%s", f->type != NULL ? 't' : 's', f->type != NULL ? f->type : f->subject);
}

GPtrArray *groups_new(const struct verdict *verdict)
{
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
	g_autoptr(GHashTable) by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct verdict_finding *f = verdict->findings->pdata[i];
		g_autofree char *key = key_of(f);
		struct group *g = g_hash_table_lookup(by_key, key);
		if (g == NULL) {
			g = g_new0(struct group, 1);
			g->subject = f->type != NULL ? f->type : f->subject;
			g->findings = g_ptr_array_new();
			g_ptr_array_add(groups, g);
			g_hash_table_insert(by_key, g_steal_pointer(&key), g);
		}
		add_finding(g, f);
	}
	g_ptr_array_sort(groups, compare_groups); /* a merge sort: equals keep their order */
	return groups;
}

const struct verdict_finding *group_head(const struct group *g)
{
	for (guint i = 0; i < g->findings->len; i++) {
		const struct verdict_finding *f = g->findings->pdata[i];
		if (f->word == g->word && !verdict_is_waived(f))
			return f;
	}
	return g->findings->pdata[0];
}

const char *group_part(const struct group *g, const struct verdict_finding *f)
{
	gsize length = strlen(g->subject);

	if (strncmp(f->subject, g->subject, length) != 0)
		return f->subject;
	if (f->subject[length] == '\0')
		return "";
	return g_str_has_prefix(f->subject + length, ": ") ? f->subject + length + strlen(": ") : f->subject;
}
