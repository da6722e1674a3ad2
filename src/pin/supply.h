/* What the channels of a fleet take from, opened once for all of them: bases, and suites of the repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_SUPPLY_H
#define PIN_SUPPLY_H

#include "pin/install.h"
#include "pin/pair.h"
#include "publish/publication.h"

#include <glib.h>

/* One suite, and what is asked about it. */
struct supply_suite {
	publication *p;
	installs *installs;
	pairing *pairing;
};

/* All of it. Not thread-safe; questions are answered on all cores. */
struct supply {
	const struct fleet *fleet;
	const GPtrArray *channels; /* const struct channel * */
	view_bases *bases;
	GPtrArray *suites; /* struct supply_suite *, those that a channel takes from; without channels the fleet's */
};
typedef struct supply supply;

/*
 * supply_open: open the bases and suites of these channels. Everything given is borrowed and must outlive it; answers and
 * waivers may be NULL.
 *
 * NULL with an error of view_bases_open or publication_open.
 */
supply *supply_open(const struct fleet *fleet, const GPtrArray *channels, cache *answers,
		    const struct users_waivers *waivers, GError **error);
void supply_free(supply *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(supply, supply_free)

/* supply_of: the suite that a channel takes from. Never NULL for those that it was opened for. */
const struct supply_suite *supply_of(const supply *s, const struct channel *channel);

/*
 * supply_install: installs_answer, of every suite.
 * supply_judge: pairing_judge, of every suite.
 *
 * FALSE with an error of theirs.
 */
gboolean supply_install(const supply *s, GError **error);
gboolean supply_judge(const supply *s, GError **error);

/*
 * supply_view: what the channel lets through, as view_entries. library: NULL, or of the package of this entry's name exactly
 * this version, whatever the channel's pin of it says. Caller unrefs.
 */
GPtrArray *supply_view(const supply *s, const struct channel *channel, const entry *library);

#endif
