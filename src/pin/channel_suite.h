/* A channel as a suite of the repository: servers that are pointed at it see what they may have, and nothing else. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANNEL_SUITE_H
#define PIN_CHANNEL_SUITE_H

#include "pin/beside.h"
#include "pin/fleet.h"
#include "pin/proof.h"
#include "publish/publication.h"

/* Which channel, and from what. Nothing is owned. */
struct channel_suite_request {
	const struct fleet *fleet;
	const struct proof *proof; /* of the channel, and what it lets through */
	const publication *from;   /* the suite that the channel takes from (supply_of) */
	const GDate *today;        /* decides what is over */
};

/* What is to be published for one channel: nothing has changed yet. */
typedef struct channel_suite channel_suite;

/*
 * channel_suite_plan: find out what the suite of a channel is to hold: what the channel lets through, and the packages that
 * hold libraries beside the current ones (beside.h).
 *
 * The proof takes the place that the gate has in other suites, which would judge a held service with the library that it
 * does not get: a channel that cannot hold is not published.
 *
 * Everything in the request must outlive the plan. NULL with CHANNEL_ERROR_EXPIRED (pin_export_check), PUBLISH_ERROR_ABI or
 * PUBLISH_ERROR_EVIDENCE (the proof fails, or cannot tell), CHANNEL_ERROR_ARGUMENT (a name that no suite of a channel can
 * have), or an error of beside_plan.
 */
channel_suite *channel_suite_plan(const struct channel_suite_request *request, GError **error);
void channel_suite_free(channel_suite *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(channel_suite, channel_suite_free)

/*
 * channel_suite_publish: make the suite of the repository that is named as the channel hold exactly that, as one signed
 * state; make the suite when it is not there, with the settings and keys of the one that it is from.
 *
 * Published packages are stored once, whatever suites they are in. apt and dnf take the newest version that they see, so a
 * server whose only source of these packages is this suite needs no pins.
 *
 * changes: set to whether a new state was published; none is when nothing differs, the channel's file included.
 *
 * Returns the suite, as it is now, for publication_free. NULL with CHANNEL_ERROR_ARGUMENT (the suite is somebody else's), or
 * an error of beside_write, publication_open_locked, publication_create or publication_assign; nothing is published then,
 * but perhaps an empty suite.
 */
publication *channel_suite_publish(const channel_suite *s, const struct publication_writer *writer, gboolean *changes,
				   GError **error);

#endif
