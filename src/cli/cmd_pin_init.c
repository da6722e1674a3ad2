/* abide pin init: a fleet's first files, from what a repository has. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "cli/publish.h"
#include "core/file.h"
#include "pin/beginning.h"

#include <stdio.h>
#include <string.h>

/* The channel that is written where none is named. */
#define FIRST_CHANNEL "example"

struct init_options {
	struct pin_options common;
	char *suite;
};

/* Where the two files go. */
struct target {
	char *fleet, *folder, *channel; /* folder: of the channel */
};

static void target_clear(struct target *t)
{
	g_free(t->fleet);
	g_free(t->folder);
	g_free(t->channel);
}
typedef struct target target;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(target, target_clear)

static gboolean is_free(const char *path, GError **error)
{
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s: is there already; nothing was written", path);
	return FALSE;
}

static gboolean find_target(const struct init_options *o, const char *channel, struct target *t, GError **error)
{
	g_autofree char *name = g_strconcat(channel, ".yaml", NULL);

	t->fleet = g_strdup(o->common.fleet != NULL ? o->common.fleet : FLEET_FILE);
	g_autofree char *above = g_path_get_dirname(t->fleet);
	t->folder = strcmp(above, ".") == 0 ? g_strdup(FLEET_CHANNELS) : g_build_filename(above, FLEET_CHANNELS, NULL);
	t->channel = g_build_filename(t->folder, name, NULL);
	return is_free(t->fleet, error) && is_free(t->channel, error);
}

/* The repository as a file of that folder names it: paths start there, and not here. */
static char *from_there(const char *fleet, const char *repository)
{
	g_autofree char *folder = g_path_get_dirname(fleet);

	return strcmp(folder, ".") == 0 ? g_strdup(repository) : g_canonicalize_filename(repository, NULL);
}

/* Both texts are read back before either is written: what was drafted must be what set and show take. */
static gboolean check_texts(const struct target *t, const char *channel, const char *fleet_text,
			    const char *channel_text, GError **error)
{
	g_autoptr(GBytes) one = g_bytes_new(fleet_text, strlen(fleet_text));
	g_autoptr(GBytes) two = g_bytes_new(channel_text, strlen(channel_text));
	g_autoptr(fleet) f = fleet_parse(t->fleet, one, error);
	g_autoptr(channel) c = f != NULL ? channel_parse(t->channel, channel, two, error) : NULL;

	return c != NULL;
}

static int run_init(const struct cli_call *call, GError **error)
{
	const struct init_options *o = call->options;
	const char *channel = call->n_arguments > 1 ? call->arguments[1] : FIRST_CHANNEL;
	g_auto(target) t = {0};

	if (!channel_check_name(channel, error) || !find_target(o, channel, &t, error))
		return -1;
	g_autoptr(publication) p =
		publication_open(call->arguments[0], o->suite != NULL ? o->suite : PUBLISH_SUITE, error);
	if (p == NULL)
		return -1;
	g_autofree char *repository = from_there(t.fleet, call->arguments[0]);
	g_autofree char *base = beginning_base(p), *first = fleet_beginning(p, repository);
	g_autofree char *second = channel_beginning(p, channel, base);
	if (!check_texts(&t, channel, first, second, error) || !file_make_dirs(t.folder, error) ||
	    !file_replace(t.channel, second, strlen(second), 0644, error) ||
	    !file_replace(t.fleet, first, strlen(first), 0644, error))
		return -1;
	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		member_text(b, "fleet", t.fleet);
		member_text(b, "channel", t.channel);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
	} else {
		printf("%s, %s: written; look through them, and put them under version control\n", t.fleet, t.channel);
	}
	return CLI_DONE;
}

static const struct cli_option init_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct init_options, suite), "SUITE",
	 "the suite of the repository (default: stable)"},
	PIN_FLEET_ROW,
	{0},
};

const struct cli_command cmd_pin_init = {
	.name = "pin",
	.verb = "init",
	.arguments = "REPOSITORY [CHANNEL]",
	.least = 1,
	.most = 2,
	.summary = "begin a fleet: write fleet.yaml and a first channel",
	.options = init_rows,
	.options_size = sizeof(struct init_options),
	.run = run_init,
};
