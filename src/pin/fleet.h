/* A fleet: where packages come from, what servers run on, and where the channels of all customers are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_FLEET_H
#define PIN_FLEET_H

#include "pin/channel.h"

/* Where nothing else is said. */
#define FLEET_FILE "fleet.yaml"
#define FLEET_SUITE "stable"
#define FLEET_CHANNELS "channels"

/* A system that host classes name. */
struct fleet_base {
	char *name;
	char *base; /* what declared_load and bases_add take: the name of a base that comes with abide, or a file's path */
};

/*
 * A fleet as read from fleet.yaml (abide-fleet(5)). Immutable; may be shared between threads. No base, library or service
 * is listed twice.
 */
struct fleet {
	char *name;
	char *repository; /* an abide publish directory; as a path from the current directory */
	char *suite;      /* of it: what channels take that do not say */
	char *channels;   /* the folder of the channel files; as a path from the current directory */
	struct fleet_base *bases;
	guint n_bases;
	char **libraries; /* packages; none: all libraries of the suite that a service uses */
	guint n_libraries;
	char **restart; /* services in the order in which they restart; those not named follow, by name */
	guint n_restart;

	char *path;            /* of the file it was read from */
	struct yamlfile *file; /* the same as text and places, for errors */
};

/*
 * fleet_read: read a fleet.yaml.
 *
 * Returns a fleet for fleet_free, or NULL with a CHANNEL_ERROR_INPUT, a YAMLFILE_ERROR or a G_FILE_ERROR.
 */
struct fleet *fleet_read(const char *path, GError **error);

/* fleet_parse: the same from memory; the folder of path is what paths start from. Takes its own reference to text. */
struct fleet *fleet_parse(const char *path, GBytes *text, GError **error);

/* fleet_free: NULL is fine. */
void fleet_free(struct fleet *fleet);
typedef struct fleet fleet;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fleet, fleet_free)

/* fleet_find_base: the base of this name, or NULL. */
const struct fleet_base *fleet_find_base(const struct fleet *fleet, const char *name);

/* fleet_resolve: a path that is written in fleet.yaml or in a channel as one from the current directory. Caller frees. */
char *fleet_resolve(const struct fleet *fleet, const char *path);

/*
 * fleet_channels: the channels of these names (NULL-terminated), or all of them, sorted by name, where names is NULL or
 * empty. Checked against the fleet: every base that a host class names is one of the fleet's.
 *
 * Returns struct channel *, owned by the array; NULL with an error of channel_read's.
 */
GPtrArray *fleet_channels(const struct fleet *fleet, const char *const *names, GError **error);

/* fleet_suite: the suite of the fleet's repository that a channel takes from. */
const char *fleet_suite(const struct fleet *fleet, const struct channel *channel);

#endif
