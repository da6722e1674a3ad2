/* abide history: the recorded releases of a library, for those who do not pack with abide pack. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "pack/deb.h"
#include "pack/history.h"

#include <stdio.h>
#include <string.h>

struct history_options {
	char *version;
	char *package;
	char *older;
	char **headers;
	char **debug_dirs;
};

/* What a call is about. */
struct subject {
	char *epoch, *version; /* upstream's, and the epoch before it or NULL */
	struct facts *library;
	struct history *history; /* NULL when none was named */
};

static void subject_clear(struct subject *s)
{
	g_free(s->epoch);
	g_free(s->version);
	facts_free(s->library);
	history_free(s->history);
}
typedef struct subject subject;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(subject, subject_clear)

static gboolean set_version(struct subject *s, const struct history_options *o, GError **error)
{
	const char *colon = o->version == NULL ? NULL : strchr(o->version, ':');

	if (o->version == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "name the version of the release with --version-is");
		return FALSE;
	}
	if (!names_check_deb_version(o->version, error)) {
		g_prefix_error(error, "--version-is: ");
		return FALSE;
	}
	s->epoch = colon == NULL ? NULL : g_strndup(o->version, (gsize)(colon - o->version));
	s->version = g_strdup(colon == NULL ? o->version : colon + 1);
	return TRUE;
}

static gboolean set_history(struct subject *s, const char *path, GError **error)
{
	s->history = history_read(path, s->library->soname, error);
	return s->history != NULL && history_check(s->history, s->version, error) &&
	       history_check_exports(s->history, s->version, s->library, error);
}

static gboolean check_soname(const struct facts *library, GError **error)
{
	g_autofree char *stem = NULL, *version = NULL;

	if (library->soname != NULL && names_soname_split(library->soname, &stem, &version))
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: %s", library->path,
		    library->soname == NULL ? "has no soname" : "its soname has no .so in it");
	return FALSE;
}

/* Arguments: LIBRARY, and the history where there is one. */
static gboolean read_subject(struct subject *s, const struct cli_call *call, GError **error)
{
	if (!set_version(s, call->options, error))
		return FALSE;
	s->library = facts_read_surface(call->arguments[0], error);
	return s->library != NULL && check_soname(s->library, error) &&
	       (call->n_arguments < 2 || set_history(s, call->arguments[1], error));
}

static int run_last(const struct cli_call *call, GError **error)
{
	g_auto(subject) s = {0};

	if (!read_subject(&s, call, error))
		return -1;
	const struct history_release *r = history_before(s.history, s.version);
	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		json_builder_set_member_name(b, "version");
		json_builder_add_string_value(b, r == NULL ? NULL : r->version);
		json_builder_set_member_name(b, "file");
		json_builder_add_string_value(b, r == NULL ? NULL : r->path);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
	} else if (r != NULL) {
		puts(r->path);
	}
	return CLI_DONE;
}

static int run_record(const struct cli_call *call, GError **error)
{
	const struct history_options *o = call->options;
	const char *folder = call->arguments[1];
	g_autoptr(facts_headers) headers = NULL;
	g_auto(atomic_file) file = {0};
	g_auto(subject) s = {0};

	if (!set_version(&s, o, error) ||
	    (o->headers != NULL && (headers = facts_headers_read((const char *const *)o->headers, error)) == NULL))
		return -1;
	s.library = facts_read(call->arguments[0],
			       &(struct facts_sources){headers, (const char *const *)o->debug_dirs, NULL, NULL}, error);
	if (s.library == NULL || !check_soname(s.library, error) || !file_make_dirs(folder, error) ||
	    !set_history(&s, folder, error))
		return -1;
	g_autofree char *path = history_begin(s.history, folder, s.library, s.version, &file, error);
	if (path == NULL)
		return -1;
	gboolean is_new = file.open;
	if (is_new && !atomic_file_commit(&file, error))
		return -1;
	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		json_builder_set_member_name(b, "file");
		json_builder_add_string_value(b, path);
		json_builder_set_member_name(b, "new");
		json_builder_add_boolean_value(b, is_new);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
	} else {
		printf("%s: %s\n", path, is_new ? "recorded" : "was recorded before");
	}
	return CLI_DONE;
}

/* As much of a package as its symbols and shlibs files depend on. */
static struct package *package_of(struct subject *s, const struct facts *older, const char *name)
{
	struct package *p = package_new(name);
	g_autofree char *soversion = NULL;

