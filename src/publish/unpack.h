/* Reading a compressed file as a stream, block by block, whatever its size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_UNPACK_H
#define PUBLISH_UNPACK_H

#include <glib.h>

/* unpack_fn: the next bytes; FALSE with an error to stop. */
typedef gboolean (*unpack_fn)(const char *data, gsize size, gpointer user, GError **error);

/*
 * unpack_file: hand what a plain, gzip, bzip2, xz or zstd file holds to FN, in blocks.
 *
 * ceiling: the most bytes handed on.
 *
 * FALSE with fn's error, a G_FILE_ERROR, or a PUBLISH_ERROR_INPUT: damaged, or larger than the ceiling. Each names the
 * file.
 */
gboolean unpack_file(const char *path, guint64 ceiling, unpack_fn fn, gpointer user, GError **error);

#endif
