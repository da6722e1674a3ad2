/* An index on its way out: its text, cut into stretches, and its compressed files. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_SEGMENTS_H
#define PUBLISH_SEGMENTS_H

#include "publish/stretch.h"

/*
 * Records go in, in order; files come out. After a record the text may be cut into stretches, each of which is compressed
 * on its own or, if the file published before has it, copied from there.
 *
 * Where it is cut is decided by the records alone: after one that is a boundary (one whose package's digest begins with
 * a zero), once the stretch has 128 KiB, or at 512 KiB whatever the records are. So one record more or less changes one
 * stretch, seldom two, and the bytes of a file follow from the records and not from how they came together. The size is
 * a compromise: stretches of 128 KiB cost apt's index of Debian 12 about 11 % in xz (gzip 2 %), and one takes 10 ms to
 * compress.
 *
 * Not thread-safe; compresses on all cores (core/parallel.h).
 */
typedef struct segments segments;

/* segments_new: keep_text: the text is an output, too (segments_take_text); else memory for one batch of stretches is used. */
segments *segments_new(gboolean keep_text);
void segments_free(segments *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(segments, segments_free)

/*
 * segments_into: make a file compressed by CODEC; before the first record.
 *
 * published: the same index as it was published before, proved by its digest; NULL: none.
 */
void segments_into(segments *s, const struct stretch_codec *codec, GBytes *published);

/* segments_add: a record. boundary: whether the text may be cut after it, which must follow from the record alone. */
void segments_add(segments *s, const char *text, gsize size, gboolean boundary);

/* segments_boundary: whether it may after the record of the package of that SHA-256 (hexadecimal): after one in sixteen. */
gboolean segments_boundary(const char *sha256);

/* segments_add_apart: text that is no package's, as a stretch of its own: the frame of an XML file. */
void segments_add_apart(segments *s, const char *text, gsize size);

/* segments_finish: compress what is left. FALSE with a PUBLISH_ERROR_INPUT (no memory). Nothing is added after it. */
gboolean segments_finish(segments *s, GError **error);

/* segments_take_text: the text, once; of segments_new(TRUE), after segments_finish. The caller's. */
GBytes *segments_take_text(segments *s);

/* segments_file: the file of the I-th segments_into, after segments_finish. A new reference. */
GBytes *segments_file(const segments *s, guint i);

/* segments_sha256, segments_size: of the whole text, after segments_finish. */
const char *segments_sha256(const segments *s);
gsize segments_size(const segments *s);

/* segments_fresh: how many stretches were compressed, the others being copied; of all files together. */
guint segments_fresh(const segments *s);

#endif
