/* A package on its way in: read once, and digested and copied while it is read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_INTAKE_H
#define PUBLISH_INTAKE_H

#include "core/digest.h"

#include <glib.h>

/*
 * The stream of a package's bytes. Whoever parses it sees exactly the bytes that are digested and copied, whatever
 * happens to the original meanwhile. Not thread-safe.
 */
typedef struct intake intake;

/*
 * intake_open: begin to read the regular file SOURCE, and to write its bytes to a new file COPY (mode 0644; NULL: none).
 *
 * NULL with a G_FILE_ERROR that names the file.
 */
intake *intake_open(const char *source, const char *copy, GError **error);

/* intake_open_memory: the same for bytes in memory (which must outlive it), without a copy. NAME is for errors. */
intake *intake_open_memory(const char *name, const void *data, gsize size);

void intake_free(intake *in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(intake, intake_free)

/* intake_name: the name that errors show. */
const char *intake_name(const intake *in);

/* intake_peek: the next bytes, up to SIZE (at most 16), without moving on; returns how many there are, or -1. */
gssize intake_peek(intake *in, const guint8 **bytes, gsize size, GError **error);

/* intake_next: the next block, whole; *block is valid until the next call. Returns its size, 0 at the end, or -1. */
gssize intake_next(intake *in, const guint8 **block, GError **error);

/* intake_read: exactly SIZE bytes. FALSE with a G_FILE_ERROR, or a PUBLISH_ERROR_INPUT when the file ends before. */
gboolean intake_read(intake *in, void *to, gsize size, GError **error);

/* intake_skip: move over SIZE bytes; as intake_read. */
gboolean intake_skip(intake *in, guint64 size, GError **error);

/* intake_tap: hand every byte from here to the end to d as well, which must outlive in; two of them at most. */
void intake_tap(intake *in, digest *d);

/* What came in, once all of it has. */
struct intake_sum {
	char *sha256;
	guint64 size;
};

/* intake_finish: read the rest and close the copy. sum->sha256 is the caller's. No reading after this. */
gboolean intake_finish(intake *in, struct intake_sum *sum, GError **error);

#endif
