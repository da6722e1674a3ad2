/* abide publish add: packages into suites of a repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"

#include <stdio.h>

struct add_options {
	struct publish_options common;
	char **suites;
	char *from;
};

/* One suite's part of the answer. */
static void print_text(const publication *p, const GPtrArray *added)
{
	guint already = 0;

	for (guint i = 0; i < added->len; i++) {
		const struct publication_added *a = added->pdata[i];
		g_autoptr(state_item) item = state_item_new(a->entry, TRUE);
		publish_print_item(a->already ? "already there" : "added", item);
		already += a->already ? 1 : 0;
	}
	if (already < added->len)
		publish_print_summary(p);
	else
		printf("%s: suite %s: nothing new\n", p->site.dir, p->site.settings->suite);
}

static void add_json(JsonBuilder *b, const publication *p, const GPtrArray *added)
{
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < added->len; i++) {
		const struct publication_added *a = added->pdata[i];
		json_builder_begin_object(b);
		publish_add_entry(b, a->entry);
		if (a->source != NULL)
			publish_add_member(b, "file", a->source);
		publish_add_member(b, "result", a->already ? "already there" : "added");
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static gboolean add_to_suite(const struct cli_call *call, const char *suite, JsonBuilder *b, GError **error)
{
	const struct add_options *options = call->options;
	g_autoptr(publication) p = publish_open(call->arguments[0], suite, &options->common, error);
	char *const *what = call->arguments + 1;
	g_autoptr(GPtrArray) added = p == NULL               ? NULL
				     : options->from != NULL ? publication_promote(p, options->from, what, error)
							     : publication_add(p, what, error);

	if (added == NULL)
		return FALSE;
	if (call->json)
		add_json(b, p, added);
	else
		print_text(p, added);
	return TRUE;
}

static int run_add(const struct cli_call *call, GError **error)
{
	const struct add_options *options = call->options;
	char *const none[] = {(char *)PUBLISH_SUITE, NULL};
	g_autoptr(JsonBuilder) b = json_builder_new();
	gboolean ok = TRUE;

	json_builder_begin_array(b);
	for (char *const *suite = options->suites && *options->suites ? options->suites : none; ok && *suite != NULL; suite++)
		ok = add_to_suite(call, *suite, b, error);
	json_builder_end_array(b);
	if (!ok)
		return -1;
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	return CLI_DONE;
}

static const struct cli_option add_rows[] = {
	{"suite", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct add_options, suites), "NAME",
	 "the suite (stable); for several, give it again"},
	{"from", 0, CLI_STRING, G_STRUCT_OFFSET(struct add_options, from), "SUITE",
	 "take packages, by name, from this suite of DIR instead of files"},
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_add = {
	.name = "publish",
	.verb = "add",
	.arguments = "DIR PACKAGE...",
	.notes = "PACKAGE is a .deb or .rpm file; with --from, NAME[=VERSION][:ARCH].\n",
	.least = 2,
	.most = G_MAXUINT,
	.summary = "publish .deb and .rpm files: all of them, or none",
	.options = add_rows,
	.options_size = sizeof(struct add_options),
	.run = run_add,
};
