/* abide publish prune: give up old states and the files that only they had. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "pin/channel.h"
#include "publish/prune.h"

#include <stdio.h>
#include <string.h>

struct prune_options {
	struct publish_options common;
	char *suite, *keep;
	char **channels;
};

/* ---- channels ---- */

/* "DIR/NAME.yaml" as the reader of channels has it. */
static struct channel *read_channel(const char *file, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(file);
	g_autofree char *name = g_path_get_basename(file);

	if (!g_str_has_suffix(name, ".yaml")) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--channels %s: a channel's file is named NAME.yaml", file);
		return NULL;
	}
	name[strlen(name) - strlen(".yaml")] = '\0';
	return channel_read(dir, name, error);
}

static GPtrArray *read_channels(char *const *files, GError **error)
{
	g_autoptr(GPtrArray) channels = g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);

	for (; files != NULL && *files != NULL; files++) {
		struct channel *c = read_channel(*files, error);
		if (c == NULL)
			return NULL;
		g_ptr_array_add(channels, c);
	}
	return g_steal_pointer(&channels);
}

static gboolean wanted(const struct state_item *item, gpointer data)
{
	const GPtrArray *channels = data;

	for (guint i = 0; i < channels->len; i++)
		if (channel_wants(channels->pdata[i], item->family->compare, item->name, item->version))
			return TRUE;
	return FALSE;
}

/* ---- the answer ---- */

static void print_json(const publication *p, const struct prune_result *result)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "oldest");
	json_builder_add_int_value(b, (gint64)result->oldest);
	json_builder_set_member_name(b, "states_removed");
	json_builder_add_int_value(b, (gint64)result->states);
	json_builder_set_member_name(b, "files_removed");
	json_builder_add_int_value(b, (gint64)result->files);
	json_builder_set_member_name(b, "bytes_removed");
	json_builder_add_int_value(b, (gint64)result->bytes);
	if (result->wanted != NULL)
		member_text(b, "kept_for", result->wanted);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

static void print_text(const publication *p, const struct prune_result *result)
{
	g_autofree char *size = g_format_size(result->bytes);

	if (result->wanted != NULL)
		printf("kept more states than asked for: a channel needs %s\n", result->wanted);
	printf("%s: suite %s, state %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT " states given up, %u files removed (%s); "
	       "state %" G_GUINT64_FORMAT " is the oldest now\n",
	       p->site.dir, p->site.settings->suite, p->site.settings->state, result->states, result->files, size,
	       result->oldest);
}

static int run_prune(const struct cli_call *call, GError **error)
{
	const struct prune_options *options = call->options;
	struct prune_request request = {.wanted = wanted};
	g_auto(prune_result) result = {0};

	if (options->keep == NULL ||
	    !g_ascii_string_to_unsigned(options->keep, 10, 1, RELEASE_MOST_STATES, &request.keep, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide publish prune: --keep N: how many states to keep, from 1");
		return -1;
	}
	g_autoptr(GPtrArray) channels = read_channels(options->channels, error);
	g_autoptr(publication) p =
		channels ? publish_open(call->arguments[0], options->suite, &options->common, error) : NULL;
	request.data = channels;
	if (p == NULL || !prune(p, &request, &result, error))
		return -1;
	if (call->json)
		print_json(p, &result);
	else
		print_text(p, &result);
	return CLI_DONE;
}

static const struct cli_option prune_rows[] = {
	{"keep", 0, CLI_STRING, G_STRUCT_OFFSET(struct prune_options, keep), "N",
	 "how many states to keep, the present one among them"},
	{"channels", 'C', CLI_STRINGS, G_STRUCT_OFFSET(struct prune_options, channels), "FILE",
	 "keep what this channel pins, too; may be given again"},
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct prune_options, suite), "NAME", "the suite (stable)"},
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_prune = {
	.name = "publish",
	.verb = "prune",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "give up old states, and remove the packages that no kept state of any suite has",
	.options = prune_rows,
	.options_size = sizeof(struct prune_options),
	.run = run_prune,
};
