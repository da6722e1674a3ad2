/* abide publish verify: is a repository what was signed, and can everything in it be installed? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "core/member.h"
#include "core/text.h"
#include "publish/verify.h"

#include <stdio.h>

struct verify_call {
	char *suite;
	char **bases;
	gboolean packages;
};

/* The worst finding's: what was not signed, expired or changed, then what cannot be installed, then the rest. */
static int exit_of(const verify_report *r)
{
	static const int codes[VERIFY_KINDS] = {
		[VERIFY_SIGNATURE] = CLI_REFUSED, [VERIFY_DIGEST] = CLI_REFUSED, [VERIFY_EXPIRY] = CLI_REFUSED,
		[VERIFY_FORMAT] = CLI_FAILED,	  [VERIFY_STRAY] = CLI_FAILED,	 [VERIFY_DEPENDS] = CLI_INCOMPATIBLE,
	};
	static const int order[] = {CLI_REFUSED, CLI_INCOMPATIBLE, CLI_FAILED};
	gboolean found[CLI_UNKNOWN + 1] = {FALSE};

	for (guint i = 0; i < r->findings->len; i++) {
		const struct verify_finding *f = r->findings->pdata[i];
		found[codes[f->kind]] |= !f->warning;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		if (found[order[i]])
			return order[i];
	return CLI_DONE;
}

static guint count(const verify_report *r, gboolean warnings)
{
	guint n = 0;

	for (guint i = 0; i < r->findings->len; i++)
		n += ((const struct verify_finding *)r->findings->pdata[i])->warning == warnings;
	return n;
}

/* ---- for people ---- */

/* What is wrong with dependencies says by itself which package it is about. A path may be any name that a stray file has. */
static void print_finding(const struct verify_finding *f)
{
	g_autofree char *word = f->warning ? cli_paint(CLI_YELLOW, "warning") : cli_paint(CLI_RED, "error");
	g_autofree char *what = text_one_line(f->kind == VERIFY_DEPENDS ? f->suite : f->path);
	g_autofree char *text = text_one_line(f->text);

	printf("%s: %s: %s\n", word, what, text);
}

static void print_tried(const verify_report *r)
{
	printf("tried to install: %u packages on %u base%s (", r->checked, r->base_names->len,
	       r->base_names->len == 1 ? "" : "s");
	for (guint i = 0; i < r->base_names->len; i++)
		printf("%s%s", i > 0 ? ", " : "", (const char *)r->base_names->pdata[i]);
	printf(")\n");
}

static void print_report(const char *dir, const verify_report *r)
{
	guint errors = count(r, FALSE), warnings = count(r, TRUE);
	g_autofree char *size = g_format_size(r->unread_bytes);

	for (guint i = 0; i < r->findings->len; i++)
		print_finding(r->findings->pdata[i]);
	printf("%s: %u suite%s, %u index files, %u packages: ", dir, r->suites, r->suites == 1 ? "" : "s", r->indexes,
	       r->packages);
	if (errors + warnings == 0)
		printf("nothing is wrong\n");
	else
		printf("%u error%s, %u warning%s\n", errors, errors == 1 ? "" : "s", warnings,
		       warnings == 1 ? "" : "s");
	if (r->base_names->len == 0)
		printf("dependencies were not looked at: there is no base (--base)\n");
	else
		print_tried(r);
	if (r->foreign > 0)
		printf("packages that were not tried, because no base has their family and architecture: %u\n",
		       r->foreign);
	if (r->unread > 0)
		printf("package files of which only the size was looked at (--packages reads them): %u, %s\n",
		       r->unread, size);
}

/* ---- for programs ---- */

static void add_findings(JsonBuilder *b, const verify_report *r)
{
	member_array(b, "findings");
	for (guint i = 0; i < r->findings->len; i++) {
		const struct verify_finding *f = r->findings->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "severity", f->warning ? "warning" : "error");
		member_text(b, "kind", verify_kind_name(f->kind));
		member_text(b, "suite", f->suite);
		member_text(b, "path", f->path);
		member_text(b, "text", f->text);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void print_json(const char *dir, const verify_report *r)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "directory", dir);
	member_number(b, "suites", r->suites);
	member_number(b, "indexes", r->indexes);
	member_number(b, "packages", r->packages);
	member_number(b, "bases", r->base_names->len);
	member_array(b, "base_names");
	for (guint i = 0; i < r->base_names->len; i++)
		json_builder_add_string_value(b, r->base_names->pdata[i]);
	json_builder_end_array(b);
	member_number(b, "tried", r->checked);
	member_number(b, "not_tried", r->foreign);
	member_number(b, "not_read", r->unread);
	member_number(b, "not_read_bytes", r->unread_bytes);
	member_number(b, "errors", count(r, FALSE));
	member_number(b, "warnings", count(r, TRUE));
	add_findings(b, r);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

static int run(const struct cli_call *call, GError **error)
{
	const struct verify_call *o = call->options;
	struct verify_options options = {
		.suite = o->suite, .bases = (const char *const *)o->bases, .packages = o->packages};

	if (!publish_time(&options.now, error))
		return -1;
	g_auto(cli_progress) progress = {0};
	cli_progress_begin(&progress, call, "verifying");
	options.progress = &progress.progress;
	g_autoptr(verify_report) r = verify_repository(call->arguments[0], &options, error);
	cli_progress_end(&progress);
	if (r == NULL)
		return -1;
	if (call->json)
		print_json(call->arguments[0], r);
	else
		print_report(call->arguments[0], r);
	return exit_of(r);
}

static const struct cli_option rows[] = {
	{"suite", 's', CLI_STRING, G_STRUCT_OFFSET(struct verify_call, suite), "NAME", "only this suite (all of them)"},
	{"base", 'b', CLI_STRINGS, G_STRUCT_OFFSET(struct verify_call, bases), "BASE",
	 "instead of the declared bases: a name, or an abide-base(5); may be given again"},
	{"packages", 'p', CLI_FLAG, G_STRUCT_OFFSET(struct verify_call, packages), NULL,
	 "read all packages, and check their digests and signatures"},
	{0},
};

const struct cli_command cmd_publish_verify = {
	.name = "publish",
	.verb = "verify",
	.arguments = "DIR",
	.least = 1,
	.most = 1,
	.summary = "check signatures, digests and dates of a repository, and that all of it can be installed",
	.options = rows,
	.options_size = sizeof(struct verify_call),
	.run = run,
};
