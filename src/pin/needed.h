/* What packages need of one another, for channels that let nothing else through. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_NEEDED_H
#define PIN_NEEDED_H

#include "publish/family.h"

#include <glib.h>

/* Who provides what among some packages. Immutable once it is made; may be shared between threads. */
typedef struct needed needed;

/* needed_new: read off the records of these packages (const entry *), which must outlive it. */
needed *needed_new(const GPtrArray *packages);
void needed_free(needed *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(needed, needed_free)

/*
 * needed_follow: take what others need.
 *
 * lets: a byte for each of the packages, in their order: 0: never. taken: likewise, those to begin with; then also those of the
 * let ones that these need, directly or through others, by name, by what they provide or by path. All alternatives and all
 * versions count.
 */
void needed_follow(const needed *n, const guint8 *lets, guint8 *taken);

#endif
