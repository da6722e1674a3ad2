/* What became of the programs of a suite, in words: see users.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/users.h"
#include "publish/error.h"

#include <string.h>

/* So many are named in one line of error. */
#define MOST_NAMED 3

const char *users_word_name(enum users_word word)
{
	static const char *const names[] = {
		[USERS_RUNS] = "runs",
		[USERS_NOTE] = "note",
		[USERS_UNKNOWN] = "unknown",
		[USERS_BREAKS] = "breaks",
	};

	return names[word];
}

/* "deb ask-c 1.0-1 (usr/bin/ask-c) with libwarden1 1.2.0-1: struct-grew ...". */
static void append_result(GString *out, const struct users_result *r)
{
	g_string_append_printf(out, "%s %s %s", r->user->family->name, r->user->name, r->user->version);
	if (r->program != NULL)
		g_string_append_printf(out, " (%s)", r->program);
	const struct state_item *library = r->library ? r->library : r->before;
	g_string_append_printf(out, " %s %s %s", r->library ? "with" : "without", library->name, library->version);
	if (r->reason != NULL)
		g_string_append_printf(out, ": %s", r->reason);
}

gboolean users_pass(const struct users *u, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; u->worst > USERS_NOTE && i < u->results->len; i++) {
		const struct users_result *r = u->results->pdata[i];
		if (r->word != u->worst || n++ >= MOST_NAMED)
			continue;
		g_string_append(out, n > 1 ? "; " : "");
		append_result(out, r);
	}
	if (n == 0)
		return TRUE;
	if (n > MOST_NAMED)
		g_string_append_printf(out, "; and %u more", n - MOST_NAMED);
	g_set_error(error, PUBLISH_ERROR, u->worst == USERS_BREAKS ? PUBLISH_ERROR_ABI : PUBLISH_ERROR_EVIDENCE, "%s %s",
		    u->worst == USERS_BREAKS ? "these would not run:" : "cannot be told whether these run:", out->str);
	return FALSE;
}

char *users_text(const struct users *u)
{
	GString *out = g_string_new(NULL);
	guint runs = 0;

	for (int word = USERS_BREAKS; word > USERS_RUNS; word--)
		for (guint i = 0; i < u->results->len; i++) {
			const struct users_result *r = u->results->pdata[i];
			if (r->word != (enum users_word)word)
				continue;
			g_string_append_printf(out, "%-8s ", users_word_name(r->word));
			append_result(out, r);
			g_string_append_c(out, '\n');
			if (r->waivers != NULL)
				g_string_append_printf(out, "%-8s %s\n", "", r->waivers);
		}
	for (guint i = 0; i < u->results->len; i++)
		runs += ((const struct users_result *)u->results->pdata[i])->word == USERS_RUNS ? 1 : 0;
	if (runs > 0)
		g_string_append_printf(out, "%-8s %u program%s, with what the suite gives %s\n", "runs", runs,
				       runs == 1 ? "" : "s", runs == 1 ? "it" : "them");
	return g_string_free(out, FALSE);
}
