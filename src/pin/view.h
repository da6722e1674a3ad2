/* What the servers of a channel see of a repository, and what they are to have: where fleet and repository meet. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_VIEW_H
#define PIN_VIEW_H

#include "pack/base.h"
#include "pin/channel.h"
#include "pin/fleet.h"
#include "publish/family.h"

/* ---- bases ---- */

/* What one base is, opened once for all channels of a fleet. */
struct view_base {
	char *name;          /* as host classes and people name it: "debian-12", or the path of an `installed` list */
	struct base *base;
	const struct family *family;
	GPtrArray *installed; /* const struct base_package *: of base->packages those installed for its own architecture, by name */
};

/* All bases that the host classes of a fleet name. Immutable once it is open; may be shared between threads. */
typedef struct view_bases view_bases;

/*
 * view_bases_open: open what the host classes of these channels (const struct channel *) name, each once.
 *
 * The fleet is borrowed. NULL with a CHANNEL_ERROR_INPUT where a name stands for several architectures or a base does not say which
 * it is of, or with an error of declared_load; the message names the channel's file and the class.
 */
view_bases *view_bases_open(const struct fleet *fleet, const GPtrArray *channels, GError **error);
void view_bases_free(view_bases *bases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(view_bases, view_bases_free)

/* view_bases_find: the base of a host class: its `installed` list where it has one. Never NULL for channels that were opened. */
const struct view_base *view_bases_find(const view_bases *bases, const struct channel_host *host);

/* ---- what a channel lets through ---- */

/*
 * view_entries: of these packages (entry *, sorted, as a publication has them) those that the channel lets through, in their
 *   order (const entry *, borrowed). Caller unrefs.
 *
 * A version must be let through by the pin of its name, and by each host class of its family that names it as a service. With
 * `others: deny` only what is named is there (pins, services, what is held), and of other packages those that these need,
 * directly or through others, as their records tell. What is held is not let through by that: it has a package of its own.
 *
 * Thread-safe. PACKAGES must outlive the bases, which keep what those need of one another.
 */
GPtrArray *view_entries(const view_bases *bases, const struct channel *channel, const GPtrArray *packages);

/*
 * view_entries_with: the same as if the channel's pin of one package let exactly this version of it through, in its family.
 * only: NULL: as view_entries.
 */
GPtrArray *view_entries_with(const view_bases *bases, const struct channel *channel, const GPtrArray *packages,
			     const entry *only);

/*
 * view_candidate: of a view, what apt or dnf takes for NAME when nobody names a version: the newest. NULL: there is none.
 * view_newest: of packages that need not be a view, the newest that a pattern lets through; pattern NULL: any.
 *
 * arch: the system's; packages for all architectures count as well.
 */
const entry *view_candidate(const GPtrArray *view, const struct family *family, const char *arch, const char *name);
const entry *view_newest(const GPtrArray *packages, const struct family *family, const char *arch, const char *name,
			 const struct pin_pattern *pattern);

/* view_find: the package of exactly that version (by the family's order); NULL: there is none. arch as above. */
const entry *view_find(const GPtrArray *packages, const struct family *family, const char *arch, const char *name,
		       const char *version);

/* view_held_name: the package that has a held library: "libwarden1-held-1.0.1"; caller frees. */
char *view_held_name(const struct channel_held *held);

/* ---- host classes ---- */

/* One service of a host class, and what the class would get. */
struct view_service {
	const struct channel_service *service; /* NULL: not in the file; found on the `installed` list */
	const char *name;
	const entry *entry; /* what would be installed, or is installed already; NULL: the repository has no such version */
	const struct base_package *installed;  /* on the `installed` list; NULL: not there */
	const struct channel_held *held;       /* the first library that is held for it; NULL: none */
};

/* One package that is pinned, on one host class. */
struct view_pin {
	const struct channel_pin *pin;
	const entry *entry; /* the candidate; NULL: no version that the pin lets through is there for this class */
	gboolean wanted;    /* it is to be on this class: it is not a service of other classes only */
};

/* One host class of one channel. Everything in it is borrowed but the lists. */
struct view_target {
	const struct channel *channel;
	const struct channel_host *host;
	const struct view_base *on;
	const GPtrArray *view; /* of view_entries */
	GArray *services;      /* struct view_service, in the order of the file, then those of the `installed` list by name */
	GArray *pins;          /* struct view_pin, in the order of the file, of packages that the family has */
};
typedef struct view_target view_target;

/*
 * view_target_new: what HOST would get from a view of its channel.
 *
 * packages: all of the suite (or of more), among which versions of installed services are looked up. Libraries of the fleet
 * that are installed are no services; every other installed package that the repository has by name is one. Returns an object
 * for view_target_free. Thread-safe.
 */
view_target *view_target_new(const view_bases *bases, const struct channel *channel, const struct channel_host *host,
			     const GPtrArray *view, const GPtrArray *packages);
void view_target_free(view_target *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(view_target, view_target_free)

/*
 * view_library: the version of a library package that the host class would have: what it has installed where that is newer
 *   than the candidate, as neither apt nor dnf goes back by itself; else the candidate. NULL: neither.
 * view_library_of: what one of its services has: what is held for it (NULL: the packages do not have it), or else view_library.
 * view_held: what the channel holds of a library for a service; NULL: nothing.
 *
 * packages: as for view_target_new.
 */
const entry *view_library(const view_target *target, const GPtrArray *packages, const char *library);
const struct channel_held *view_held(const struct channel *channel, const char *service, const char *library);
const entry *view_library_of(const view_target *target, const GPtrArray *packages, const struct view_service *service,
			     const char *library);

#endif
