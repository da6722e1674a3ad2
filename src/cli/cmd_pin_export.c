/* abide pin export: a channel as what machines consume: a suite, files that stock apt and dnf obey, a playbook. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/pin_question.h"
#include "cli/publish.h"
#include "pin/channel_suite.h"
#include "pin/export.h"
#include "pin/rollout.h"

#include <stdio.h>

struct export_options {
	struct pin_options common;
	char *output;
	gboolean publish;
	char *ansible, *url, *waivers;
	char *by, *why, *wait;
};

/* One call's work. Everything is read, and every channel checked, before anything is written. */
struct exporting {
	const struct cli_call *call;
	const struct export_options *options;
	GDate today;
	pin_question question; /* where the fleet is asked; else all zero */
	proofs *proofs;        /* of all channels; NULL likewise */
	GPtrArray *plans;      /* channel_suite *, one for each channel to be published */
	JsonBuilder *json;     /* NULL: text is printed */
};
typedef struct exporting exporting;

static void exporting_clear(struct exporting *x)
{
	g_clear_pointer(&x->plans, g_ptr_array_unref);
	g_clear_pointer(&x->proofs, proofs_free);
	pin_question_clear(&x->question);
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
	if (!needs_fleet(o) && o->waivers != NULL)
		return usage(error, "--waivers is for --publish and --ansible, which check the channels");
	if (!o->publish && (o->by != NULL || o->why != NULL || o->wait != NULL))
		return usage(error, "--by, --why and --wait are for --publish");
	return TRUE;
}

/* ---- reading ---- */

static gboolean ask(struct exporting *x, GError **error)
{
	const struct export_options *o = x->options;

	if (!pin_ask(&x->question, &o->common, o->waivers, (const char *const *)x->call->arguments, error))
		return FALSE;
	x->proofs = proofs_make(x->question.supply, &x->today, error);
	if (x->proofs != NULL)
		pin_keep_answers(x->question.answers);
	return x->proofs != NULL;
}

/* Also where only a playbook is written: what cannot hold is not rolled out. */
static gboolean plan(struct exporting *x, GError **error)
{
	for (guint i = 0; i < x->proofs->all->len; i++) {
		const struct proof *p = x->proofs->all->pdata[i];
		const struct channel_suite_request request = {
			x->question.fleet, p, supply_of(x->question.supply, p->channel)->p, &x->today};
		channel_suite *s = channel_suite_plan(&request, error);
		if (s == NULL)
			return FALSE;
		g_ptr_array_add(x->plans, s);
	}
	return TRUE;
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
	const char *name = x->call->arguments[0], *root = x->options->output;
	g_autoptr(fleet) fleet = NULL;
	g_autofree char *dir = pin_find_channels(&x->options->common, &fleet, error);
	g_autoptr(channel) c = dir ? channel_read(dir, name, error) : NULL;
	gboolean asks = c != NULL && fleet != NULL && pin_export_needs_packages(c);
	g_autoptr(publication) from = asks ? publication_open(fleet->repository, fleet_suite(fleet, c), error) : NULL;

	if (c == NULL || (asks && from == NULL))
		return FALSE;
	g_auto(GStrv) paths = pin_export(c, from ? from->packages : NULL, root, &x->today, error);
	if (paths != NULL && x->json != NULL)
		member_text(x->json, "channel", c->name);
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
	const GPtrArray *all = x->proofs->all;
	const struct proof *only = all->len == 1 ? all->pdata[0] : NULL;

	if (x->json == NULL && all->len > 0)
		printf("for the servers: abide publish client-config --url URL --suite %s %s\n",
		       only ? only->channel->name : "CHANNEL", x->question.fleet->repository);
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
	const struct supply *supply = x->question.supply;
	const GPtrArray *all = x->proofs->all;
	g_autoptr(GPtrArray) suites = g_ptr_array_new_with_free_func((GDestroyNotify)publication_free);
	g_autofree struct rollout_channel *channels = g_new0(struct rollout_channel, all->len + 1);

	for (guint i = 0; i < all->len; i++) {
		const struct proof *p = all->pdata[i];
		publication *suite = publication_open(supply->fleet->repository, p->channel->name, error);
		if (suite == NULL) {
			g_prefix_error(error, "channel %s cannot be rolled out as it is published (--publish does that): ",
				       p->channel->name);
			return FALSE;
		}
		g_ptr_array_add(suites, suite);
		channels[i] = (struct rollout_channel){p->channel, p->view, supply_of(supply, p->channel)->p, suite};
	}
	g_auto(GStrv) paths = rollout_write(supply->fleet, supply->bases, channels, all->len, x->options->url,
					    x->options->ansible, error);
	if (paths != NULL)
		show_files(x, "ansible", paths);
	return paths != NULL;
}

static gboolean export(struct exporting *x, GError **error)
{
	const struct export_options *o = x->options;

	if (needs_fleet(o) && (!ask(x, error) || !plan(x, error)))
		return FALSE;
	if (x->json != NULL)
		json_builder_begin_object(x->json);
	if ((o->output != NULL && !write_files(x, error)) || (o->publish && !publish_all(x, error)) ||
	    (o->ansible != NULL && !write_rollout(x, error)))
		return FALSE;
	if (x->json != NULL)
		json_builder_end_object(x->json);
	return TRUE;
}

static int run_export(const struct cli_call *call, GError **error)
{
	g_auto(exporting) x = {
		.call = call,
		.options = call->options,
		.plans = g_ptr_array_new_with_free_func((GDestroyNotify)channel_suite_free),
		.json = call->json ? json_builder_new() : NULL,
	};

	if (!check_usage(&x, error) || !cli_today(&x.today, error) || !export(&x, error))
		return -1;
	if (x.json != NULL)
		cli_print_json(json_builder_get_root(x.json));
	return CLI_DONE;
}

#define AT(member) G_STRUCT_OFFSET(struct export_options, member)

static const struct cli_option export_rows[] = {
	{"publish", 'p', CLI_FLAG, AT(publish), NULL, "publish each channel as a suite of the fleet's repository"},
	{"output", 'o', CLI_STRING, AT(output), "DIR",
	 "write one channel as files for servers that read the full repository; DIR is their root"},
	{"ansible", 0, CLI_STRING, AT(ansible), "DIR", "write an Ansible inventory and a playbook for the channels into DIR"},
	{"url", 0, CLI_STRING, AT(url), "URL", "of the repository's directory, as servers reach it; for --ansible"},
	{"waivers", 'w', CLI_STRING, AT(waivers), "FILE",
	 "findings that somebody decided to live with, as abide-waivers(5)"},
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
		 "etc/dnf/versionlock.toml (dnf5). A channel with a pin whose last day is over is refused, with exit code 3;\n"
		 "--publish and --ansible refuse one that abide pin check does not pass, with exit code 4.",
	.options = export_rows,
	.options_size = sizeof(struct export_options),
	.run = run_export,
};
