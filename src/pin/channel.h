/* A channel: which versions of which packages one customer gets, who decided it and why. The product of pin. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANNEL_H
#define PIN_CHANNEL_H

#include "pin/pattern.h"

/* What can be wrong with a channel. */
#define CHANNEL_ERROR channel_error_quark()
GQuark channel_error_quark(void);
enum channel_error {
	CHANNEL_ERROR_INPUT,    /* the file contradicts itself; the message begins with FILE:LINE:COLUMN */
	CHANNEL_ERROR_ARGUMENT, /* a name, version or date that was asked for cannot be one */
	CHANNEL_ERROR_MISSING,  /* there is no such channel, or no pin of this package in it */
	CHANNEL_ERROR_LAYOUT,   /* the file is laid out in a way that cannot be edited safely; it is unchanged */
	CHANNEL_ERROR_EXPIRED,  /* a pin's last day is over */
};

/* One package held at some of its versions. Strings are owned by the channel. */
struct channel_pin {
	char *name;
	char *version; /* as written; what it means is in pattern */
	char *reason;
	char *author; /* NULL when the file does not say */
	char *until;  /* "2027-01-31", the last day on which it holds; NULL when it holds until somebody changes it */

	struct pin_pattern pattern;
};

/*
 * A channel as read from channels/NAME.yaml (abide-channel(5)). Immutable; may be shared between threads. Packages are
 * in the order of the file; no package is there twice.
 */
struct channel {
	char *name;
	struct channel_pin *pins;
	guint n_pins;

	char *path;            /* of the file it was read from */
	struct yamlfile *file; /* the same as text and places, for edits */
};

/*
 * channel_read: read the channel NAME from the folder DIR.
 *
 * Returns a channel for channel_free, or NULL with a CHANNEL_ERROR, a YAMLFILE_ERROR or a G_FILE_ERROR.
 */
struct channel *channel_read(const char *dir, const char *name, GError **error);

/* channel_parse: the same from memory; path is only named, in errors. Takes its own reference to text. */
struct channel *channel_parse(const char *path, const char *name, GBytes *text, GError **error);

/* channel_free: NULL is fine. */
void channel_free(struct channel *channel);
typedef struct channel channel;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(channel, channel_free)

/* channel_names: the channels in the folder DIR, sorted; caller frees with g_strfreev. NULL with a G_FILE_ERROR. */
char **channel_names(const char *dir, GError **error);

/* channel_find: the pin of this package, or NULL. */
const struct channel_pin *channel_find(const struct channel *channel, const char *package);

/* channel_pin_expired: is the pin's last day before TODAY? */
gboolean channel_pin_expired(const struct channel_pin *pin, const GDate *today);

/*
 * What to write for one package, in UTF-8. until NULL: it holds until somebody changes it. author NULL: nobody is named,
 * or who was stays. The rest is not NULL.
 */
struct channel_request {
	const char *package, *version, *reason, *author, *until;
};

/*
 * channel_set: pin a package in the channel NAME of the folder DIR, or change its pin. Makes the channel, and the
 *   folder, when they are not there.
 * channel_unset: take the pin of a package out.
 *
 * Both edit the text of the file at that spot only, check that the result reads as intended and differs in nothing
 * else, and then replace the file atomically. They return the channel as it is now, for channel_free, or NULL with an
 * error of channel_read's, CHANNEL_ERROR_ARGUMENT, _MISSING or _LAYOUT; the file is then unchanged.
 */
struct channel *channel_set(const char *dir, const char *name, const struct channel_request *request, GError **error);
struct channel *channel_unset(const char *dir, const char *name, const char *package, GError **error);

#endif
