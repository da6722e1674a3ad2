/* What a channel's own suite has, held against what the channel lets through now. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PUBLISHED_H
#define PIN_PUBLISHED_H

#include "pin/fleet.h"

/*
 * channel_unpublished: in what the channel's published suite (of the channel's name, in the fleet's repository) differs from
 * what the channel lets through of the suite that it takes from, among the packages that the channel names.
 *
 * differences: set to a list of struct channel_difference (items.h), what "deb libwarden1 amd64", from and to the versions,
 *   separated by blanks; owned by the array. Set to NULL when no suite of that name is published.
 *
 * FALSE with an error of publication_open's.
 */
gboolean channel_unpublished(const struct fleet *fleet, const struct channel *channel, GPtrArray **differences,
			     GError **error);

#endif
