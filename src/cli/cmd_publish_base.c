/* abide publish base: the systems on which everything in a suite is to be installable: shown, added, taken away. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/declared.h"

#include <stdio.h>
#include <string.h>

struct base_options {
	struct publish_options common;
	char *suite;
	char **add, **remove;
};

static void add_base(JsonBuilder *b, const char *word, const struct base *base)
{
	g_autofree char *name = g_strndup(word, strcspn(word, ":"));
	g_autofree char *path = declared_path(word);

	json_builder_begin_object(b);
	member_text(b, "name", name);
	member_text(b, "family", base->family == PACKAGE_DEB ? "deb" : "rpm");
	member_text(b, "architecture", base->arch);
	member_text(b, "path", path);
	member_text(b, "sha256", strchr(word, ':') + 1);
	json_builder_set_member_name(b, "packages");
	json_builder_add_int_value(b, base->packages->len);
	json_builder_end_object(b);
}

static int show(const struct cli_call *call, const publication *p, GError **error)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "declared");
	json_builder_begin_array(b);
	for (char **word = p->site.settings->bases; *word != NULL; word++) {
		g_autoptr(base) base = declared_read(p->site.dir, *word, error);
		if (base == NULL)
			return -1;
		add_base(b, *word, base);
		if (!call->json)
			printf("%-24.*s %s  %s\n", (int)strcspn(*word, ":"), *word,
			       base->family == PACKAGE_DEB ? "deb" : "rpm", strchr(*word, ':') + 1);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	else if (*p->site.settings->bases == NULL)
		printf("%s: suite %s declares no base\n", p->site.dir, p->site.settings->suite);
	return CLI_DONE;
}

static int change(const struct cli_call *call, GError **error)
{
	const struct base_options *options = call->options;
	g_autoptr(publication) p = publish_open(call->arguments[0], options->suite, &options->common, error);

	if (p == NULL || !publication_bases(p, (const char *const *)options->add, (const char *const *)options->remove, error))
		return -1;
	if (!call->json)
		for (guint i = 0; i < p->last->bases->len; i++) {
			const char *word = p->last->bases->pdata[i];
			printf("%-13s %.*s\n", *word == '+' ? "declared" : "taken away", (int)strcspn(word + 2, ":"), word + 2);
		}
	publish_print_change(call, p);
	publish_print_signing(call, p);
	return CLI_DONE;
}

static int run_base(const struct cli_call *call, GError **error)
{
	const struct base_options *options = call->options;

	if (options->add != NULL || options->remove != NULL || options->common.prepare != NULL ||
	    options->common.attach != NULL)
		return change(call, error);
	g_autoptr(publication) p =
		publication_open_settings(call->arguments[0], options->suite ? options->suite : PUBLISH_SUITE, error);
	return p ? show(call, p, error) : -1;
}

static const struct cli_option base_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct base_options, suite), "NAME", "the suite (stable)"},
	{"add", 0, CLI_STRINGS, G_STRUCT_OFFSET(struct base_options, add), "BASE",
	 "declare one more: a name, or an abide-base(5); may be given again"},
	{"remove", 0, CLI_STRINGS, G_STRUCT_OFFSET(struct base_options, remove), "NAME",
	 "no longer declare that one; may be given again"},
	PUBLISH_ELSEWHERE_ROWS,
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_base = {
	.name = "publish",
	.verb = "base",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "show the bases that a suite declares, add some, or take some away",
	.options = base_rows,
	.options_size = sizeof(struct base_options),
	.run = run_base,
};
