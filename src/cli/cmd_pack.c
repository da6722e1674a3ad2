/* abide pack: a manifest and built files become .deb and .rpm packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "core/member.h"
#include "core/parallel.h"
#include "pack/base_shared.h"
#include "pack/pack.h"
#include "pack/schema_json.h"

#include <stdio.h>
#include <string.h>


struct pack_options {
	char **files;
	char *packager;
	char *target;
	char *sign;
	char **bases;
	gboolean schema;
	gboolean record;
};

/* One manifest, and what was read for it. */
struct work {
	const char *path; /* of the manifest */
	struct manifest *manifest;
	struct gate *gate; /* NULL without a library */
	GError *error;	   /* why it could not be read, or its library not pass; NULL: neither */
	const struct base_shared *base;
	struct atomic_file snapshot; /* with --record, of a library; gets its name after the packages have theirs */
	char *recorded;		     /* that name, or NULL */
};

static void work_free(gpointer data)
{
	struct work *w = data;

	gate_free(w->gate);
	g_clear_error(&w->error);
	manifest_free(w->manifest);
	atomic_file_clear(&w->snapshot);
	g_free(w->recorded);
	g_free(w);
}

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

static void add_package(JsonBuilder *b, const struct pack_output *o)
{
	json_builder_begin_object(b);
	member_text(b, "file", o->path);
	member_text(b, "format", o->format->name);
	member_text(b, "name", o->name);
	member_text(b, "version", o->version);
	member_number(b, "size", o->size);
	member_text(b, "sha256", o->sha256);
	member_text(b, "manifest", o->manifest->path);
	json_builder_end_object(b);
}

static void add_verdict(JsonBuilder *b, const struct gate *gate)
{
	json_builder_set_member_name(b, "verdict");
	if (gate != NULL && gate->verdict != NULL)
		json_builder_add_value(b, verdict_json(gate->verdict));
	else
		json_builder_add_null_value(b);
}

static JsonNode *json_of(const GPtrArray *works, const GPtrArray *outputs)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_array(b, "packages");
	for (guint i = 0; i < outputs->len; i++)
		add_package(b, outputs->pdata[i]);
	json_builder_end_array(b);
	add_verdict(b, works->len == 1 ? ((struct work *)works->pdata[0])->gate : NULL);
	member_array(b, "manifests");
	for (guint i = 0; i < works->len; i++) {
		const struct work *w = works->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "file", w->manifest->path);
		add_verdict(b, w->gate);
		member_text(b, "recorded", w->recorded);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

static void print_gate(const struct gate *gate)
{
	if (gate != NULL && gate->verdict != NULL) {
		g_autofree char *text = verdict_text(gate->verdict, FALSE);
		fputs(text, stdout);
	} else if (gate != NULL) {
		printf("%s: first release of %s\n", gate->library->path, gate->library->soname);
	}
}

static void print_text(const GPtrArray *works, const GPtrArray *outputs)
{
	int width = 0;

	for (guint i = 0; i < works->len; i++)
		print_gate(((struct work *)works->pdata[i])->gate);
	for (guint i = 0; i < outputs->len; i++)
		width = MAX(width, (int)strlen(((struct pack_output *)outputs->pdata[i])->path));
	for (guint i = 0; i < outputs->len; i++) {
		const struct pack_output *o = outputs->pdata[i];
		printf("%-*s %9" G_GUINT64_FORMAT "  sha256:%.16s\n", width, o->path, o->size, o->sha256);
	}
	for (guint i = 0; i < works->len; i++)
		if (((struct work *)works->pdata[i])->recorded != NULL)
			printf("%s: recorded\n", ((struct work *)works->pdata[i])->recorded);
}

/* record: the folder of the history may be new. */
static struct gate *pass_gate(const struct manifest *m, gboolean record, GError **error)
{
	GDate today;

	g_date_clear(&today, 1);
	if (record && m->library->history != NULL && *m->library->history != '\0' &&
	    !file_make_dirs(m->library->history, error))
		return NULL;
	if (m->library->waivers != NULL && !cli_today(&today, error))
		return NULL;
	return gate_pass(m, &today, error);
}

/* --base takes the place of the manifest's `base`. */
static struct base_shared *base_of(GPtrArray *bases, const struct pack_options *options, const struct manifest *m)
{
	const char *stated = manifest_arch(m, PACKAGE_DEB);
	const struct names_arch *arch = names_arch_find(stated == NULL ? "amd64" : stated);
	gboolean given = options->bases != NULL;

	return base_shared_of(bases, (const char *const *)(given ? options->bases : m->base.items),
			      given ? g_strv_length(options->bases) : m->base.n, arch);
}

static gboolean check_base(const struct work *w, const struct pack_options *options, GError **error)
{
	const struct base_shared *base = w->base;

	if (base->error == NULL)
		return TRUE;
	g_propagate_error(error, g_error_copy(base->error));
	if (options->bases != NULL || w->manifest->base.n == 0)
		return FALSE;
	g_autofree char *key = g_strdup_printf("base[%u]", base->wrong - 1);
	return manifest_prefix(w->manifest, error, key);
}

static void load_one(guint i, gpointer user)
{
	struct work *w = ((GPtrArray *)user)->pdata[i];

	w->manifest = manifest_load(w->path, &w->error);
}

/* Errors are those of the first manifest that has one, whichever was read first. */
static gboolean check_work(struct work *w, GError **error)
{
	if (w->error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&w->error));
	return FALSE;
}

static void add_work(GPtrArray *works, const char *path)
{
	struct work *w = g_new0(struct work, 1);

	w->path = path;
	g_ptr_array_add(works, w);
}

