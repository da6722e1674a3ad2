/* What the verbs of abide publish share: see cli/publish.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/publish.h"
#include "core/member.h"
#include "publish/elsewhere.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The year 9000: dates in Release files have four digits for the year. */
#define LATEST G_GINT64_CONSTANT(221845392000)

#define DEFAULT_WAIT 10
#define MOST_WAIT (24 * 60 * 60)

gboolean publish_time(gint64 *when, GError **error)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	guint64 seconds = 0;

	*when = (gint64)time(NULL);
	if (epoch == NULL || *epoch == '\0')
		return TRUE;
	if (!g_ascii_string_to_unsigned(epoch, 10, 0, LATEST, &seconds, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "SOURCE_DATE_EPOCH is '%s', not a number of seconds",
			    epoch);
		return FALSE;
	}
	*when = (gint64)seconds;
	return TRUE;
}

static const char *set_or_null(const char *text)
{
	return text != NULL && *text != '\0' && state_is_line(text) ? text : NULL;
}

/* "Name <address>" as Debian's tools have it, else who is logged in. */
static char *publisher(void)
{
	const char *name = set_or_null(getenv("DEBFULLNAME")), *mail = set_or_null(getenv("DEBEMAIL"));
	const char *account = set_or_null(g_get_user_name());

	if (mail != NULL)
		return name ? g_strdup_printf("%s <%s>", name, mail) : g_strdup(mail);
	if (name == NULL)
		name = set_or_null(g_get_real_name());
	return g_strdup(name && g_strcmp0(name, "Unknown") != 0 ? name : account ? account : "unknown");
}

gboolean publish_writer(const struct publish_options *options, struct publication_writer *w, char **by, GError **error)
{
	guint64 wait = DEFAULT_WAIT;

	if (options->wait != NULL && !g_ascii_string_to_unsigned(options->wait, 10, 0, MOST_WAIT, &wait, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--wait %s: not a number of seconds, up to %d", options->wait,
			    MOST_WAIT);
		return FALSE;
	}
	if (options->by != NULL && set_or_null(options->by) == NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--by: not one line of text");
		return FALSE;
	}
	if (options->why != NULL && !state_is_line(options->why)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--why: not one line of text");
		return FALSE;
	}
	if (options->prepare != NULL && options->attach != NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--prepare and --attach: one of them");
		return FALSE;
	}
	*w = (struct publication_writer){
		.wait = (guint)wait, .why = options->why, .prepare = options->prepare, .attach = options->attach};
	if (!publish_time(&w->when, error))
		return FALSE;
	w->by = *by = options->by ? g_strdup(options->by) : publisher();
	return TRUE;
}

/* What was prepared says when it is published, by whom and why; and it must be what comes next. */
static gboolean follow(const elsewhere *prepared, const char *folder, struct publication_writer *w, const char *suite,
		       GError **error)
{
	w->when = prepared->state->date;
	w->by = prepared->state->by;
	w->why = prepared->state->why;
	if (strcmp(prepared->state->suite, suite) == 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_STALE, "%s: prepared for the suite '%s', not '%s'", folder,
		    prepared->state->suite, suite);
	return FALSE;
}

static gboolean check_next(const publication *p, const elsewhere *prepared, GError **error)
{
	if (prepared->state->number == p->site.settings->state + 1)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_STALE,
		    "%s: prepared as state %" G_GUINT64_FORMAT " of suite %s, which is at state %" G_GUINT64_FORMAT
		    " now; prepare it again",
		    p->attach, prepared->state->number, p->site.settings->suite, p->site.settings->state);
	return FALSE;
}

static publication *open_suite(const char *dir, const char *suite, const struct publish_options *options,
			       gboolean keys_later, GError **error)
{
	struct publication_writer writer = {0};
	g_autofree char *by = NULL;
	g_autoptr(elsewhere) prepared = NULL;

	if (!publish_writer(options, &writer, &by, error))
		return NULL;
	if (options->attach != NULL && ((prepared = elsewhere_read(options->attach, error)) == NULL ||
					!follow(prepared, options->attach, &writer, suite, error)))
		return NULL;
	writer.keys_later = keys_later;
	g_autoptr(publication) p = publication_open_locked(dir, suite, &writer, error);
	if (p == NULL || (prepared != NULL && !check_next(p, prepared, error)))
		return NULL;
	return g_steal_pointer(&p);
}

publication *publish_open(const char *dir, const char *suite, const struct publish_options *options, GError **error)
{
	return open_suite(dir, suite ? suite : PUBLISH_SUITE, options, FALSE, error);
}

publication *publish_open_keys(const char *dir, const char *suite, const struct publish_options *options,
			       GError **error)
{
	return open_suite(dir, suite ? suite : PUBLISH_SUITE, options, TRUE, error);
}

gboolean publish_state_number(const char *text, guint64 *number, GError **error)
{
	if (g_ascii_string_to_unsigned(text, 10, 1, RELEASE_MOST_STATES, number, NULL))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: not the number of a state; abide publish history shows them", text);
	return FALSE;
}

/* ---- as JSON ---- */

