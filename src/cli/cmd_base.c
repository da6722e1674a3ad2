/* abide base: what target systems provide, for the dependencies of packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "core/file.h"
#include "pack/base_read.h"
#include "pack/base_text.h"

#include <stdio.h>
#include <string.h>

struct capture_options {
	char *root;
	char *name;
	char *output;
	char **available;
};

static JsonNode *json_of(const struct base *b, const char *output)
{
	g_autoptr(JsonBuilder) out = json_builder_new();

	json_builder_begin_object(out);
	json_builder_set_member_name(out, "name");
	json_builder_add_string_value(out, b->name);
	json_builder_set_member_name(out, "family");
	json_builder_add_string_value(out, b->family == PACKAGE_DEB ? "deb" : "rpm");
	json_builder_set_member_name(out, "arch");
	json_builder_add_string_value(out, b->arch);
	json_builder_set_member_name(out, "libraries");
	json_builder_add_int_value(out, g_hash_table_size(b->libraries));
	json_builder_set_member_name(out, "capabilities");
	json_builder_add_int_value(out, g_hash_table_size(b->capabilities));
	json_builder_set_member_name(out, "packages");
	json_builder_add_int_value(out, b->packages->len);
	json_builder_set_member_name(out, "file");
	json_builder_add_string_value(out, output);
	json_builder_end_object(out);
	return json_builder_get_root(out);
}

static int run_capture(const struct cli_call *call, GError **error)
{
	const struct capture_options *o = call->options;
	g_autoptr(base) b = NULL;

	if (call->json && o->output == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--json says what --output FILE was given; name one");
		return -1;
	}
	b = base_capture(o->root ? o->root : "/", o->name, error);
	if (b == NULL)
		return -1;
	for (char **index = o->available; index != NULL && *index != NULL; index++)
		if (!base_add_available(b, *index, error))
			return -1;
	g_autofree char *text = base_text(b);
	if (o->output == NULL)
		fputs(text, stdout);
	else if (!file_replace(o->output, text, strlen(text), 0644, error))
		return -1;
	if (call->json)
		cli_print_json(json_of(b, o->output));
	return CLI_DONE;
}

static int run_list(const struct cli_call *call, GError **error)
{
	g_auto(GStrv) names = base_names();
	g_autoptr(JsonBuilder) b = json_builder_new();

	(void)error;
	json_builder_begin_array(b);
	for (char **name = names; *name != NULL; name++) {
		json_builder_add_string_value(b, *name);
		if (!call->json)
			puts(*name);
	}
	json_builder_end_array(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	return CLI_DONE;
}

static const struct cli_option capture_rows[] = {
	{"root", 'r', CLI_STRING, G_STRUCT_OFFSET(struct capture_options, root), "DIR",
	 "the top of the system (default: /)"},
	{"name", 'n', CLI_STRING, G_STRUCT_OFFSET(struct capture_options, name), "NAME",
	 "what to call it in messages (default: as its os-release does)"},
	{"available", 0, CLI_STRINGS, G_STRUCT_OFFSET(struct capture_options, available), "PACKAGES",
	 "a Packages index of packages that the system can install from elsewhere; may be given again"},
	{"output", 'o', CLI_STRING, G_STRUCT_OFFSET(struct capture_options, output), "FILE",
	 "write there instead of to standard output"},
	{0},
};

const struct cli_command cmd_base_capture = {
	.name = "base",
	.verb = "capture",
	.arguments = "",
	.summary = "write down what an installed system provides to programs",
	.notes = "Reads the database of dpkg or rpm below DIR. Packages are packed for that system with abide pack --base FILE.",
	.options = capture_rows,
	.options_size = sizeof(struct capture_options),
	.run = run_capture,
};

const struct cli_command cmd_base_list = {
	.name = "base",
	.verb = "list",
	.arguments = "",
	.summary = "name the bases that come with abide",
	.run = run_list,
};
