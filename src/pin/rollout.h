/* An Ansible inventory and a playbook that bring a fleet to what its channels say, in waves. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_ROLLOUT_H
#define PIN_ROLLOUT_H

#include "pin/fleet.h"
#include "pin/view.h"
#include "publish/publication.h"

/* What servers of one channel are to have. Nothing is owned. */
struct rollout_channel {
	const struct channel *channel;
	const GPtrArray *view;    /* of view_entries */
	const publication *from;  /* the suite that the channel takes from */
	const publication *suite; /* the channel's own, with all its packages */
};

/* The playbook, as it is written: the same for every fleet. Its tasks use modules of ansible.builtin only. */
extern const char rollout_playbook[];

/*
 * rollout_write: write into the folder DIR, which is made where needed:
 *
 *   rollout.yaml            the playbook
 *   inventory/abide.yaml    a group for each channel and each of its host classes, with the packages of the class in the versions
 *                           that the channel's suite has, and its services in the order in which they restart
 *   inventory/hosts.yaml    the servers of each group: to be filled in by people; only written where it is not there
 *   files/CHANNEL/          what clientconfig_write makes for the channel's suite
 *
 * bases: of all the channels. url: of the repository's directory, as servers reach it.
 *
 * Returns the paths written (caller frees with g_strfreev). NULL with CHANNEL_ERROR_MISSING (the suite has no version of a
 * service, or not yet), CHANNEL_ERROR_INPUT (two names that come to one group), or an error of clientconfig_write. Nothing
 * is left half written, but of several files some may be new.
 */
char **rollout_write(const struct fleet *fleet, const view_bases *bases, const struct rollout_channel *channels, guint n,
		     const char *url, const char *dir, GError **error);

#endif
