/* abide publish list: the packages of suites, or what waits in their stages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/chain.h"
#include "publish/fetch.h"
#include "publish/selector.h"

#include <stdio.h>
#include <string.h>

struct list_options {
	char **suites, **archs;
	char *family;
	gboolean all_suites, newest, stage;
};

/* ---- which packages ---- */

/* Those published, or those that wait: struct state_item *, in order. */
static GPtrArray *all_packages(const publication *p, gboolean stage, GError **error)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)state_item_free);
	g_autoptr(state) last = NULL;

	for (guint i = 0; !stage && i < p->packages->len; i++)
		g_ptr_array_add(items, state_item_new(p->packages->pdata[i], TRUE));
	if (stage && p->site.settings->state > 0 && (last = chain_last(&p->site, error)) == NULL)
		return NULL;
	for (guint i = 0; last != NULL && i < last->staged->len; i++)
		g_ptr_array_add(items, state_item_copy(last->staged->pdata[i]));
	return g_steal_pointer(&items);
}

static gboolean is_same_package(const struct state_item *a, const struct state_item *b)
{
	return a->family == b->family && strcmp(a->name, b->name) == 0 && strcmp(a->arch, b->arch) == 0;
}

/* Is there a newer version, which stands behind it? */
static gboolean is_outdone(const GPtrArray *items, guint i)
{
	const struct state_item *item = items->pdata[i];

	for (guint j = i + 1; j < items->len; j++) {
		const struct state_item *other = items->pdata[j];
		if (strcmp(other->name, item->name) != 0)
			return FALSE;
		if (is_same_package(item, other))
			return TRUE;
	}
	return FALSE;
}

/* Whether one of the arguments means it, each of which that does is noted in USED; without arguments all are meant. */
static gboolean is_meant(const struct cli_call *call, const struct state_item *item, gboolean *used)
{
	gboolean meant = call->n_arguments == 1;

	for (guint i = 1; i < call->n_arguments; i++) {
		g_auto(selector) s = selector_parse(call->arguments[i]);
		if (!selector_matches(&s, item->name, item->version, item->arch))
			continue;
		meant = used[i] = TRUE;
	}
	return meant;
}

static gboolean is_wanted(const struct list_options *options, const struct state_item *item)
{
	if (options->family != NULL && strcmp(options->family, item->family->name) != 0)
		return FALSE;
	return options->archs == NULL || g_strv_contains((const char *const *)options->archs, item->arch);
}

static GPtrArray *listed_packages(const struct cli_call *call, const publication *p, gboolean *used, GError **error)
{
	const struct list_options *options = call->options;
	g_autoptr(GPtrArray) all = all_packages(p, options->stage, error);
	GPtrArray *items = all ? g_ptr_array_new_with_free_func((GDestroyNotify)state_item_free) : NULL;

	for (guint i = 0; all != NULL && i < all->len; i++)
		if (is_meant(call, all->pdata[i], used) && is_wanted(options, all->pdata[i]) &&
		    !(options->newest && is_outdone(all, i)))
			g_ptr_array_add(items, state_item_copy(all->pdata[i]));
	return items;
}

/* ---- the answer ---- */

/* suite: shown in front, in a column of WIDTH; NULL: not. */
static void print_table(const GPtrArray *packages, const char *suite, int width)
{
	int name = 4, version = 7, arch = 4;

	for (guint i = 0; i < packages->len; i++) {
		const struct state_item *e = packages->pdata[i];
		name = MAX(name, (int)strlen(e->name));
		version = MAX(version, (int)strlen(e->version));
		arch = MAX(arch, (int)strlen(e->arch));
	}
	for (guint i = 0; i < packages->len; i++) {
		const struct state_item *e = packages->pdata[i];
		printf("%-*s%-*s  %-*s  %-*s  %s\n", suite ? width + 2 : 0, suite ? suite : "", name, e->name, version,
		       e->version, arch, e->arch, e->family->name);
	}
}

