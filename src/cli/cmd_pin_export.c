/* abide pin export: a channel as what machines consume: a suite, files that stock apt and dnf obey, a playbook. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin.h"
#include "cli/publish.h"
#include "pin/channel_suite.h"
#include "pin/export.h"
#include "pin/rollout.h"

#include <stdio.h>

struct export_options {
	struct pin_options common;
	char *output;
	gboolean publish;
	char *ansible, *url;
	char *by, *why, *wait;
};

/* One call's work. Channels and suites that they take from are read before anything is written. */
struct exporting {
	const struct cli_call *call;
	const struct export_options *options;
	struct fleet *fleet;     /* NULL: there is none, and none is needed */
	GPtrArray *channels;     /* struct channel * */
	GHashTable *suites;      /* name -> publication * */
	view_bases *bases;       /* of the channels, where there are plans */
	GPtrArray *plans;        /* channel_suite *, one for each channel; empty where only files are written */
	GDate today;
	JsonBuilder *json;       /* NULL: text is printed */
};
typedef struct exporting exporting;

static void exporting_clear(struct exporting *x)
{
	g_clear_pointer(&x->plans, g_ptr_array_unref);
	g_clear_pointer(&x->bases, view_bases_free);
	g_clear_pointer(&x->suites, g_hash_table_unref);
	g_clear_pointer(&x->channels, g_ptr_array_unref);
	fleet_free(x->fleet);
	g_clear_object(&x->json);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(exporting, exporting_clear)

static gboolean usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide pin export: %s", text);
	return FALSE;
}

/* Not for files that are written from the channel alone. */
static gboolean needs_fleet(const struct export_options *o)
{
	return o->publish || o->ansible != NULL;
}

static gboolean check_usage(const struct exporting *x, GError **error)
{
	const struct export_options *o = x->options;
	guint n = g_strv_length(x->call->arguments);

	if (o->output == NULL && !o->publish && o->ansible == NULL)
		return usage(error, "say what is wanted: --publish, --ansible DIR, or --output DIR");
	if (o->output != NULL && n != 1)
		return usage(error, "--output is for one channel: a server has one file of each kind");
	if (needs_fleet(o) && o->common.channels != NULL)
		return usage(error, "--publish and --ansible need a fleet, which says where its channels are: leave --channels away");
	if ((o->ansible == NULL) != (o->url == NULL))
		return usage(error, "--ansible DIR and --url URL, where servers reach the repository, belong together");
	if (!o->publish && (o->by != NULL || o->why != NULL || o->wait != NULL))
		return usage(error, "--by, --why and --wait are for --publish");
	return TRUE;
}

/* ---- reading ---- */

static gboolean read_one(struct exporting *x, GError **error)
{
	g_autofree char *dir = pin_find_channels(&x->options->common, &x->fleet, error);
	struct channel *c = dir ? channel_read(dir, x->call->arguments[0], error) : NULL;

	x->channels = g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);
	if (c != NULL)
		g_ptr_array_add(x->channels, c);
	return c != NULL;
}

static gboolean read_fleet(struct exporting *x, GError **error)
{
	x->fleet = pin_open_fleet(&x->options->common, error);
	x->channels = x->fleet ? fleet_channels(x->fleet, (const char *const *)x->call->arguments, error) : NULL;
	return x->channels != NULL;
}

/* The suite that a channel takes from, opened once for all of them; NULL with an error. */
static const publication *suite_of(struct exporting *x, const struct channel *c, GError **error)
{
	const char *name = fleet_suite(x->fleet, c);
	publication *p = g_hash_table_lookup(x->suites, name);

	if (p == NULL && (p = publication_open(x->fleet->repository, name, error)) != NULL)
		g_hash_table_insert(x->suites, g_strdup(name), p);
	return p;
}

