/* What packages of a suite need of one another, as their records tell. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_NEEDED_H
#define PIN_NEEDED_H

#include "publish/family.h"

#include <glib.h>

/* Who needs whom among some packages. Immutable once it is made; may be shared between threads. */
typedef struct needed needed;

/* needed_new: read off the records of these packages (const entry *), which must outlive it. */
needed *needed_new(const GPtrArray *packages);
void needed_free(needed *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(needed, needed_free)

/* needed_packages: those that it was made of. */
const GPtrArray *needed_packages(const needed *n);

/* needed_mark: set the bytes of those that have this name, or provide it, in one family. marks: as in needed_follow. */
void needed_mark(const needed *n, const struct family *family, const char *name, guint8 *marks);

/*
 * needed_follow: take what others need.
 *
 * lets: a byte for each of the packages, in their order; 0: never. taken: likewise, those to begin with; then also those of the
 * let ones that these need, directly or through others, by name, by what they provide or by path. All alternatives and all
 * versions count.
 */
void needed_follow(const needed *n, const guint8 *lets, guint8 *taken);

#endif
