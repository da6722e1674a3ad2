/* abide publish mirror: a copy of a signed repository, made and refreshed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/commands.h"
#include "cli/progress.h"
#include "core/member.h"
#include "publish/mirror.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DEFAULT_JOBS 4
#define DEFAULT_TIMEOUT 30
#define MOST_TIMEOUT 3600
#define DEFAULT_WAIT 10
#define MOST_WAIT (24 * 60 * 60)

struct mirror_call_options {
	char **suites;
	char *key, *limit_rate, *jobs, *timeout, *wait;
	gboolean allow_rollback, allow_expired;
};

static gboolean parse_number(const char *option, const char *text, guint least, guint most, guint *to, GError **error)
{
	guint64 n = 0;

	if (text == NULL)
		return TRUE;
	if (!g_ascii_string_to_unsigned(text, 10, least, most, &n, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s %s: not a number from %u to %u", option, text, least,
			    most);
		return FALSE;
	}
	*to = (guint)n;
	return TRUE;
}

/* As curl and wget have it: bytes a second, or with K, M or G behind it. */
static gboolean parse_rate(const char *text, guint64 *rate, GError **error)
{
	static const char units[] = "KMG";
	gsize size = text ? strlen(text) : 0;
	const char *unit = size > 1 ? strchr(units, g_ascii_toupper(text[size - 1])) : NULL;
	g_autofree char *digits = g_strndup(text ? text : "", size - (unit ? 1 : 0));
	guint shift = unit ? 10 * (guint)(unit - units + 1) : 0;

	if (text == NULL)
		return TRUE;
	if (!g_ascii_string_to_unsigned(digits, 10, 1, (G_MAXINT64 / G_USEC_PER_SEC) >> shift, rate, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--limit-rate %s: not a number of bytes a second, such as 500K or 2M", text);
		return FALSE;
	}
	*rate <<= shift;
	return TRUE;
}

static char *time_text(gint64 seconds)
{
	g_autoptr(GDateTime) when = seconds ? g_date_time_new_from_unix_utc(seconds) : NULL;

	return when ? g_date_time_format_iso8601(when) : NULL;
}

static void add_suite(JsonBuilder *b, const struct mirror_suite *s)
{
	g_autofree char *date = time_text(s->date), *until = time_text(s->valid_until);

	json_builder_begin_object(b);
	if (s->name != NULL)
		member_text(b, "suite", s->name);
	member_text(b, "result", s->changed ? "changed" : "up to date");
	member_array(b, "keys");
	for (char **signer = s->signers; *signer != NULL; signer++)
		json_builder_add_string_value(b, *signer);
	json_builder_end_array(b);
	if (date != NULL)
		member_text(b, "date", date);
	if (until != NULL)
		member_text(b, "valid_until", until);
	if (s->state != 0)
		member_number(b, "state", s->state);
	member_number(b, "debs", s->debs);
	member_number(b, "rpms", s->rpms);
	member_number(b, "size", s->size);
	json_builder_end_object(b);
}

static void print_json(const struct mirror_options *o, const mirror_result *r)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "directory", o->dir);
	member_text(b, "source", o->source);
	member_array(b, "suites");
	for (guint i = 0; i < r->suites->len; i++)
		add_suite(b, r->suites->pdata[i]);
	json_builder_end_array(b);
	member_number(b, "fetched", r->fetched);
	member_number(b, "linked", r->linked);
	member_number(b, "bytes", r->bytes);
	member_number(b, "removed", r->removed);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

static void print_suite(const struct mirror_options *o, const struct mirror_suite *s)
{
	g_autofree char *size = g_format_size(s->size);
	g_autofree char *date = time_text(s->date), *until = time_text(s->valid_until);
	g_autofree char *name = s->name ? g_strdup_printf("suite %s", s->name) : g_strdup("repodata");
	g_autofree char *state = s->state ? g_strdup_printf("state %" G_GUINT64_FORMAT " ", s->state) : g_strdup("");

	printf("%s: %s: %s: %sof %s%s%s: %u deb, %u rpm, %s\n", o->dir, name, s->changed ? "changed" : "up to date",
	       state, date ? date : "an unknown date", until ? ", valid until " : "", until ? until : "", s->debs,
	       s->rpms, size);
}

