/* Contents that stand in no file of their own: one open file without a name holds those of many entries. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_SPOOL_H
#define PACK_SPOOL_H

#include "pack/error.h"

#include <sys/types.h>

/*
 * A temporary file that nobody else can open and that is gone when the last reference is, or the process. However much is
 * in it, it takes one of the files that a process may have open.
 */
struct spool;
typedef struct spool spool;

/* spool_new: an empty one, in the folder for temporary files. NULL with PACK_ERROR_WRITE. */
spool *spool_new(GError **error);

/* spool_ref, spool_unref: thread-safe; the last unref frees. spool_unref of NULL is fine. */
spool *spool_ref(spool *spool);
void spool_unref(spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(spool, spool_unref)

/* The contents of one entry. All zero: none. */
struct spool_part {
	spool *spool; /* a reference, or NULL */
	guint64 offset, size;
};

/*
 * spool_add: append what an open file holds from its beginning.
 *
 * from: a regular file, whose offset stays. part: set to where its bytes are now. One thread at a time. FALSE with
 * PACK_ERROR_WRITE; part is then all zero.
 */
gboolean spool_add(spool *spool, int from, struct spool_part *part, GError **error);

/*
 * spool_read: up to SIZE bytes of a part, from AT bytes after its beginning, as pread(2) returns them: 0 at its end, -1 with
 * errno. Thread-safe.
 */
ssize_t spool_read(const struct spool_part *part, void *buffer, gsize size, guint64 at);

/* spool_part_clear: give its reference back. No-op on one that is all zero. */
void spool_part_clear(struct spool_part *part);
typedef struct spool_part spool_part; /* for g_auto(spool_part) part = {0}; */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(spool_part, spool_part_clear)

#endif
