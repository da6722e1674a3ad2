/* The gate of publish at the command line: see cli/publish_users.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/publish_users.h"
#include "core/member.h"

#include <stdio.h>

gboolean publish_gate(const struct publish_options *options, struct publication_gate *gate, struct waivers **list,
		      GError **error)
{
	*list = NULL;
	*gate = (struct publication_gate){0};
	if (!cli_today(&gate->waivers.today, error))
		return FALSE;
	if (options->waivers != NULL && (*list = waivers_read(options->waivers, error)) == NULL)
		return FALSE;
	gate->waivers.list = *list;
	return TRUE;
}

void publish_print_judged(const struct cli_call *call, const struct users *judged)
{
	g_autofree char *text = judged && !call->json ? users_text(judged) : NULL;

	if (text != NULL)
		fputs(text, stdout);
}

/* ---- as JSON ---- */

static void add_package(JsonBuilder *b, const char *name, const struct state_item *item)
{
	json_builder_set_member_name(b, name);
	if (item == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	json_builder_begin_object(b);
	publish_add_item(b, item);
	json_builder_end_object(b);
}

static void add_findings(JsonBuilder *b, const GPtrArray *findings)
{
	member_array(b, "findings");
	for (guint i = 0; i < findings->len; i++) {
		const struct users_finding *f = findings->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "rule", f->rule);
		member_text(b, "verdict", verdict_word_name(f->word));
		member_text(b, "subject", f->subject);
		member_text(b, "change", f->change);
		member_flag(b, "waived", f->is_waived);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_result(JsonBuilder *b, const struct users_result *r)
{
	json_builder_begin_object(b);
	member_text(b, "result", users_word_name(r->word));
	member_text(b, "reason", r->reason);
	member_text(b, "waived", r->waivers);
	member_text(b, "program", r->program);
	member_text(b, "soname", r->soname);
	add_findings(b, r->findings);
	add_package(b, "package", r->user);
	add_package(b, "library", r->library);
	add_package(b, "before", r->before);
	json_builder_end_object(b);
}

void publish_add_outcome(JsonBuilder *b, const publication *p, const struct users *judged, const GError *cause)
{
	member_array(b, "programs");
	for (guint i = 0; judged != NULL && i < judged->results->len; i++)
		add_result(b, judged->results->pdata[i]);
	json_builder_end_array(b);
	member_array(b, "staged");
	for (guint i = 0; p->last != NULL && i < p->last->staged->len; i++) {
		json_builder_begin_object(b);
		publish_add_item(b, p->last->staged->pdata[i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	member_text(b, "error", cause ? cause->message : NULL);
}

static void print_json(const publication *p, const char *action, gboolean done, const struct users *judged,
		       const GError *cause)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autoptr(state) none = state_new();

	json_builder_begin_object(b);
	publish_add_suite(b, p);
	member_text(b, "action", action);
	publish_add_changes(b, done ? p->last : none);
	publish_add_outcome(b, p, judged, cause);
	json_builder_end_object(b);
	cli_print_json(json_builder_get_root(b));
}

void publish_print_outcome(const struct cli_call *call, const publication *p, const char *action, gboolean done,
			   const struct users *judged, const GError *cause)
{
	publish_print_judged(call, judged);
	if (call->json && (done || judged != NULL))
		print_json(p, action, done, judged, cause);
	else if (done)
		publish_print_change(call, p);
	if (done)
		publish_print_signing(call, p);
}
