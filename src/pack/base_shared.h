/* Bases that several manifests have in common: what one list of names stands for is read once for each architecture. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_SHARED_H
#define PACK_BASE_SHARED_H

#include "pack/base_read.h"

/* One list of names for one architecture, and what it stands for once it was read. */
struct base_shared {
	const struct names_arch *arch;
	char **names;
	struct bases bases; /* to be shared between threads as long as nobody adds to it */
	guint wrong;	    /* what bases_read returned */
	GError *error;	    /* why, or NULL */
};

/* base_shared_list: an empty list of struct base_shared *, which owns them. */
GPtrArray *base_shared_list(void);

/*
 * base_shared_of: the one of these names, in this order, and of this architecture; added to the list, and not yet read,
 * when it is new. Returns what the list owns.
 */
struct base_shared *base_shared_of(GPtrArray *list, const char *const *names, guint n, const struct names_arch *arch);

/* base_shared_read: read it. Thread-safe for different ones. */
void base_shared_read(struct base_shared *shared);

#endif
