/* abide publish client-config: what servers need to use a suite, and the commands that put it there. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/clientconfig.h"

#include <stdio.h>

struct client_options {
	char *suite, *url, *output;
};

static void print_json(const GPtrArray *files)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_array(b);
	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "file", f->path);
		member_text(b, "family", f->family->name);
		member_text(b, "install_as", f->target);
		if (f->zypper_target != NULL)
			member_text(b, "install_as_for_zypper", f->zypper_target);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	cli_print_json(json_builder_get_root(b));
}

static void print_family(const GPtrArray *files, const struct family *family, const char *tool)
{
	printf("On a server with %s, as root:\n", tool);
	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		if (f->family == family)
			printf("  install -D -m 644 %s %s\n", f->path, f->target);
	}
}

/*
 * zypper has a folder of its own for .repo files, takes a key that rpm knows without a question, and refreshes only what
 * it is told to.
 */
static void print_zypper(const GPtrArray *files, const char *name)
{
	printf("On a server with zypper, as root:\n");
	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		if (f->zypper_target != NULL)
			printf("  install -D -m 644 %s %s\n", f->path, f->zypper_target);
	}
	for (guint i = 0; i < files->len; i++) {
		const struct clientconfig_file *f = files->pdata[i];
		if (f->zypper_target != NULL && !g_str_has_suffix(f->path, ".repo"))
			printf("  rpm --import %s\n", f->zypper_target);
	}
	printf("  zypper modifyrepo --refresh %s\n", name);
}

static void print_files(const publication *p, const GPtrArray *files)
{
	g_autofree char *name = publication_key_name(p);

	print_family(files, &family_deb, "apt");
	printf("\n");
	print_family(files, &family_rpm, "dnf");
	printf("\n");
	print_zypper(files, name);
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
	if (call->json)
		print_json(files);
	else
		print_files(p, files);
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
	.summary = "write what servers need: apt sources, dnf and zypper repo, and the key",
	.options = client_rows,
	.options_size = sizeof(struct client_options),
	.run = run_client,
};