static void print_text(const struct mirror_options *o, const mirror_result *r)
{
	g_autofree char *bytes = g_format_size(r->bytes);

	for (guint i = 0; i < r->suites->len; i++)
		print_suite(o, r->suites->pdata[i]);
	printf("%s: fetched %u files, %s (%u linked); removed %u\n", o->dir, r->fetched, bytes, r->linked, r->removed);
}

static int run_mirror(const struct cli_call *call, GError **error)
{
	const struct mirror_call_options *options = call->options;
	g_auto(cli_progress) progress = {0};
	struct mirror_options o = {.source = call->arguments[0],
				   .dir = call->arguments[1],
				   .suites = options->suites,
				   .key = options->key,
				   .limits = {.jobs = DEFAULT_JOBS, .timeout = DEFAULT_TIMEOUT},
				   .wait = DEFAULT_WAIT,
				   .allow_rollback = options->allow_rollback,
				   .allow_expired = options->allow_expired,
				   .now = (gint64)time(NULL),
				   .progress = &progress.progress};

	if (!parse_rate(options->limit_rate, &o.limits.rate, error) ||
	    !parse_number("--jobs", options->jobs, 1, SOURCE_MOST_JOBS, &o.limits.jobs, error) ||
	    !parse_number("--timeout", options->timeout, 1, MOST_TIMEOUT, &o.limits.timeout, error) ||
	    !parse_number("--wait", options->wait, 0, MOST_WAIT, &o.wait, error))
		return -1;
	cli_progress_begin(&progress, call, "fetching");
	g_autoptr(mirror_result) r = mirror_run(&o, error);
	cli_progress_end(&progress);
	if (r == NULL)
		return -1;
	if (call->json)
		print_json(&o, r);
	else
		print_text(&o, r);
	return CLI_DONE;
}

static const struct cli_option mirror_rows[] = {
	{"suite", 's', CLI_STRINGS, G_STRUCT_OFFSET(struct mirror_call_options, suites), "NAME",
	 "a suite to mirror; may be repeated (those that DST has, or stable)"},
	{"key", 'k', CLI_STRING, G_STRUCT_OFFSET(struct mirror_call_options, key), "KEY",
	 "who must have signed: a fingerprint, or a file of public keys"},
	{"limit-rate", 0, CLI_STRING, G_STRUCT_OFFSET(struct mirror_call_options, limit_rate), "N",
	 "bytes a second, at most; 500K, 2M (as fast as it goes)"},
	{"jobs", 'j', CLI_STRING, G_STRUCT_OFFSET(struct mirror_call_options, jobs), "N",
	 "connections at once, at most (4; with --limit-rate, 1)"},
	{"timeout", 0, CLI_STRING, G_STRUCT_OFFSET(struct mirror_call_options, timeout), "SECONDS",
	 "give up a connection after so long without progress (30)"},
	{"wait", 0, CLI_STRING, G_STRUCT_OFFSET(struct mirror_call_options, wait), "SECONDS",
	 "how long to wait for somebody else at work in DST (10)"},
	{"allow-rollback", 0, CLI_FLAG, G_STRUCT_OFFSET(struct mirror_call_options, allow_rollback), NULL,
	 "take an older state than DST has"},
	{"allow-expired", 0, CLI_FLAG, G_STRUCT_OFFSET(struct mirror_call_options, allow_expired), NULL,
	 "take a state whose Valid-Until is over"},
	{0},
};

const struct cli_command cmd_publish_mirror = {
	.name = "publish",
	.verb = "mirror",
	.arguments = "SRC DST",
	.least = 2,
	.most = 2,
	.summary = "make or refresh a copy of a signed repository, from a directory or a URL",
	.options = mirror_rows,
	.options_size = sizeof(struct mirror_call_options),
	.run = run_mirror,
};