/* The manifests that are named, in their order: those of -f, then the arguments. */
static gboolean read_manifests(GPtrArray *works, const struct cli_call *call, GError **error)
{
	const struct pack_options *options = call->options;

	for (char **file = options->files; file != NULL && *file != NULL; file++)
		add_work(works, *file);
	for (guint i = 0; i < call->n_arguments; i++)
		add_work(works, call->arguments[i]);
	if (works->len == 0)
		add_work(works, "abide.yaml");
	parallel_run(works->len, load_one, works);
	for (guint i = 0; i < works->len; i++)
		if (!check_work(works->pdata[i], error))
			return FALSE;
	return TRUE;
}

static gboolean begin_record(struct work *w, GError **error)
{
	const struct manifest *m = w->manifest;

	if (w->gate == NULL || w->gate->history == NULL)
		return manifest_refuse(m, error, "library.history", "--record needs a folder to record the release in");
	w->recorded = history_begin(w->gate->history, m->library->history, w->gate->library, m->version, &w->snapshot, error);
	return w->recorded != NULL || manifest_prefix(m, error, "library.history");
}

static gboolean finish_records(GPtrArray *works, GError **error)
{
	for (guint i = 0; i < works->len; i++) {
		struct work *w = works->pdata[i];
		if (w->snapshot.open && !atomic_file_commit(&w->snapshot, error))
			return FALSE;
	}
	return TRUE;
}

/* What is read before anything is planned: every base there is, and every library. */
struct reading {
	GPtrArray *bases, *works;
	gboolean record;
};

static void read_one(guint i, gpointer user)
{
	const struct reading *r = user;

	if (i < r->bases->len) {
		base_shared_read(r->bases->pdata[i]);
		return;
	}
	struct work *w = r->works->pdata[i - r->bases->len];
	if (w->manifest->library != NULL)
		w->gate = pass_gate(w->manifest, r->record, &w->error);
}

static gboolean read_inputs(GPtrArray *works, GPtrArray *bases, const struct pack_options *options, GError **error)
{
	struct reading r = {bases, works, options->record};

	for (guint i = 0; i < works->len; i++) {
		struct work *w = works->pdata[i];
		w->base = base_of(bases, options, w->manifest);
	}
	parallel_run(bases->len + works->len, read_one, &r);
	for (guint i = 0; i < works->len; i++) {
		struct work *w = works->pdata[i];
		if (!check_base(w, options, error) || !check_work(w, error) ||
		    (options->record && !begin_record(w, error)))
			return FALSE;
	}
	return TRUE;
}

static GPtrArray *pack_works(GPtrArray *works, const struct pack_options *options, const struct pack_request *request,
			     GError **error)
{
	g_autoptr(GPtrArray) bases = base_shared_list();
	g_autofree struct pack_job *jobs = g_new0(struct pack_job, works->len);

	if (!read_inputs(works, bases, options, error))
		return NULL;
	for (guint i = 0; i < works->len; i++) {
		const struct work *w = works->pdata[i];
		jobs[i] = (struct pack_job){w->manifest, w->gate, &w->base->bases};
	}
	return pack_write(jobs, works->len, request, error);
}

static int run_pack(const struct cli_call *call, GError **error)
{
	const struct pack_options *options = call->options;
	g_autofree const struct package_format **formats = formats_of(options->packager, error);
	struct pack_request request = {
		.formats = formats, .folder = options->target == NULL ? "." : options->target, .key = options->sign};
	g_autoptr(GPtrArray) works = g_ptr_array_new_with_free_func(work_free);
	g_autoptr(GPtrArray) outputs = NULL;

	if (options->schema) {
		cli_print_json(schema_json());
		return CLI_DONE;
	}
	if (formats == NULL || !read_manifests(works, call, error))
		return -1;
	outputs = pack_works(works, options, &request, error);
	if (outputs == NULL || !finish_records(works, error))
		return -1;
	if (call->json)
		cli_print_json(json_of(works, outputs));
	else
		print_text(works, outputs);
	return CLI_DONE;
}

static const struct cli_option pack_rows[] = {
	{"file", 'f', CLI_STRINGS, G_STRUCT_OFFSET(struct pack_options, files), "FILE",
	 "a manifest (default: abide.yaml); again for more: all of them are packed, or none"},
	{"packager", 'p', CLI_STRING, G_STRUCT_OFFSET(struct pack_options, packager), "LIST",
	 "deb, rpm, or both with a comma between (default: deb,rpm)"},
	{"target", 't', CLI_STRING, G_STRUCT_OFFSET(struct pack_options, target), "FOLDER",
	 "where the packages go (default: the current folder)"},
	{"base", 'b', CLI_STRINGS, G_STRUCT_OFFSET(struct pack_options, bases), "BASE",
	 "what the target provides: a name, a base file, a package or a folder of them, or none; may be repeated"},
	{"record", 0, CLI_FLAG, G_STRUCT_OFFSET(struct pack_options, record), NULL,
	 "add the library's snapshot to the folder that library.history names"},
	{"sign", 0, CLI_STRING, G_STRUCT_OFFSET(struct pack_options, sign), "KEY",
	 "sign each .rpm with this OpenPGP key of gpg's"},
	{"schema", 0, CLI_FLAG, G_STRUCT_OFFSET(struct pack_options, schema), NULL,
	 "print the JSON schema of a manifest, for editors, and pack nothing"},
	{0},
};

const struct cli_command cmd_pack = {
	.name = "pack",
	.arguments = "[FILE...]",
	.most = G_MAXUINT,
	.summary = "make .deb and .rpm packages from a manifest and built files",
	.notes = "A library is packed only if it may replace the release that the manifest names in library.abi.",
	.options = pack_rows,
	.options_size = sizeof(struct pack_options),
	.run = run_pack,
};