static void add_json(JsonBuilder *b, const publication *p, const GPtrArray *packages, gboolean stage)
{
	json_builder_begin_object(b);
	publish_add_suite(b, p);
	json_builder_set_member_name(b, stage ? "staged" : "packages");
	json_builder_begin_array(b);
	for (guint i = 0; i < packages->len; i++) {
		json_builder_begin_object(b);
		publish_add_item(b, packages->pdata[i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
}

/* width: of the longest of several suites; 0: there is one only. */
static gboolean list_suite(const struct cli_call *call, const char *suite, int width, gboolean *used, JsonBuilder *b,
			   GError **error)
{
	const struct list_options *options = call->options;
	g_autoptr(publication) p = options->stage ? publication_open_settings(call->arguments[0], suite, error)
						  : publication_open(call->arguments[0], suite, error);
	g_autoptr(GPtrArray) packages = p ? listed_packages(call, p, used, error) : NULL;

	if (packages == NULL)
		return FALSE;
	if (call->json)
		add_json(b, p, packages, options->stage);
	else
		print_table(packages, width > 0 ? suite : NULL, width);
	return TRUE;
}

/* Each argument is to mean something. */
static gboolean check_used(const struct cli_call *call, const gboolean *used, GError **error)
{
	for (guint i = 1; i < call->n_arguments; i++) {
		if (used[i])
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: no such package; without a name all are listed",
			    call->arguments[i]);
		return FALSE;
	}
	return TRUE;
}

/* ---- the command ---- */

static gboolean check_options(const struct list_options *options, GError **error)
{
	if (options->family != NULL && strcmp(options->family, "deb") != 0 && strcmp(options->family, "rpm") != 0) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--family %s: deb or rpm", options->family);
		return FALSE;
	}
	if (options->all_suites && options->suites != NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--suite and --all-suites: one of them");
		return FALSE;
	}
	return TRUE;
}

/* NULL with an error: there is no repository. */
static char **suites_of(const struct cli_call *call, GError **error)
{
	static const char *const usual[] = {PUBLISH_SUITE, NULL};
	const struct list_options *options = call->options;
	g_auto(GStrv) all = options->all_suites ? publication_suites(call->arguments[0]) : NULL;

	if (all != NULL && *all != NULL)
		return g_steal_pointer(&all);
	if (all == NULL)
		return g_strdupv(options->suites ? options->suites : (char **)usual);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY, "%s: no repository; abide publish init makes one",
		    call->arguments[0]);
	return NULL;
}

static int run_list(const struct cli_call *call, GError **error)
{
	const struct list_options *options = call->options;
	g_auto(GStrv) suites = check_options(options, error) ? suites_of(call, error) : NULL;
	g_autofree gboolean *used = g_new0(gboolean, call->n_arguments);
	g_autoptr(JsonBuilder) b = json_builder_new();

	if (suites == NULL)
		return -1;
	gboolean several = options->all_suites || suites[1] != NULL;
	int width = 0;
	for (char **suite = suites; several && *suite != NULL; suite++)
		width = MAX(width, (int)strlen(*suite));
	if (several)
		json_builder_begin_array(b);
	for (char **suite = suites; *suite != NULL; suite++)
		if (!list_suite(call, *suite, width, used, b, error))
			return -1;
	if (several)
		json_builder_end_array(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	return check_used(call, used, error) ? CLI_DONE : -1;
}

static const struct cli_option list_rows[] = {
	{"suite", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct list_options, suites), "NAME",
	 "the suite (stable); for several, give it again"},
	{"all-suites", 0, CLI_FLAG, G_STRUCT_OFFSET(struct list_options, all_suites), NULL,
	 "all suites, each line with its suite"},
	{"arch", 'a', CLI_STRINGS, G_STRUCT_OFFSET(struct list_options, archs), "ARCH",
	 "only packages of that architecture; may be given again"},
	{"family", 0, CLI_STRING, G_STRUCT_OFFSET(struct list_options, family), "FAMILY", "only these packages: deb or rpm"},
	{"newest", 'n', CLI_FLAG, G_STRUCT_OFFSET(struct list_options, newest), NULL,
	 "only the newest version of each package, not all versions"},
	{"stage", 0, CLI_FLAG, G_STRUCT_OFFSET(struct list_options, stage), NULL,
	 "what waits in the stage (see add --stage) instead"},
	{0},
};

const struct cli_command cmd_publish_list = {
	.name = "publish",
	.verb = "list",
	.arguments = "DIR [NAME[=VERSION][:ARCH]...]",
	.least = 1,
	.most = G_MAXUINT,
	.summary = "list the packages of a repository: name, version, architecture, family",
	.options = list_rows,
	.options_size = sizeof(struct list_options),
	.run = run_list,
};