	names_soname_split(s->library->soname, &p->source, &soversion);
	p->version = g_steal_pointer(&s->version);
	p->epoch = g_steal_pointer(&s->epoch);
	p->library = g_new0(struct package_library, 1);
	*p->library = (struct package_library){
		.facts = s->library, .older = older, .history = s->history, .project = p->source};
	return p;
}

static int print_control(const struct cli_call *call, gboolean symbols, GError **error)
{
	const struct history_options *o = call->options;
	g_autoptr(facts) older = NULL;
	g_auto(subject) s = {0};

	if (!read_subject(&s, call, error) || (o->older != NULL && (older = facts_read(o->older, NULL, error)) == NULL))
		return -1;
	if (older != NULL && g_strcmp0(older->soname, s.library->soname) != 0)
		g_clear_pointer(&older, facts_free);
	g_autofree char *runtime = names_runtime(s.library->soname);
	g_autoptr(package) p = package_of(&s, older, o->package == NULL ? runtime : o->package);
	g_autofree char *text = symbols ? deb_symbols(p, error) : deb_shlibs(p);
	if (text == NULL && symbols)
		return -1;
	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		json_builder_set_member_name(b, symbols ? "symbols" : "shlibs");
		json_builder_add_string_value(b, text);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
	} else if (text != NULL) {
		fputs(text, stdout);
	}
	return CLI_DONE;
}

static int run_symbols(const struct cli_call *call, GError **error)
{
	return print_control(call, TRUE, error);
}

static int run_shlibs(const struct cli_call *call, GError **error)
{
	return print_control(call, FALSE, error);
}

#define VERSION                                                                                                        \
	{                                                                                                              \
		"version-is", 'V', CLI_STRING, G_STRUCT_OFFSET(struct history_options, version), "VERSION",            \
			"the version of LIBRARY, without Debian revision"                                              \
	}

static const struct cli_option last_rows[] = {VERSION, {0}};

static const struct cli_option record_rows[] = {
	VERSION,
	{"headers", 'H', CLI_STRINGS, G_STRUCT_OFFSET(struct history_options, headers), "PATH",
	 "the library's public headers, a file or folder; again for more"},
	{"debug-dir", 'd', CLI_STRINGS, G_STRUCT_OFFSET(struct history_options, debug_dirs), "DIR",
	 "look for separate debug information here, too; again for more"},
	{0},
};

static const struct cli_option control_rows[] = {
	VERSION,
	{"package", 'n', CLI_STRING, G_STRUCT_OFFSET(struct history_options, package), "NAME",
	 "the Debian package of LIBRARY (default: named after its soname)"},
	{"older", 'o', CLI_STRING, G_STRUCT_OFFSET(struct history_options, older), "FILE",
	 "without HISTORY: the release before, or its snapshot"},
	{0},
};

const struct cli_command cmd_history_last = {
	.name = "history",
	.verb = "last",
	.arguments = "LIBRARY HISTORY",
	.least = 2,
	.most = 2,
	.summary = "name the snapshot of the release before",
	.notes = "Prints nothing when LIBRARY is the first release of its soname.",
	.options = last_rows,
	.options_size = sizeof(struct history_options),
	.run = run_last,
};

const struct cli_command cmd_history_record = {
	.name = "history",
	.verb = "record",
	.arguments = "LIBRARY HISTORY",
	.least = 2,
	.most = 2,
	.summary = "add a released library to a folder of snapshots",
	.options = record_rows,
	.options_size = sizeof(struct history_options),
	.run = run_record,
};

const struct cli_command cmd_history_symbols = {
	.name = "history",
	.verb = "symbols",
	.arguments = "LIBRARY [HISTORY]",
	.least = 1,
	.most = 2,
	.summary = "print the symbols file of a Debian package",
	.options = control_rows,
	.options_size = sizeof(struct history_options),
	.run = run_symbols,
};

const struct cli_command cmd_history_shlibs = {
	.name = "history",
	.verb = "shlibs",
	.arguments = "LIBRARY [HISTORY]",
	.least = 1,
	.most = 2,
	.summary = "print the shlibs file of a Debian package",
	.options = control_rows,
	.options_size = sizeof(struct history_options),
	.run = run_shlibs,
};
