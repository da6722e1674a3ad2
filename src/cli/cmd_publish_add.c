/* abide publish add: packages into suites of a repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "cli/publish_users.h"
#include "publish/fetch.h"

#include <stdio.h>

struct add_options {
	struct publish_options common;
	char **suites;
	char *from;
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

/* added: NULL when CAUSE is why it was refused. */
static void add_json(JsonBuilder *b, const publication *p, const GPtrArray *added, const struct users *judged,
		     const GError *cause)
{
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, "packages");
	json_builder_begin_array(b);
	for (guint i = 0; added != NULL && i < added->len; i++) {
		const struct publication_added *a = added->pdata[i];
		json_builder_begin_object(b);
		publish_add_entry(b, a->entry);
		if (a->source != NULL)
			member_text(b, "file", a->source);
		member_text(b, "result", fates[a->fate]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	publish_add_outcome(b, p, judged, cause);
	json_builder_end_object(b);
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
	g_autoptr(GError) cause = NULL;

	if (p == NULL)
		return FALSE;
	g_autoptr(GPtrArray) added = options->from != NULL
					     ? publication_promote(p, options->from, what, &shown, &judged, &cause)
					     : publication_add(p, what, &shown, &judged, &cause);
	cli_progress_end(&progress);
	publish_print_judged(call, judged);
	if (call->json && (added != NULL || judged != NULL))
		add_json(b, p, added, judged, cause);
	if (added == NULL) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	if (!call->json)
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

/* So that none is published when one of several is not there. */
static gboolean check_suites(const char *dir, char *const *suites, GError **error)
{
	g_auto(GStrv) present = publication_suites(dir);
	g_autofree char *all = g_strjoinv(", ", present);

	for (; *present != NULL && *suites != NULL; suites++) {
		if (g_strv_contains((const char *const *)present, *suites))
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: no suite '%s' in this repository, which has %s; nothing is published", dir, *suites, all);
		return FALSE;
	}
	return TRUE;
}

static int run_add(const struct cli_call *call, GError **error)
{
	const struct add_options *options = call->options;
	char *const none[] = {(char *)PUBLISH_SUITE, NULL};
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autoptr(waivers) waived = NULL;
	struct publication_gate gate;
	gboolean ok = TRUE;

	if ((options->common.prepare || options->common.attach) && options->suites && options->suites[0] &&
	    options->suites[1]) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--prepare and --attach take one suite at a time");
		return -1;
	}
	if (!check_arguments(call, error) || !publish_gate(&options->common, &gate, &waived, error))
		return -1;
	gate.stage = options->stage;
	if (options->suites != NULL && !check_suites(call->arguments[0], options->suites, error))
		return -1;
	json_builder_begin_array(b);
	for (char *const *suite = options->suites && *options->suites ? options->suites : none; ok && *suite != NULL; suite++)
		ok = add_to_suite(call, *suite, &gate, b, error);
	json_builder_end_array(b);
	JsonNode *root = json_builder_get_root(b);
	if (call->json && json_array_get_length(json_node_get_array(root)) > 0)
		cli_print_json(root);
	else
		json_node_unref(root);
	return ok ? CLI_DONE : -1;
}

static const struct cli_option add_rows[] = {
	{"suite", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct add_options, suites), "NAME",
	 "the suite (stable); for several, give it again"},
	{"from", 0, CLI_STRING, G_STRUCT_OFFSET(struct add_options, from), "SUITE",
	 "take packages, by name, from this suite of DIR instead of files"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct add_options, stage), NULL,
	 "keep them aside until all that is there runs together"},
	PUBLISH_WAIVERS_ROW,
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