void publish_add_suite(JsonBuilder *b, const publication *p)
{
	const release *r = p->site.settings;

	member_text(b, "directory", p->site.dir);
	member_text(b, "suite", r->suite);
	member_text(b, "origin", r->origin);
	member_text(b, "label", r->label);
	member_text(b, "key", *r->signed_by);
	member_texts(b, "keys", r->signed_by);
	member_texts(b, "bases", r->bases);
	member_number(b, "valid_days", r->valid_days);
	member_number(b, "state", r->state);
}

void publish_add_entry(JsonBuilder *b, const entry *e)
{
	g_autoptr(state_item) item = state_item_new(e, TRUE);

	publish_add_item(b, item);
}

void publish_add_item(JsonBuilder *b, const struct state_item *item)
{
	member_text(b, "name", item->name);
	member_text(b, "version", item->version);
	member_text(b, "architecture", item->arch);
	member_text(b, "family", item->family->name);
	member_text(b, "path", item->path);
	member_text(b, "sha256", item->sha256);
	member_number(b, "size", item->size);
}

void publish_add_state(JsonBuilder *b, const struct state *s)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(s->date);
	g_autofree char *shown = g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");

	member_number(b, "state", s->number);
	member_text(b, "date", shown);
	member_text(b, "by", s->by);
	member_text(b, "why", s->why);
	member_text(b, "action", s->action);
}

/* ---- as text ---- */

void publish_print_item(const char *word, const struct state_item *item)
{
	printf("%-13s %s  %s %s %s\n", word, item->family->name, item->name, item->version, item->arch);
}

/* What came or went: "3 added (1.2 MB)". */
static void append_sum(GString *text, const struct state *s, gboolean added)
{
	guint n = 0;
	guint64 size = 0;

	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		n += item->added == added ? 1 : 0;
		size += item->added == added ? item->size : 0;
	}
	g_autofree char *shown = g_format_size(size);
	if (n > 0)
		g_string_append_printf(text, "%s%u %s (%s)", text->len > 0 ? ", " : "", n, added ? "added" : "removed", shown);
}

void publish_print_summary(const publication *p)
{
	g_autoptr(GString) text = g_string_new(NULL);

	append_sum(text, p->last, TRUE);
	append_sum(text, p->last, FALSE);
	printf("%s: suite %s, state %" G_GUINT64_FORMAT ": %s\n", p->site.dir, p->site.settings->suite, p->last->number,
	       text->len > 0 ? text->str : "the same packages");
}

void publish_add_changes(JsonBuilder *b, const struct state *s)
{
	g_autoptr(GStrvBuilder) bases = g_strv_builder_new();

	for (guint i = 0; i < s->bases->len; i++)
		g_strv_builder_add(bases, s->bases->pdata[i]);
	g_auto(GStrv) words = g_strv_builder_end(bases);
	member_texts(b, "base_changes", words);
	member_array(b, "changes");
	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "change", item->added ? "added" : "removed");
		publish_add_item(b, item);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

void publish_print_change(const struct cli_call *call, const publication *p)
{
	const struct state *s = p->last;

	if (call->json) {
		g_autoptr(JsonBuilder) b = json_builder_new();
		json_builder_begin_object(b);
		publish_add_suite(b, p);
		member_text(b, "action", s->action);
		publish_add_changes(b, s);
		json_builder_end_object(b);
		cli_print_json(json_builder_get_root(b));
		return;
	}
	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		publish_print_item(item->added ? "added" : "removed", item);
	}
	publish_print_summary(p);
}

/* ---- signing ---- */

#define DAY (24 * 60 * 60)

static void warn_of_expiry(const publication *p)
{
	const release *r = p->site.settings;
	const char *fingerprint = NULL;
	gint64 expires = keyring_expires(p->site.keys, &fingerprint);

	if (expires == 0 || expires >= r->date + (gint64)r->valid_days * DAY)
		return;
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(expires);
	g_autofree char *shown = g_date_time_format(date, "%Y-%m-%d");
	fprintf(stderr,
		"abide: warning: key %s expires on %s, before what it signed (%u days); from then on servers refuse it; see gpg "
		"--quick-set-expire, or abide publish key --add\n",
		fingerprint, shown, r->valid_days);
}

/* The signatures of a prepared folder, as any gpg makes them. */
static void print_commands(const publication *p)
{
	static const char *const modes[] = {
		[KEYRING_CLEAR] = "--clear-sign", [KEYRING_DETACHED] = "--detach-sign", [KEYRING_REPOMD] = "--detach-sign"};
	g_autofree char *keys = g_strjoinv(" -u ", p->site.settings->signed_by);
	g_autoptr(elsewhere) e = elsewhere_read(p->prepare, NULL);

	printf("nothing is published yet: take %s to the machine with the key, and there\n", p->prepare);
	printf("  abide publish sign %s\nor, in that folder,\n", p->prepare);
	for (const struct elsewhere_signature *s = elsewhere_signatures; s->text != NULL; s++)
		if (e == NULL || e->has_repomd || s->kind != KEYRING_REPOMD)
			printf("  gpg -u %s --armor %s -o %s %s\n", keys, modes[s->kind], s->path, s->text);
	printf("then give this command again with --attach instead of --prepare\n");
}

void publish_print_signing(const struct cli_call *call, const publication *p)
{
	if (p->prepare != NULL && !call->json)
		print_commands(p);
	else if (p->prepare == NULL)
		warn_of_expiry(p);
}
