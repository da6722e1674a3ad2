/* What the view*.c files share. Nobody else includes this. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_VIEW_PRIVATE_H
#define PIN_VIEW_PRIVATE_H

#include "pin/needed.h"
#include "pin/view.h"

/* Who needs what among the packages of one suite, found out when somebody first asks. */
struct view_needed {
	GMutex lock;
	GHashTable *by_packages; /* const GPtrArray * -> needed * */
};

struct view_bases {
	const struct fleet *fleet;
	GHashTable *by_path; /* what is opened -> struct view_base * */
	struct view_needed *needed;
};

/* view_is_for: whether a package OF an architecture runs on a system of another: the same, or for all. */
gboolean view_is_for(const char *of, const char *arch);

/* view_bases_needed: of these packages; owned by the bases. Thread-safe. */
const needed *view_bases_needed(const view_bases *bases, const GPtrArray *packages);

#endif
