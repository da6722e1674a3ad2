/* abide pack: a manifest and built files become .deb and .rpm packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "pack/pack.h"

#include <stdio.h>
#include <string.h>

struct pack_options {
	char *file;
	char *packager;
	char *target;
	char *sign;
	char **bases;
};

/* "deb,rpm" as formats, ending with a NULL; each once, in the order of the table. Caller frees the array. */
static const struct package_format **formats_of(const char *names, GError **error)
{
	g_auto(GStrv) wanted = g_strsplit(names == NULL ? "deb,rpm" : names, ",", -1);
	g_autofree const struct package_format **formats = g_new0(const struct package_format *, PACKAGE_FAMILIES + 1);
	guint n = 0;

	for (gsize i = 0; wanted[i] != NULL; i++)
		if (package_format_find(wanted[i]) == NULL) {
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--packager: '%s'; expected deb, rpm or deb,rpm",
				    wanted[i]);
			return NULL;
		}
	for (gsize i = 0; package_formats[i] != NULL; i++)
		if (g_strv_contains((const char *const *)wanted, package_formats[i]->name))
			formats[n++] = package_formats[i];
	return g_steal_pointer(&formats);
}

static JsonNode *json_of(const struct gate *gate, const GPtrArray *outputs)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	json_builder_set_member_name(b, "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < outputs->len; i++) {
		const struct pack_output *o = outputs->pdata[i];
		json_builder_begin_object(b);
		json_builder_set_member_name(b, "file");
		json_builder_add_string_value(b, o->path);
		json_builder_set_member_name(b, "format");
		json_builder_add_string_value(b, o->format->name);
		json_builder_set_member_name(b, "name");
		json_builder_add_string_value(b, o->name);
		json_builder_set_member_name(b, "version");
		json_builder_add_string_value(b, o->version);
		json_builder_set_member_name(b, "size");
		json_builder_add_int_value(b, (gint64)o->size);
		json_builder_set_member_name(b, "sha256");
		json_builder_add_string_value(b, o->sha256);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_set_member_name(b, "verdict");
	if (gate != NULL && gate->verdict != NULL)
		json_builder_add_value(b, verdict_json(gate->verdict));
	else
		json_builder_add_null_value(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

static void print_text(const struct gate *gate, const GPtrArray *outputs)
{
	int width = 0;

	if (gate != NULL && gate->verdict != NULL) {
		g_autofree char *text = verdict_text(gate->verdict, FALSE);
		fputs(text, stdout);
	} else if (gate != NULL) {
		printf("%s: first release of %s\n", gate->library->path, gate->library->soname);
	}
	for (guint i = 0; i < outputs->len; i++)
		width = MAX(width, (int)strlen(((struct pack_output *)outputs->pdata[i])->path));
	for (guint i = 0; i < outputs->len; i++) {
		const struct pack_output *o = outputs->pdata[i];
		printf("%-*s %9" G_GUINT64_FORMAT "  sha256:%.16s\n", width, o->path, o->size, o->sha256);
	}
}

static struct gate *pass_gate(const struct manifest *m, GError **error)
{
	GDate today;

	g_date_clear(&today, 1);
	if (m->library->waivers != NULL && !cli_today(&today, error))
		return NULL;
	return gate_pass(m, &today, error);
}

/* --base takes the place of the manifest's `base`. */
static gboolean read_bases(struct bases *bases, const struct pack_options *options, const struct manifest *m,
			   GError **error)
{
	const struct names_arch *arch = names_arch_find(m->arch == NULL ? "amd64" : m->arch);
	gboolean given = options->bases != NULL;
	const char *const *names = (const char *const *)(given ? options->bases : m->base.items);
	guint n = given ? g_strv_length(options->bases) : m->base.n;
	guint wrong = bases_read(bases, names, n, arch, error);

	if (wrong == 0 || given || n == 0)
		return wrong == 0;
	g_autofree char *key = g_strdup_printf("base[%u]", wrong - 1);
	return manifest_prefix(m, error, key);
}

static int run_pack(const struct cli_call *call, GError **error)
{
	const struct pack_options *options = call->options;
	g_autofree const struct package_format **formats = formats_of(options->packager, error);
	g_auto(bases) bases = {0};
	struct pack_request request = {.formats = formats,
				       .folder = options->target == NULL ? "." : options->target,
				       .key = options->sign};
	g_autoptr(manifest) m = NULL;
	g_autoptr(gate) g = NULL;
	g_autoptr(GPtrArray) outputs = NULL;

	if (formats == NULL || (m = manifest_load(options->file == NULL ? "abide.yaml" : options->file, error)) == NULL)
		return -1;
	if (!read_bases(&bases, options, m, error) || (m->library != NULL && (g = pass_gate(m, error)) == NULL))
		return -1;
	outputs = pack_write(&(struct pack_job){m, g, &bases}, 1, &request, error);
	if (outputs == NULL)
		return -1;
	if (call->json)
		cli_print_json(json_of(g, outputs));
	else
		print_text(g, outputs);
	return CLI_DONE;
}

static const struct cli_option pack_rows[] = {
	{"file", 'f', CLI_STRING, G_STRUCT_OFFSET(struct pack_options, file), "FILE",
	 "the manifest (default: abide.yaml)"},
	{"packager", 'p', CLI_STRING, G_STRUCT_OFFSET(struct pack_options, packager), "LIST",
	 "deb, rpm, or both with a comma between (default: deb,rpm)"},
	{"target", 't', CLI_STRING, G_STRUCT_OFFSET(struct pack_options, target), "FOLDER",
	 "where the packages go (default: the current folder)"},
	{"base", 'b', CLI_STRINGS, G_STRUCT_OFFSET(struct pack_options, bases), "BASE",
	 "what the target provides: a name, a base file, a package or a folder of them, or none; may be repeated"},
	{"sign", 0, CLI_STRING, G_STRUCT_OFFSET(struct pack_options, sign), "KEY",
	 "sign each .rpm with this OpenPGP key of gpg's"},
	{0},
};

const struct cli_command cmd_pack = {
	.name = "pack",
	.arguments = "",
	.summary = "make .deb and .rpm packages from a manifest and built files",
	.notes = "A library is packed only if it may replace the release that the manifest names in library.abi.",
	.options = pack_rows,
	.options_size = sizeof(struct pack_options),
	.run = run_pack,
};
