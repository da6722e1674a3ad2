/* abide publish show: one suite, one of its states, or a package. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/publish.h"
#include "publish/chain.h"
#include "publish/fetch.h"

#include <stdio.h>
#include <string.h>

struct show_options {
	char *suite;
};

static void print_date(const char *label, gint64 seconds)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);
	g_autofree char *shown = g_date_time_format(date, "%Y-%m-%d %H:%M:%S UTC");

	printf("%-10s %s\n", label, shown);
}

/* ---- the suite ---- */

static void print_family(const publication *p, const struct family *family)
{
	guint n = 0;
	guint64 size = 0;

	for (guint i = 0; i < p->packages->len; i++) {
		const entry *e = p->packages->pdata[i];
		n += e->family == family ? 1 : 0;
		size += e->family == family ? e->size : 0;
	}
	g_autofree char *shown = g_format_size(size);
	printf("%-10s %u package%s (%s)\n", family->name, n, n == 1 ? "" : "s", shown);
}

static void show_suite(const struct cli_call *call, const publication *p)
{
	const release *r = p->site.settings;
	g_autofree char *signers = g_strjoinv(", ", r->signed_by);
	g_autofree char *bases = g_strjoinv(", ", r->bases);
	g_auto(GStrv) all = publication_suites(p->site.dir);
	g_autofree char *suites = g_strjoinv(", ", all);

	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		publish_add_suite(b, p);
		json_builder_set_member_name(b, "packages");
		json_builder_add_int_value(b, p->packages->len);
		member_texts(b, "suites", all);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
		return;
	}
	printf("%-10s %s of %s (%s)\n", "suite", r->suite, r->origin, r->label);
	printf("%-10s %" G_GUINT64_FORMAT "\n", "state", r->state);
	print_date("published", r->date);
	print_date("valid to", r->date + (gint64)r->valid_days * 24 * 60 * 60);
	printf("%-10s %s\n", "signed by", signers);
	if (*bases != '\0')
		printf("%-10s %s\n", "bases", bases);
	for (gsize i = 0; i < FAMILIES; i++)
		print_family(p, families[i]);
	if (all[0] != NULL && all[1] != NULL)
		printf("%-10s %s (--suite)\n", "suites", suites);
}

/* ---- a state ---- */

static void print_list(const char *word, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const struct state_item *item = items->pdata[i];
		publish_print_item(word ? word : item->added ? "added" : "removed", item);
	}
}

static void print_state(const struct state *s)
{
	printf("%-10s %" G_GUINT64_FORMAT " of %s\n", "state", s->number, s->suite);
	print_date("date", s->date);
	printf("%-10s %s\n", "by", s->by);
	if (*s->why != '\0')
		printf("%-10s %s\n", "why", s->why);
	printf("%-10s %s", "action", s->action);
	if (s->returns_to != 0)
		printf(" to %" G_GUINT64_FORMAT, s->returns_to);
	printf("\n");
	print_list(NULL, s->changes);
	print_list("staged", s->staged);
	for (guint i = 0; i < s->bases->len; i++)
		printf("%-13s %s\n", "base", (const char *)s->bases->pdata[i]);
	for (guint i = 0; i < s->waived->len; i++)
		printf("%-13s %s\n", "waived", (const char *)s->waived->pdata[i]);
}

static gboolean show_state(const struct cli_call *call, const publication *p, guint64 number, GError **error)
{
	g_autoptr(GPtrArray) states = chain_load(&p->site, number, error);

	if (states == NULL)
		return FALSE;
	const struct state *s = states->pdata[states->len - 1];
	if (!call->json) {
		print_state(s);
		return TRUE;
	}
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	publish_add_state(b, s);
	publish_add_changes(b, s);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
	return TRUE;
}

/* ---- a package ---- */

static void print_package(const entry *e)
{
	g_autofree char *size = g_format_size(e->size);

	printf("%s %s %s (%s)\n", e->name, e->version, e->arch, e->family->name);
	printf("  %-8s %s\n  %-8s %s\n  %-8s %s\n", "file", e->path, "size", size, "sha256", e->sha256);
	if (e->family == &family_deb)
		printf("\n%s\n", e->record[0]);
}

static gboolean show_package(const struct cli_call *call, const publication *p, const char *what, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	g_autoptr(JsonBuilder) b = json_builder_new();

	if (!publication_select(p, what, found, error))
		return FALSE;
	json_builder_begin_array(b);
	for (guint i = 0; i < found->len; i++) {
		json_builder_begin_object(b);
		publish_add_entry(b, found->pdata[i]);
		json_builder_end_object(b);
		if (!call->json)
			print_package(found->pdata[i]);
	}
	json_builder_end_array(b);
	if (call->json)
		cli_print_json(json_builder_get_root(b));
	return TRUE;
}

static int run_show(const struct cli_call *call, GError **error)
{
	const struct show_options *options = call->options;
	const char *suite = options->suite ? options->suite : PUBLISH_SUITE;
	const char *what = call->n_arguments > 1 ? call->arguments[1] : NULL;
	guint64 number = 0;
	gboolean is_state = what != NULL && *what != '\0' && what[strspn(what, "0123456789")] == '\0';

	if (is_state && !publish_state_number(what, &number, error))
		return -1;
	g_autoptr(publication) p = is_state ? publication_open_settings(call->arguments[0], suite, error)
					    : publication_open(call->arguments[0], suite, error);
	if (p == NULL)
		return -1;
	if (what == NULL)
		show_suite(call, p);
	else if (is_state ? !show_state(call, p, number, error) : !show_package(call, p, what, error))
		return -1;
	return CLI_DONE;
}

static const struct cli_option show_rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct show_options, suite), "NAME", "the suite (stable)"},
	{0},
};

const struct cli_command cmd_publish_show = {
	.name = "publish",
	.verb = "show",
	.arguments = "DIR [STATE|NAME[=VERSION][:ARCH]]",
	.least = 1,
	.most = 2,
	.summary = "show a suite, one of its states by number, or a package",
	.options = show_rows,
	.options_size = sizeof(struct show_options),
	.run = run_show,
};
