/* abide init: a first manifest, from what a built library or program says. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "core/file.h"
#include "pack/draft.h"

#include <stdio.h>
#include <string.h>

struct init_options {
	char *output;
	gboolean force;
};

static JsonNode *json_of(const struct draft *d, const char *output)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	const char *const rows[][2] = {{"file", output}, {"name", d->name}, {"version", d->version}, {"arch", d->arch}};

	json_builder_begin_object(b);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		json_builder_set_member_name(b, rows[i][0]);
		json_builder_add_string_value(b, rows[i][1]);
	}
	json_builder_set_member_name(b, "library");
	json_builder_add_boolean_value(b, d->library);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

static int run_init(const struct cli_call *call, GError **error)
{
	const struct init_options *o = call->options;
	const char *output = o->output == NULL ? "abide.yaml" : o->output;
	g_autoptr(draft) d = NULL;

	if (!o->force && g_file_test(output, G_FILE_TEST_EXISTS)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
			    "%s: is there already; --force writes over it, --output FILE writes elsewhere", output);
		return -1;
	}
	d = draft_of(call->n_arguments > 0 ? call->arguments[0] : NULL, error);
	if (d == NULL || !file_replace(output, d->text, strlen(d->text), 0644, error))
		return -1;
	if (call->json)
		cli_print_json(json_of(d, output));
	else
		printf("%s: %s %s for %s%s; next: abide pack%s%s\n", output, d->name, d->version, d->arch,
		       d->library ? ", a library" : "", o->output == NULL ? "" : " ", o->output == NULL ? "" : output);
	return CLI_DONE;
}

static const struct cli_option init_rows[] = {
	{"output", 'o', CLI_STRING, G_STRUCT_OFFSET(struct init_options, output), "FILE",
	 "where to write it (default: abide.yaml)"},
	{"force", 0, CLI_FLAG, G_STRUCT_OFFSET(struct init_options, force), NULL, "write over a file that is there"},
	{0},
};

const struct cli_command cmd_init = {
	.name = "init",
	.arguments = "[FILE]",
	.most = 1,
	.summary = "write a first manifest from a built library or program",
	.notes = "Without FILE it is a short template. The manifest packs as it is: see abide pack.",
	.options = init_rows,
	.options_size = sizeof(struct init_options),
	.run = run_init,
};
