/* abide publish add: packages into suites of a repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "cli/publish_users.h"

#include <stdio.h>

struct add_options {
	struct publish_options common;
	char **suites;
	char *from, *waivers;
	gboolean stage;
};

static const char *const fates[] = {
	[PUBLICATION_ADDED] = "added",
	[PUBLICATION_ALREADY] = "already there",
	[PUBLICATION_STAGED] = "staged",
	[PUBLICATION_MOVED] = "from stage",
};

/* One suite's part of the answer. */
static void print_text(const publication *p, const GPtrArray *added)
{
	guint n[G_N_ELEMENTS(fates)] = {0};

	for (guint i = 0; i < added->len; i++) {
		const struct publication_added *a = added->pdata[i];
		g_autoptr(state_item) item = state_item_new(a->entry, TRUE);
		publish_print_item(fates[a->fate], item);
		n[a->fate]++;
	}
	if (n[PUBLICATION_ADDED] + n[PUBLICATION_MOVED] + n[PUBLICATION_STAGED] > 0)
		publish_print_summary(p);
	else
		printf("%s: suite %s: nothing new\n", p->site.dir, p->site.settings->suite);
	if (p->last != NULL && p->last->staged->len > 0)
		printf("%s: suite %s: %u in the stage; they are published when all of them run together\n", p->site.dir,
		       p->site.settings->suite, p->last->staged->len);
}

static void add_json(JsonBuilder *b, const publication *p, const GPtrArray *added, const struct users *judged)
{
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < added->len; i++) {
		const struct publication_added *a = added->pdata[i];
		json_builder_begin_object(b);
		publish_add_entry(b, a->entry);
		if (a->source != NULL)
			publish_add_member(b, "file", a->source);
		publish_add_member(b, "result", fates[a->fate]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	publish_add_users(b, judged);
	json_builder_end_object(b);
}

/* What is refused is told too: why is on standard output, what to do in the error. */
static void print_judged(const struct cli_call *call, const struct users *judged)
{
	g_autofree char *text = judged && !call->json ? users_text(judged) : NULL;

	if (text != NULL)
		fputs(text, stdout);
}

static gboolean add_to_suite(const struct cli_call *call, const char *suite, const struct publication_gate *gate,
			     JsonBuilder *b, GError **error)
{
	const struct add_options *options = call->options;
	struct publication_gate shown = *gate;
	g_auto(cli_progress) progress = {0};
	cli_progress_begin(&progress, call, "adding");
	shown.progress = &progress.progress;
	g_autoptr(publication) p = publish_open(call->arguments[0], suite, &options->common, error);
	char *const *what = call->arguments + 1;
	g_autoptr(users) judged = NULL;
	g_autoptr(GPtrArray) added = p == NULL ? NULL
				     : options->from != NULL
					     ? publication_promote(p, options->from, what, &shown, &judged, error)
					     : publication_add(p, what, &shown, &judged, error);

	cli_progress_end(&progress);
	print_judged(call, judged);
	if (added == NULL)
		return FALSE;
	if (call->json)
		add_json(b, p, added, judged);
	else
		print_text(p, added);
	publish_print_signing(call, p);
	return TRUE;
}

static gboolean check_arguments(const struct cli_call *call, GError **error)
{
	const struct add_options *options = call->options;

	if (options->stage || call->n_arguments > 1)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "abide publish add: which packages?");
	return FALSE;
}

static int run_add(const struct cli_call *call, GError **error)
{
	const struct add_options *options = call->options;
	char *const none[] = {(char *)PUBLISH_SUITE, NULL};
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autoptr(waivers) waived = NULL;
	struct publication_gate gate = {.stage = options->stage};
	gboolean ok = TRUE;

	if ((options->common.prepare || options->common.attach) && options->suites && options->suites[0] &&
	    options->suites[1]) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--prepare and --attach take one suite at a time");
		return -1;
	}
	if (!check_arguments(call, error) || !cli_today(&gate.waivers.today, error) ||
	    (options->waivers != NULL && (waived = waivers_read(options->waivers, error)) == NULL))
		return -1;
	gate.waivers.list = waived;
	json_builder_begin_array(b);
	for (char *const *suite = options->suites && *options->suites ? options->suites : none; ok && *suite != NULL; suite++)
		ok = add_to_suite(call, *suite, &gate, b, error);
	json_builder_end_array(b);
	if (!ok)
		return -1;
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	return CLI_DONE;
}

static const struct cli_option add_rows[] = {
	{"suite", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct add_options, suites), "NAME",
	 "the suite (stable); for several, give it again"},
	{"from", 0, CLI_STRING, G_STRUCT_OFFSET(struct add_options, from), "SUITE",
	 "take packages, by name, from this suite of DIR instead of files"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct add_options, stage), NULL,
	 "keep them aside until all that is there runs together"},
	{"waivers", 'w', CLI_STRING, G_STRUCT_OFFSET(struct add_options, waivers), "FILE",
	 "findings about programs that somebody has decided to live with"},
	PUBLISH_ELSEWHERE_ROWS,
	PUBLISH_ROWS,
	{0},
};

const struct cli_command cmd_publish_add = {
	.name = "publish",
	.verb = "add",
	.arguments = "DIR PACKAGE...",
	.notes = "PACKAGE is a .deb or .rpm file; with --from, NAME[=VERSION][:ARCH].\n",
	.least = 1,
	.most = G_MAXUINT,
	.summary = "publish .deb and .rpm files: all of them, or none",
	.options = add_rows,
	.options_size = sizeof(struct add_options),
	.run = run_add,
};
