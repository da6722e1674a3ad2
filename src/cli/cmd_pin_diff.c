/* abide pin diff: two channels, or one against its record and what is published of it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "pin/published.h"
#include "pin/report.h"

#include <stdio.h>

/* One comparison: a heading for people, a member for programs. */
struct part {
	const char *member, *heading, *none;
	GPtrArray *differences; /* NULL: there is nothing to compare with */
};

static void print_parts(const struct cli_call *call, const struct part *parts, guint n)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	for (guint i = 0; i < n; i++) {
		const struct part *part = &parts[i];
		if (part->differences == NULL)
			continue;
		channel_add_differences(b, part->member, part->differences);
		if (call->json)
			continue;
		g_autofree char *text = channel_differences_text(part->differences, "  ");
		printf("%s%s\n%s", part->heading, part->differences->len > 0 ? "" : part->none, text);
	}
	json_builder_end_object(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
}

static int diff_two(const struct cli_call *call, const char *dir, GError **error)
{
	g_autoptr(channel) a = channel_read(dir, call->arguments[0], error);
	g_autoptr(channel) b = a != NULL ? channel_read(dir, call->arguments[1], error) : NULL;

	if (b == NULL)
		return -1;
	g_autoptr(GPtrArray) from = channel_items(a), to = channel_items(b);
	g_autoptr(GPtrArray) differences = channel_differences(from, to);
	g_autofree char *heading = g_strdup_printf("from %s to %s:", a->name, b->name);
	const struct part part = {"differences", heading, " no difference", differences};
	print_parts(call, &part, 1);
	return CLI_DONE;
}

static int diff_one(const struct cli_call *call, const struct fleet *fleet, const char *dir, GError **error)
{
	const char *name = call->arguments[0];
	g_autoptr(channel) c = channel_read(dir, name, error);
	g_autoptr(channel_log) log = c != NULL ? channel_log_read(dir, name, error) : NULL;
	g_autoptr(GPtrArray) unpublished = NULL;

	if (log == NULL || (fleet != NULL && !channel_unpublished(fleet, c, &unpublished, error)))
		return -1;
	g_autoptr(GPtrArray) from = channel_log_items(log), to = channel_items(c);
	g_autoptr(GPtrArray) by_hand = channel_differences(from, to);
	const struct part parts[] = {
		{"by_hand", "changed by hand, not on record:", " nothing", by_hand},
		{"unpublished", "published, and not as the channel has it now:", " nothing", unpublished},
	};
	print_parts(call, parts, G_N_ELEMENTS(parts));
	return CLI_DONE;
}

static int run_diff(const struct cli_call *call, GError **error)
{
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(call->options, &fleet, error);

	if (dir == NULL)
		return -1;
	return call->n_arguments == 2 ? diff_two(call, dir, error) : diff_one(call, fleet, dir, error);
}

static const struct cli_option diff_rows[] = {
	PIN_ROWS,
	{0},
};

const struct cli_command cmd_pin_diff = {
	.name = "pin",
	.verb = "diff",
	.arguments = "CHANNEL [OTHER]",
	.least = 1,
	.most = 2,
	.summary = "compare two channels, or one with its record and what is published",
	.options = diff_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_diff,
};