static gboolean plan(struct exporting *x, GError **error)
{
	x->bases = view_bases_open(x->fleet, x->channels, error);
	for (guint i = 0; x->bases != NULL && i < x->channels->len; i++) {
		const struct channel *c = x->channels->pdata[i];
		const publication *from = suite_of(x, c, error);
		const struct channel_suite_request request = {x->fleet, c, x->bases, from, &x->today};
		channel_suite *s = from ? channel_suite_plan(&request, error) : NULL;
		if (s == NULL)
			return FALSE;
		g_ptr_array_add(x->plans, s);
	}
	return x->bases != NULL;
}

/* ---- files for servers that read the full repository ---- */

static void show_files(const struct exporting *x, const char *member, char *const *paths)
{
	if (x->json != NULL) {
		json_builder_set_member_name(x->json, member);
		json_builder_begin_array(x->json);
	}
	for (; *paths != NULL; paths++)
		if (x->json == NULL)
			puts(*paths);
		else
			json_builder_add_string_value(x->json, *paths);
	if (x->json != NULL)
		json_builder_end_array(x->json);
}

/* The repository is asked only where a range has to be written as versions. */
static gboolean write_files(struct exporting *x, GError **error)
{
	const struct channel *c = x->channels->pdata[0];
	const publication *from = NULL;

	if (x->fleet != NULL && pin_export_needs_packages(c) && (from = suite_of(x, c, error)) == NULL)
		return FALSE;
	g_auto(GStrv) paths = pin_export(c, from ? from->packages : NULL, x->options->output, &x->today, error);
	if (paths != NULL && x->json != NULL)
		publish_add_member(x->json, "channel", c->name);
	if (paths != NULL)
		show_files(x, "files", paths);
	return paths != NULL;
}

/* ---- suites ---- */

static void show_suite(const struct exporting *x, const publication *suite, gboolean changes)
{
	JsonBuilder *b = x->json;

	if (b == NULL && changes) {
		publish_print_summary(suite);
	} else if (b == NULL) {
		printf("%s: suite %s, state %" G_GUINT64_FORMAT ": nothing differs\n", suite->site.dir,
		       suite->site.settings->suite, suite->site.settings->state);
	} else {
		json_builder_begin_object(b);
		publish_add_suite(b, suite);
		json_builder_set_member_name(b, "packages");
		json_builder_add_int_value(b, suite->packages->len);
		json_builder_set_member_name(b, "changed");
		json_builder_add_boolean_value(b, changes);
		if (changes)
			publish_add_changes(b, suite->last);
		json_builder_end_object(b);
	}
}

static gboolean publish_one(const struct exporting *x, const channel_suite *s, GError **error)
{
	const struct export_options *o = x->options;
	const struct publish_options options = {.by = o->by, .why = o->why, .wait = o->wait};
	struct publication_writer writer = {0};
	g_autofree char *by = NULL;
	gboolean changes = FALSE;

	if (!publish_writer(&options, &writer, &by, error))
		return FALSE;
	g_autoptr(publication) suite = channel_suite_publish(s, &writer, &changes, error);
	if (suite != NULL)
		show_suite(x, suite, changes);
	return suite != NULL;
}

/* What servers need once. */
static void show_next(const struct exporting *x)
{
	const struct channel *c = x->channels->len == 1 ? x->channels->pdata[0] : NULL;

	if (x->json == NULL && x->channels->len > 0)
		printf("for the servers: abide publish client-config --url URL --suite %s %s\n", c ? c->name : "CHANNEL",
		       x->fleet->repository);
}

static gboolean publish_all(const struct exporting *x, GError **error)
{
	gboolean good = TRUE;

	if (x->json != NULL) {
		json_builder_set_member_name(x->json, "suites");
		json_builder_begin_array(x->json);
	}
	for (guint i = 0; good && i < x->plans->len; i++)
		good = publish_one(x, x->plans->pdata[i], error);
	if (x->json != NULL)
		json_builder_end_array(x->json);
	if (good)
		show_next(x);
	return good;
}

