/* abide publish init: a directory that is a signed apt repository and a signed dnf repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"

#include <stdio.h>
#include <string.h>

/* A year: media sit in drawers for months, and a server whose medium is older should hear of it. */
#define DEFAULT_DAYS 365

struct init_options {
	struct publish_options common;
	char *key, *suite, *origin, *label, *valid_days, *compression;
	char **bases;
	gboolean contents;
};

static gboolean parse_days(const char *text, guint *days, GError **error)
{
	guint64 n = DEFAULT_DAYS;

	if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, RELEASE_MOST_DAYS, &n, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--valid-days %s: not a number from 1 to %d", text,
			    RELEASE_MOST_DAYS);
		return FALSE;
	}
	*days = (guint)n;
	return TRUE;
}

static gboolean parse_compression(const char *text, gboolean *zstd, GError **error)
{
	*zstd = g_strcmp0(text, "zstd") == 0;
	if (text == NULL || *zstd || strcmp(text, "gzip") == 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--rpm-compression %s: gzip or zstd", text);
	return FALSE;
}

static void print_init(const struct cli_call *call, const publication *p)
{
	const release *r = p->site.settings;
	g_autofree char *name = publication_key_name(p);

	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		g_autofree char *key_file = g_strdup_printf("keys/%s.asc", name);
		json_builder_begin_object(b);
		publish_add_suite(b, p);
		member_text(b, "key_file", key_file);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
		return;
	}
	printf("%s: suite %s of %s, valid for %u days after each publication\n", p->site.dir, r->suite, r->origin,
	       r->valid_days);
	printf("signed by  %s\n", *r->signed_by);
	printf("public key %s/keys/%s.asc\n", p->site.dir, name);
}

static int run_init(const struct cli_call *call, GError **error)
{
	const struct init_options *options = call->options;
	struct publication_settings settings = {.key = options->key,
						.suite = options->suite ? options->suite : PUBLISH_SUITE,
						.origin = options->origin,
						.label = options->label,
						.contents = options->contents,
						.bases = (const char *const *)options->bases};
	struct publication_writer writer = {0};
	g_autofree char *by = NULL;

	if (options->key == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide publish init: --key is missing: which key signs?");
		return -1;
	}
	if (!parse_days(options->valid_days, &settings.valid_days, error) ||
	    !parse_compression(options->compression, &settings.zstd, error) ||
	    !publish_writer(&options->common, &writer, &by, error))
		return -1;
	g_autoptr(publication) p = publication_create(call->arguments[0], &settings, &writer, error);
	if (p == NULL)
		return -1;
	print_init(call, p);
	publish_print_signing(call, p);
	return CLI_DONE;
}

static const struct cli_option init_rows[] = {
	{"key", 'k', CLI_STRING, G_STRUCT_OFFSET(struct init_options, key), "ID",
	 "the OpenPGP key that signs: fingerprint, key id or address"},
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct init_options, suite), "NAME", "the suite to make (stable)"},
	{"origin", 0, CLI_STRING, G_STRUCT_OFFSET(struct init_options, origin), "NAME",
	 "who publishes; also names the key's files (the directory's name)"},
	{"label", 0, CLI_STRING, G_STRUCT_OFFSET(struct init_options, label), "NAME", "what is published (the origin)"},
	{"valid-days", 0, CLI_STRING, G_STRUCT_OFFSET(struct init_options, valid_days), "N",
	 "how long servers accept each publication (365)"},
	{"contents", 0, CLI_FLAG, G_STRUCT_OFFSET(struct init_options, contents), NULL,
	 "list the files of each .deb, for apt-file: Contents-ARCH.gz"},
	{"rpm-compression", 0, CLI_STRING, G_STRUCT_OFFSET(struct init_options, compression), "HOW",
	 "dnf's metadata: gzip, which all read, or zstd (gzip)"},
	{"base", 'b', CLI_STRINGS, G_STRUCT_OFFSET(struct init_options, bases), "BASE",
	 "a system on which all packages are to be installable: a name, or an abide-base(5); may be given again"},
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_init = {
	.name = "publish",
	.verb = "init",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "make a directory that is a signed apt and a signed dnf repository",
	.options = init_rows,
	.options_size = sizeof(struct init_options),
	.run = run_init,
};
