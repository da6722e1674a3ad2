/* Work that is done on all cores at once. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_PARALLEL_H
#define CORE_PARALLEL_H

#include <glib.h>

/* parallel_fn: do piece I of the work. Pieces run at the same time and share nothing that they write to. */
typedef void (*parallel_fn)(guint i, gpointer user);

/* parallel_cores: how many threads can run at once in this process, by its affinity; 1 or more. */
guint parallel_cores(void);

/*
 * parallel_run: do pieces 0 to N - 1, begun in this order, on as many threads as there are cores, this one among them.
 *
 * Returns when all are done and no thread is left, so that the caller may fork. One piece, or one core: no thread at all.
 */
void parallel_run(guint n, parallel_fn fn, gpointer user);

#endif
