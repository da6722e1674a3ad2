/* abide pin log: who changed channels, when, what and why. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "cli/publish.h"
#include "pin/report.h"

#include <stdio.h>
#include <string.h>

/* One entry of one channel. */
struct line {
	char *channel;
	const struct channel_entry *entry; /* of a record in `kept` */
	guint order;			   /* in the record */
};

struct lines {
	GArray *all;	 /* struct line */
	GPtrArray *kept; /* what the entries belong to */
};

static void clear_line(gpointer line)
{
	g_free(((struct line *)line)->channel);
}

static void add_line(struct lines *lines, const char *channel, const struct channel_entry *entry)
{
	struct line line = {g_strdup(channel), entry, lines->all->len};

	g_array_append_val(lines->all, line);
}

/* The file as it is; a record may have outlived it. */
static gboolean read_if_there(const char *dir, const char *name, struct channel **c, GError **error)
{
	g_autoptr(GError) failed = NULL;

	*c = channel_read(dir, name, &failed);
	if (*c != NULL || g_error_matches(failed, CHANNEL_ERROR, CHANNEL_ERROR_MISSING))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

static gboolean add_channel(struct lines *lines, const char *dir, const char *name, gint64 now, GError **error)
{
	g_autoptr(channel) c = NULL;
	struct channel_log *log;

	if (!read_if_there(dir, name, &c, error) || (log = channel_log_read(dir, name, error)) == NULL)
		return FALSE;
	channel_log_judge(log, c);
	struct channel_entry *hand = channel_log_by_hand(log, c, now);
	if (hand != NULL)
		g_ptr_array_add(log->entries, hand);
	g_ptr_array_add(lines->kept, log);
	for (guint i = 0; i < log->entries->len; i++)
		add_line(lines, name, log->entries->pdata[i]);
	return c != NULL || log->entries->len > 0 || channel_read(dir, name, error) != NULL;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct line *x = a, *y = b;

	return x->entry->when != y->entry->when ? (x->entry->when > y->entry->when) - (x->entry->when < y->entry->when)
						: (x->order > y->order) - (x->order < y->order);
}

static void print(const struct cli_call *call, const GArray *lines)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_array(b);
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);
		g_autofree char *text = channel_entry_text(line->channel, line->entry);
		if (!call->json)
			fputs(text, stdout);
		channel_add_entry(b, line->channel, line->entry);
	}
	json_builder_end_array(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
}

static int run_log(const struct cli_call *call, GError **error)
{
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(call->options, &fleet, error);
	g_auto(GStrv) names = dir == NULL	       ? NULL
			      : call->n_arguments > 0 ? g_strdupv(call->arguments)
						      : channel_names(dir, error);
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)channel_log_free);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct line));
	struct lines lines = {all, kept};
	gint64 now;

	g_array_set_clear_func(all, clear_line);
	if (names == NULL || !publish_time(&now, error))
		return -1;
	for (char **name = names; *name != NULL; name++)
		if (!add_channel(&lines, dir, *name, now, error))
			return -1;
	if (kept->len > 1) /* that of one channel is in its own order, whatever clocks said */
		g_array_sort(all, by_time);
	print(call, all);
	return CLI_DONE;
}

static const struct cli_option log_rows[] = {
	PIN_ROWS,
	{0},
};

const struct cli_command cmd_pin_log = {
	.name = "pin",
	.verb = "log",
	.arguments = "[CHANNEL]...",
	.most = G_MAXUINT,
	.summary = "show who changed channels, when, what and why",
	.options = log_rows,
	.options_size = sizeof(struct pin_options),
	.run = run_log,
};
