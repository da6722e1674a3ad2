/* abide publish sign: a suite signed anew before it expires, or what another machine prepared for this one. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/elsewhere.h"
#include "publish/signers.h"

#include <stdio.h>

struct sign_options {
	struct publish_options common;
	char *suite;
};

/* ---- a folder ---- */

static void print_folder(const struct cli_call *call, const elsewhere *e)
{
	const struct state *s = e->state;

	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		member_text(b, "folder", call->arguments[0]);
		member_text(b, "suite", s->suite);
		publish_add_state(b, s);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
		return;
	}
	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		publish_print_item(item->added ? "added" : "removed", item);
	}
	printf("%s: signed state %" G_GUINT64_FORMAT " of suite %s of %s: %s by %s\n", call->arguments[0], s->number,
	       s->suite, e->release->origin, s->action, s->by);
}

static int sign_folder(const struct cli_call *call, GError **error)
{
	const char *folder = call->arguments[0];
	g_autoptr(elsewhere) e = elsewhere_read(folder, error);
	g_autoptr(keyring) keys = e ? keyring_new(error) : NULL;

	if (keys == NULL || !elsewhere_sign(folder, e, keys, error))
		return -1;
	print_folder(call, e);
	return CLI_DONE;
}

/* ---- a repository ---- */

static int sign_suite(const struct cli_call *call, GError **error)
{
	const struct sign_options *options = call->options;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);

	if (p == NULL || !signers_publish(p, "sign", error))
		return -1;
	publish_print_change(call, p);
	publish_print_signing(call, p);
	return CLI_DONE;
}

static int run_sign(const struct cli_call *call, GError **error)
{
	return elsewhere_is(call->arguments[0]) ? sign_folder(call, error) : sign_suite(call, error);
}

static const struct cli_option sign_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct sign_options, suite), "NAME", "the suite (stable)"},
	PUBLISH_ELSEWHERE_ROWS,
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_sign = {
	.name = "publish",
	.verb = "sign",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "sign a suite anew before it expires, or a folder that --prepare wrote",
	.options = sign_rows,
	.options_size = sizeof(struct sign_options),
	.run = run_sign,
};
