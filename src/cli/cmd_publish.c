/* abide publish: a directory that is a signed apt repository and a signed dnf repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/clientconfig.h"

#include <stdio.h>
#include <string.h>

/* A year: media sit in drawers for months, and a server whose medium is older should hear of it. */
#define DEFAULT_DAYS 365

/* ---- init ---- */

struct init_options {
	struct publish_options common;
	char *key, *suite, *origin, *label, *valid_days;
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

static void print_init(const struct cli_call *call, const publication *p)
{
	const release *r = p->site.settings;
	g_autofree char *name = publication_key_name(p);

	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		g_autofree char *key_file = g_strdup_printf("keys/%s.asc", name);
		json_builder_begin_object(b);
		publish_add_suite(b, p);
		publish_add_member(b, "key_file", key_file);
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
						.label = options->label};
	struct publication_writer writer = {0};
	g_autofree char *by = NULL;

	if (options->key == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide publish init: --key is missing: which key signs?");
		return -1;
	}
	if (!parse_days(options->valid_days, &settings.valid_days, error) ||
	    !publish_writer(&options->common, &writer, &by, error))
		return -1;
	g_autoptr(publication) p = publication_create(call->arguments[0], &settings, &writer, error);
	if (p == NULL)
		return -1;
	print_init(call, p);
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

/* ---- list ---- */

struct suite_options {
	char *suite;
};

static const struct cli_option suite_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct suite_options, suite), "NAME", "the suite (stable)"},
	{0},
};

static const char *suite_of(const struct cli_call *call)
{
	const struct suite_options *options = call->options;

	return options->suite ? options->suite : PUBLISH_SUITE;
}

static void print_table(const GPtrArray *packages)
{
	int name = 4, version = 7, arch = 4;

	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		name = MAX(name, (int)strlen(e->name));
		version = MAX(version, (int)strlen(e->version));
		arch = MAX(arch, (int)strlen(e->arch));
	}
	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		printf("%-*s  %-*s  %-*s  %s\n", name, e->name, version, e->version, arch, e->arch, e->family->name);
	}
}

static int run_list(const struct cli_call *call, GError **error)
{
	g_autoptr(publication) p = publication_open(call->arguments[0], suite_of(call), error);

	if (p == NULL)
		return -1;
	if (!call->json) {
		print_table(p->packages);
		return CLI_DONE;
	}
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < p->packages->len; i++) {
		json_builder_begin_object(b);
		publish_add_entry(b, p->packages->pdata[i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
	return CLI_DONE;
}

const struct cli_command cmd_publish_list = {
	.name = "publish",
	.verb = "list",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "list the packages of a repository: name, version, architecture, family",
	.options = suite_rows,
	.options_size = sizeof(struct suite_options),
	.run = run_list,
};

/* ---- client-config ---- */

struct client_options {
	char *suite, *url, *output;
};

static void print_files(const struct cli_call *call, const GPtrArray *files)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	const struct family *family = NULL;

	json_builder_begin_array(b);
	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		json_builder_begin_object(b);
		publish_add_member(b, "file", f->path);
		publish_add_member(b, "family", f->family->name);
		publish_add_member(b, "install_as", f->target);
		json_builder_end_object(b);
		if (call->json)
			continue;
		if (f->family != family)
			printf("%sOn a server that uses .%s packages, as root:\n", family ? "\n" : "", f->family->name);
		printf("  install -D -m 644 %s %s\n", f->path, f->target);
		family = f->family;
	}
	json_builder_end_array(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
}

static int run_client(const struct cli_call *call, GError **error)
{
	const struct client_options *options = call->options;

	if (options->url == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "abide publish client-config: --url is missing: where do servers find the directory?");
		return -1;
	}
	g_autoptr(publication) p =
		publication_open_settings(call->arguments[0], options->suite ? options->suite : PUBLISH_SUITE, error);
	g_autoptr(GPtrArray) files =
		p ? clientconfig_write(p, options->url, options->output ? options->output : ".", error) : NULL;
	if (files == NULL)
		return -1;
	print_files(call, files);
	return CLI_DONE;
}

static const struct cli_option client_rows[] = {
	{"url", 'u', CLI_STRING, G_STRUCT_OFFSET(struct client_options, url), "URL",
	 "where servers find the directory: http, https, ftp or file"},
	{"output", 'o', CLI_STRING, G_STRUCT_OFFSET(struct client_options, output), "OUTDIR",
	 "where to write the files (the current directory)"},
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct client_options, suite), "NAME", "the suite (stable)"},
	{0},
};

const struct cli_command cmd_publish_client_config = {
	.name = "publish",
	.verb = "client-config",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "write what servers need: apt sources, dnf repo and the key",
	.options = client_rows,
	.options_size = sizeof(struct client_options),
	.run = run_client,
};