/* ---- a playbook ---- */

/* The suites of the channels as they are published now, which may be a moment ago. */
static gboolean write_rollout(const struct exporting *x, GError **error)
{
	g_autoptr(GPtrArray) suites = g_ptr_array_new_with_free_func((GDestroyNotify)publication_free);
	g_autofree struct rollout_channel *channels = g_new0(struct rollout_channel, x->channels->len + 1);

	for (guint i = 0; i < x->channels->len; i++) {
		const struct channel *c = x->channels->pdata[i];
		publication *suite = publication_open(x->fleet->repository, c->name, error);
		if (suite == NULL)
			return FALSE;
		g_ptr_array_add(suites, suite);
		channels[i] = (struct rollout_channel){c, channel_suite_view(x->plans->pdata[i]),
						       g_hash_table_lookup(x->suites, fleet_suite(x->fleet, c)), suite};
	}
	g_auto(GStrv) paths =
		rollout_write(x->fleet, x->bases, channels, x->channels->len, x->options->url, x->options->ansible, error);
	if (paths != NULL)
		show_files(x, "ansible", paths);
	return paths != NULL;
}

static int run_export(const struct cli_call *call, GError **error)
{
	const struct export_options *o = call->options;
	g_auto(exporting) x = {
		.call = call,
		.options = o,
		.suites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)publication_free),
		.plans = g_ptr_array_new_with_free_func((GDestroyNotify)channel_suite_free),
		.json = call->json ? json_builder_new() : NULL,
	};

	if (!check_usage(&x, error) || !cli_today(&x.today, error) ||
	    !(needs_fleet(o) ? read_fleet(&x, error) : read_one(&x, error)) || (needs_fleet(o) && !plan(&x, error)))
		return -1;
	if (x.json != NULL)
		json_builder_begin_object(x.json);
	if ((o->output != NULL && !write_files(&x, error)) || (o->publish && !publish_all(&x, error)) ||
	    (o->ansible != NULL && !write_rollout(&x, error)))
		return -1;
	if (x.json != NULL) {
		json_builder_end_object(x.json);
		cli_print_json(json_builder_get_root(x.json));
	}
	return CLI_DONE;
}

#define AT(member) G_STRUCT_OFFSET(struct export_options, member)

static const struct cli_option export_rows[] = {
	{"publish", 'p', CLI_FLAG, AT(publish), NULL, "publish each channel as a suite of the fleet's repository"},
	{"output", 'o', CLI_STRING, AT(output), "DIR",
	 "write one channel as files for servers that read the full repository; DIR is their root"},
	{"ansible", 0, CLI_STRING, AT(ansible), "DIR", "write an Ansible inventory and a playbook for the channels into DIR"},
	{"url", 0, CLI_STRING, AT(url), "URL", "of the repository's directory, as servers reach it; for --ansible"},
	{"by", 0, CLI_STRING, AT(by), "NAME", "who publishes (DEBFULLNAME and DEBEMAIL, else your account)"},
	{"why", 0, CLI_STRING, AT(why), "TEXT", "the reason, for the history"},
	{"wait", 0, CLI_STRING, AT(wait), "SECONDS", "how long to wait for another publisher (10)"},
	PIN_ROWS,
	{0},
};

const struct cli_command cmd_pin_export = {
	.name = "pin",
	.verb = "export",
	.arguments = "[CHANNEL...]",
	.most = G_MAXUINT,
	.summary = "publish channels as suites; write files that stock apt and dnf obey, or an Ansible playbook",
	.notes = "--output writes etc/apt/preferences.d/abide-CHANNEL.pref, etc/dnf/plugins/versionlock.list (dnf4) and\n"
		 "etc/dnf/versionlock.toml (dnf5). A channel with a pin whose last day is over is refused, with exit code 3.",
	.options = export_rows,
	.options_size = sizeof(struct export_options),
	.run = run_export,
};
