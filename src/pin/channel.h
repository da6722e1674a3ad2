/* A channel: what one customer runs and which versions it gets, who decided it and why. The data of pin. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANNEL_H
#define PIN_CHANNEL_H

#include "pin/pattern.h"

/* `version: any` of a service reads as no version. */
#define CHANNEL_ANY "any"

/* What can be wrong with a channel. */
#define CHANNEL_ERROR channel_error_quark()
GQuark channel_error_quark(void);
enum channel_error {
	CHANNEL_ERROR_INPUT,    /* the file contradicts itself; the message begins with FILE:LINE:COLUMN */
	CHANNEL_ERROR_ARGUMENT, /* a name, version or date that was asked for cannot be one */
	CHANNEL_ERROR_MISSING,  /* there is no such channel, or no pin of this package in it */
	CHANNEL_ERROR_LAYOUT,   /* the file is laid out in a way that cannot be edited safely; it is unchanged */
	CHANNEL_ERROR_EXPIRED,  /* a pin's last day is over */
	CHANNEL_ERROR_BUSY,     /* somebody else is changing the channel */
};

/* What is not said of a reason, an author or a last day in a file is NULL in all of these structs. */

/* One package pinned to some of its versions. Strings are owned by the channel. */
struct channel_pin {
	char *name;
	char *version; /* as written; what it means is in pattern */
	char *reason;
	char *author; /* NULL when the file does not say */
	char *until;  /* "2027-01-31", the last day on which it holds; NULL when it holds until somebody changes it */

	struct pin_pattern pattern;
};

/* One service of a host class: a package of the repository that runs there. */
struct channel_service {
	char *name;    /* the package's */
	char *version; /* as written; NULL: any, which `version: any` says, too */
	char *unit;    /* of systemd; never NULL: NAME.service where the file does not say */
	char *reason, *author, *until;

	struct pin_pattern pattern; /* unless version is NULL */
};

/* One class of hosts: all that are set up alike. */
struct channel_host {
	char *class;
	char *base;      /* which of the fleet's bases (fleet_find_base); may be NULL where installed is not */
	char *installed; /* a base file captured on site, which counts instead; to be resolved by fleet_resolve; or NULL */
	struct channel_service *services;
	guint n_services;
};

/* A library version that one service stays on, side by side with the one that the others use. */
struct channel_held {
	char *service; /* one that a host class has */
	char *package;
	char *version; /* exact: 1.0.1-1; 1.0.1 stands for its newest build */
	char *reason, *author, *until;

	struct pin_pattern pattern; /* PIN_PATTERN_VERSION or PIN_PATTERN_RELEASE */
};

/* What becomes of packages that a channel says nothing about. */
enum channel_others {
	CHANNEL_OTHERS_ALLOW,
	CHANNEL_OTHERS_DENY, /* only what is named comes through, and what that needs */
};

/*
 * A channel as read from channels/NAME.yaml (abide-channel(5)). Immutable; may be shared between threads. Everything is in
 * the order of the file; no package is pinned twice, no class is there twice, no service is twice in a class, nothing is
 * held twice for a service.
 */
struct channel {
	char *name;
	char *suite; /* of the fleet's repository; NULL: the fleet's */
	enum channel_others others;
	struct channel_host *hosts;
	guint n_hosts;
	char **restart; /* services in the order in which they restart, those not named follow by name; none: the fleet's */
	guint n_restart;
	struct channel_pin *pins;
	guint n_pins;
	struct channel_held *held;
	guint n_held;

	char *path;            /* of the file it was read from */
	char *sha256;          /* of its text, in hexadecimal */
	struct yamlfile *file; /* the same as text and places, for edits and errors */
	GHashTable *rules;     /* internal, of channel_rules */
};

/*
 * channel_read: read the channel NAME from the folder DIR.
 *
 * Returns a channel for channel_free, or NULL with a CHANNEL_ERROR, a YAMLFILE_ERROR or a G_FILE_ERROR.
 */
struct channel *channel_read(const char *dir, const char *name, GError **error);

/* channel_parse: the same from memory; path is only named, in errors. Takes its own reference to text. */
struct channel *channel_parse(const char *path, const char *name, GBytes *text, GError **error);

/* channel_check_name: whether a channel, a class of hosts or a fleet may have that name; else CHANNEL_ERROR_ARGUMENT. */
gboolean channel_check_name(const char *name, GError **error);

/* channel_free: NULL is fine. */
void channel_free(struct channel *channel);
typedef struct channel channel;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(channel, channel_free)

/* channel_names: the channels in the folder DIR, sorted; caller frees with g_strfreev. NULL with a G_FILE_ERROR. */
char **channel_names(const char *dir, GError **error);

/* channel_find: the pin of this package, or NULL. */
const struct channel_pin *channel_find(const struct channel *channel, const char *package);

/* channel_is_over: is the last day UNTIL of a pin, a service or something held before TODAY? NULL never is. */
gboolean channel_is_over(const char *until, const GDate *today);

/*
 * channel_rules: every pattern (const struct pin_pattern *) that a package's versions must match: that of its pin, those
 * of the host classes that have it as a service. NULL: the channel does not name the package. Owned by the channel;
 * empty where a service is named without a version.
 */
const GPtrArray *channel_rules(const struct channel *channel, const char *package);

/*
 * channel_lets: whether all rules let this version of a package through; compare: of its family (family->compare). A
 * package without rules comes through: whether `others: deny` keeps it out depends on what needs it, which view.h knows.
 * Rules that are over still count.
 */
gboolean channel_lets(const struct channel *channel, version_compare_fn compare, const char *package,
		      const char *version);

/* channel_wants: whether a version is one that the channel asks for: its rules say which, and let it; or it is held. */
gboolean channel_wants(const struct channel *channel, version_compare_fn compare, const char *package,
		       const char *version);

/* channel_find_host: the host class of this name, or NULL. */
const struct channel_host *channel_find_host(const struct channel *channel, const char *class);

#endif
