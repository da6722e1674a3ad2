/* abide publish: a directory that is a signed apt repository and a signed dnf repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/chain.h"
#include "publish/clientconfig.h"

#include <stdio.h>
#include <string.h>

/* A year: media sit in drawers for months, and a server whose medium is older should hear of it. */
#define DEFAULT_DAYS 365

/* ---- init ---- */

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

/* ---- list ---- */

struct list_options {
	char *suite;
	gboolean stage;
};

/* What is published, or what waits in the stage: struct state_item *. */
static GPtrArray *listed_packages(const publication *p, gboolean stage, GError **error)
{
	GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)state_item_free);
	g_autoptr(state) last = stage && p->site.settings->state > 0 ? chain_last(&p->site, error) : NULL;

	for (guint i = 0; !stage && i < p->packages->len; i++)
		g_ptr_array_add(items, state_item_new(p->packages->pdata[i], TRUE));
	for (guint i = 0; last != NULL && i < last->staged->len; i++)
		g_ptr_array_add(items, state_item_copy(last->staged->pdata[i]));
	if (!stage || last != NULL || p->site.settings->state == 0)
		return items;
	g_ptr_array_unref(items);
	return NULL;
}

static void print_table(const GPtrArray *packages)
{
	int name = 4, version = 7, arch = 4;

	for (guint i = 0; i < packages->len; i++) {
		const struct state_item *e = packages->pdata[i];
		name = MAX(name, (int)strlen(e->name));
		version = MAX(version, (int)strlen(e->version));
		arch = MAX(arch, (int)strlen(e->arch));
	}
	for (guint i = 0; i < packages->len; i++) {
		const struct state_item *e = packages->pdata[i];
		printf("%-*s  %-*s  %-*s  %s\n", name, e->name, version, e->version, arch, e->arch, e->family->name);
	}
}

static int run_list(const struct cli_call *call, GError **error)
{
	const struct list_options *options = call->options;
	g_autoptr(publication) p =
		publication_open(call->arguments[0], options->suite ? options->suite : PUBLISH_SUITE, error);
	g_autoptr(GPtrArray) packages = p ? listed_packages(p, options->stage, error) : NULL;

	if (packages == NULL)
		return -1;
	if (!call->json) {
		print_table(packages);
		return CLI_DONE;
	}
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, options->stage ? "staged" : "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < packages->len; i++) {
		json_builder_begin_object(b);
		publish_add_item(b, packages->pdata[i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
	return CLI_DONE;
}

static const struct cli_option list_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct list_options, suite), "NAME", "the suite (stable)"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct list_options, stage), NULL,
	 "what waits in the stage (see add --stage) instead"},
	{0},
};

const struct cli_command cmd_publish_list = {
	.name = "publish",
	.verb = "list",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "list the packages of a repository: name, version, architecture, family",
	.options = list_rows,
	.options_size = sizeof(struct list_options),
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
