/* abide publish history and diff: the states of a suite, and what is between two of them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/chain.h"

#include <stdio.h>
#include <string.h>

struct suite_options {
	char *suite;
};

static const struct cli_option suite_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct suite_options, suite), "NAME", "the suite (stable)"},
	{0},
};

static publication *open_suite(const struct cli_call *call, gboolean packages, GError **error)
{
	const struct suite_options *options = call->options;
	const char *suite = options->suite ? options->suite : PUBLISH_SUITE;

	return packages ? publication_open(call->arguments[0], suite, error)
			: publication_open_settings(call->arguments[0], suite, error);
}

/* ---- history ---- */

static void count_changes(const struct state *s, guint *added, guint *removed)
{
	*added = *removed = 0;
	for (guint i = 0; i < s->changes->len; i++)
		((const struct state_item *)s->changes->pdata[i])->added ? ++*added : ++*removed;
}

static void print_state(const struct state *s)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(s->date);
	g_autofree char *shown = g_date_time_format(date, "%Y-%m-%d %H:%M");
	g_autofree char *to = s->returns_to ? g_strdup_printf(" to %" G_GUINT64_FORMAT, s->returns_to) : g_strdup("");
	guint added, removed;

	count_changes(s, &added, &removed);
	printf("%5" G_GUINT64_FORMAT "  %s  %s%s", s->number, shown, s->action, to);
	if (added > 0)
		printf(" +%u", added);
	if (removed > 0)
		printf(" -%u", removed);
	for (guint i = 0; i < s->bases->len; i++) {
		const char *word = s->bases->pdata[i];
		printf(" %c%.*s", *word, (int)strcspn(word + 2, ":"), word + 2);
	}
	printf("  %s%s%s\n", s->by, *s->why ? ": " : "", s->why);
}

static void print_history(const publication *p, const GPtrArray *states)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "states");
	json_builder_begin_array(b);
	for (guint i = 0; i < states->len; i++) {
		json_builder_begin_object(b);
		publish_add_state(b, states->pdata[i]);
		publish_add_changes(b, states->pdata[i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

static int run_history(const struct cli_call *call, GError **error)
{
	g_autoptr(publication) p = open_suite(call, FALSE, error);
	g_autoptr(GPtrArray) states = p ? chain_load(&p->site, 0, error) : NULL;

	if (states == NULL)
		return -1;
	if (call->json)
		print_history(p, states);
	for (guint i = 0; !call->json && i < states->len; i++)
		print_state(states->pdata[i]);
	return CLI_DONE;
}

const struct cli_command cmd_publish_history = {
	.name = "publish",
	.verb = "history",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "list the states of a suite, newest first: number, date, verb, changes, who and why",
	.options = suite_rows,
	.options_size = sizeof(struct suite_options),
	.run = run_history,
};

/* ---- diff ---- */

/* The items of ONE that OTHER has not under the same path, appended as added or removed. */
static void append_missing(GPtrArray *changes, GHashTable *one, GHashTable *other, gboolean added)
{
	GHashTableIter iter;
	gpointer path, item;

	g_hash_table_iter_init(&iter, one);
	while (g_hash_table_iter_next(&iter, &path, &item)) {
		const struct state_item *theirs = g_hash_table_lookup(other, path);
		if (theirs != NULL && strcmp(theirs->sha256, ((const struct state_item *)item)->sha256) == 0)
			continue;
		struct state_item *copy = state_item_copy(item);
		copy->added = added;
		g_ptr_array_add(changes, copy);
	}
}

static void print_diff(const struct cli_call *call, const publication *p, guint64 from, guint64 to, struct state *between)
{
	if (!call->json) {
		for (guint i = 0; i < between->changes->len; i++) {
			const struct state_item *item = between->changes->pdata[i];
			publish_print_item(item->added ? "added" : "removed", item);
		}
		if (between->changes->len == 0)
			printf("states %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT " have the same packages\n", from, to);
		return;
	}
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "from");
	json_builder_add_int_value(b, (gint64)from);
	json_builder_set_member_name(b, "to");
	json_builder_add_int_value(b, (gint64)to);
	publish_add_changes(b, between);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

static int run_diff(const struct cli_call *call, GError **error)
{
	guint64 from = 0, to = 0;

	if (!publish_state_number(call->arguments[1], &from, error) ||
	    (call->n_arguments > 2 && !publish_state_number(call->arguments[2], &to, error)))
		return -1;
	g_autoptr(publication) p = open_suite(call, TRUE, error);
	g_autoptr(GHashTable) before = p ? chain_packages(p, from, error) : NULL;
	g_autoptr(GHashTable) after = before ? chain_packages(p, to, error) : NULL;
	if (after == NULL)
		return -1;
	g_autoptr(state) between = state_new();
	append_missing(between->changes, before, after, FALSE);
	append_missing(between->changes, after, before, TRUE);
	g_ptr_array_sort(between->changes, state_item_compare);
	print_diff(call, p, from, to ? to : p->site.settings->state, between);
	return CLI_DONE;
}

const struct cli_command cmd_publish_diff = {
	.name = "publish",
	.verb = "diff",
	.arguments = "DIR STATE [STATE]",
	.least = 2,
	.most = 3,
	.summary = "say which packages came and went between two states, or since one",
	.options = suite_rows,
	.options_size = sizeof(struct suite_options),
	.run = run_diff,
};
