/* Judging what leaves and what comes back: see departure.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/departure.h"

void departure_record(transaction *t, const struct users *judged)
{
	for (guint i = 0; i < judged->results->len; i++) {
		const struct users_result *r = judged->results->pdata[i];
		const struct state_item *library = r->library ? r->library : r->before;
		if (r->waivers != NULL)
			g_ptr_array_add(transaction_state(t)->waived,
					g_strdup_printf("%s %s %s %s %s %s: %s", r->user->family->name, r->user->name,
							r->user->version, r->library ? "with" : "without", library->name,
							library->version, r->waivers));
	}
}

gboolean departure_pass(const publication *p, transaction *t, const GPtrArray *returning,
		   const struct publication_gate *gate, const char *advice, struct users **judged, GError **error)
{
	g_autoptr(GPtrArray) members = members_new();
	g_autoptr(GError) cause = NULL;

	for (guint i = 0; i < p->packages->len; i++) {
		const entry *e = p->packages->pdata[i];
		members_add_published(members, e, p->site.dir, transaction_find(t, e->path) ? MEMBER_STAYS : MEMBER_LEAVES);
	}
	for (guint i = 0; i < returning->len; i++)
		members_add_published(members, returning->pdata[i], p->site.dir, MEMBER_ARRIVES);
	members_sort(members);
	*judged = users_judge(members, &gate->waivers, error);
	if (*judged == NULL)
		return FALSE;
	if (users_pass(*judged, &cause)) {
		departure_record(t, *judged);
		return TRUE;
	}
	g_set_error(error, cause->domain, cause->code, "%s: suite %s: %s; %s, or waive the finding (--waivers)",
		    p->site.dir, p->site.settings->suite, cause->message, advice);
	return FALSE;
}
