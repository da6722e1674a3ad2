/* Drift: what a host has against what its channel says. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_DRIFT_H
#define PIN_DRIFT_H

#include "pin/installed.h"
#include "pin/supply.h"

#include <json-glib/json-glib.h>

enum drift_kind {
	DRIFT_MISSING, /* a service, or a library that is held for one, is not there */
	DRIFT_OLDER,   /* it is there in a version that is older than all that are let through */
	DRIFT_NEWER,   /* newer than all that are let through */
	DRIFT_OTHER,   /* between those that are let through, or none is */
	DRIFT_EXTRA,   /* a package of the repository that the channel says nothing about and nothing on it needs */
	DRIFT_BEHIND,  /* let through, and so is something newer: an upgrade is waiting */
	DRIFT_KINDS,
};

struct drift_item {
	enum drift_kind kind;
	gboolean drifted; /* FALSE: the channel allows it; only worth a word */
	char *name;
	char *has;   /* the version on the host; NULL: none */
	char *wants; /* the newest that is let through; NULL: none */
	char *rule;  /* what the channel says, as written; NULL: nothing */
};

struct drift {
	const struct channel *channel;
	const struct channel_host *host;
	GPtrArray *items; /* struct drift_item *, by name */
	guint n_looked;   /* how many packages of the host the repository or the channel has */
};
typedef struct drift drift;

/*
 * drift_make: compare a list with a host class of a channel of this supply.
 *
 * Libraries that are held for a service are packages of their own (view_held_name). With `others: allow` what the channel
 * does not name is allowed. NULL with a CHANNEL_ERROR_INPUT: the list is of the other family.
 */
drift *drift_make(const supply *s, const struct channel *channel, const struct channel_host *host, const installed *list,
		  GError **error);
void drift_free(drift *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(drift, drift_free)

/* drift_any: has the host drifted? */
gboolean drift_any(const drift *d);

/*
 * drift_text: a line for each package, and one that counts. Caller frees.
 * drift_json: the same for programs; the schema is in abide-pin(1). Caller unrefs.
 */
char *drift_text(const drift *d);
JsonNode *drift_json(const drift *d);

#endif
