/* What the channels of a fleet take from: see supply.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/supply.h"

#include <string.h>

static void suite_free(gpointer data)
{
	struct supply_suite *suite = data;

	pairing_free(suite->pairing);
	installs_free(suite->installs);
	publication_free(suite->p);
	g_free(suite);
}

static struct supply_suite *find_suite(const supply *s, const char *name)
{
	for (guint i = 0; i < s->suites->len; i++) {
		struct supply_suite *suite = s->suites->pdata[i];
		if (strcmp(suite->p->site.settings->suite, name) == 0)
			return suite;
	}
	return NULL;
}

/* said: the file that names the suite. */
static gboolean open_suite(supply *s, const char *name, const char *said, cache *answers,
			   const struct users_waivers *waivers, GError **error)
{
	publication *p;

	if (find_suite(s, name) != NULL)
		return TRUE;
	if ((p = publication_open(s->fleet->repository, name, error)) == NULL) {
		g_prefix_error(error, "%s: ", said);
		return FALSE;
	}
	struct supply_suite *suite = g_new0(struct supply_suite, 1);
	suite->p = p;
	suite->installs = installs_new(s->bases, p->packages, answers);
	suite->pairing = pairing_new(p, answers, waivers);
	g_ptr_array_add(s->suites, suite);
	return TRUE;
}

supply *supply_open(const struct fleet *fleet, const GPtrArray *channels, cache *answers,
		    const struct users_waivers *waivers, GError **error)
{
	g_autoptr(supply) s = g_new0(supply, 1);

	s->fleet = fleet;
	s->channels = channels;
	s->suites = g_ptr_array_new_with_free_func(suite_free);
	if ((s->bases = view_bases_open(fleet, channels, error)) == NULL)
		return NULL;
	for (guint i = 0; i < channels->len; i++) {
		const struct channel *c = channels->pdata[i];
		if (!open_suite(s, fleet_suite(fleet, c), c->suite ? c->path : fleet->path, answers, waivers, error))
			return NULL;
	}
	if (channels->len == 0 && !open_suite(s, fleet->suite, fleet->path, answers, waivers, error))
		return NULL;
	return g_steal_pointer(&s);
}

void supply_free(supply *s)
{
	if (s == NULL)
		return;
	g_ptr_array_unref(s->suites);
	view_bases_free(s->bases);
	g_free(s);
}

const struct supply_suite *supply_of(const supply *s, const struct channel *channel)
{
	return find_suite(s, fleet_suite(s->fleet, channel));
}

gboolean supply_install(const supply *s, GError **error)
{
	for (guint i = 0; i < s->suites->len; i++)
		if (!installs_answer(((const struct supply_suite *)s->suites->pdata[i])->installs, error))
			return FALSE;
	return TRUE;
}

gboolean supply_judge(const supply *s, GError **error)
{
	for (guint i = 0; i < s->suites->len; i++)
		if (!pairing_judge(((const struct supply_suite *)s->suites->pdata[i])->pairing, error))
			return FALSE;
	return TRUE;
}

GPtrArray *supply_view(const supply *s, const struct channel *channel, const entry *library)
{
	return view_entries_with(s->bases, channel, supply_of(s, channel)->p->packages, library);
}
