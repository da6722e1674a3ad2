/* What check, propose and drift need opened: see pin_question.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pin_question.h"

#include <stdio.h>

gboolean pin_ask(pin_question *q, const struct pin_options *options, const char *waivers, const char *const *names,
		 GError **error)
{
	if (!cli_today(&q->waivers.today, error) || (q->fleet = pin_open_fleet(options, error)) == NULL ||
	    (q->channels = fleet_channels(q->fleet, names, error)) == NULL ||
	    (waivers != NULL && (q->list = waivers_read(waivers, error)) == NULL))
		return FALSE;
	g_autofree char *path = cache_path();
	q->waivers.list = q->list;
	q->answers = cache_open(path);
	q->supply = supply_open(q->fleet, q->channels, q->answers, &q->waivers, error);
	return q->supply != NULL;
}

void pin_question_clear(pin_question *q)
{
	supply_free(q->supply);
	cache_free(q->answers);
	waivers_free(q->list);
	if (q->channels != NULL)
		g_ptr_array_unref(q->channels);
	fleet_free(q->fleet);
}

void pin_keep_answers(cache *answers)
{
	g_autoptr(GError) cause = NULL;

	if (!cache_save(answers, &cause))
		fprintf(stderr, "abide: warning: answers are not kept: %s\n", cause->message);
}
