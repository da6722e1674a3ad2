/* Channels changed: nothing else in their files, one at a time, and on record. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANGE_H
#define PIN_CHANGE_H

#include "pin/channel.h"

/* What of a channel is changed. */
enum channel_part {
	CHANNEL_PACKAGE, /* the pin of a package */
	CHANNEL_CLASS,   /* a host class */
	CHANNEL_SERVICE, /* a service of a host class */
	CHANNEL_HELD,    /* a package that is held for one service */
};

/*
 * What to write, in UTF-8. Which of the names are used depends on the part; those not named here are not looked at.
 *
 *   CHANNEL_PACKAGE   package version
 *   CHANNEL_CLASS     class, base or installed or both
 *   CHANNEL_SERVICE   class package, version and unit or NULL: as they are; base: of the class, which is made where it is
 *                     not there
 *   CHANNEL_HELD      service package version
 *
 * reason is never NULL. author NULL: nobody is named, or who was stays. until NULL: it holds until somebody changes it.
 * when: the time of the change, in seconds since 1970.
 */
struct channel_request {
	enum channel_part part;
	const char *package, *version, *class, *service, *unit, *base, *installed;
	const char *reason, *author, *until;
	gint64 when;
};

/*
 * channel_set: write a part of the channel NAME of the folder DIR, or change it. Makes the channel, and the folder, when
 *   they are not there.
 * channel_unset: take a part out; version, unit, base, installed and until are not looked at. A class goes with its
 *   services.
 *
 * Both lock the channel, edit the text of its file at that spot only, check that the result reads as intended and differs
 * in nothing else, put the change on record (log.h), and replace the file atomically. They return the channel as it is
 * now, for channel_free, or NULL with an error of channel_read's, CHANNEL_ERROR_ARGUMENT, _MISSING, _LAYOUT or _BUSY; file
 * and record are then unchanged.
 */
struct channel *channel_set(const char *dir, const char *name, const struct channel_request *request, GError **error);
struct channel *channel_unset(const char *dir, const char *name, const struct channel_request *request, GError **error);

#endif
