/* Where a mirror reads from: a directory, or a URL; behind one table. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_SOURCE_H
#define PUBLISH_SOURCE_H

#include "core/progress.h"
#include "publish/download.h"

#include <glib.h>

/* What reading may cost. */
struct source_limits {
	guint jobs;    /* connections at once, 1 to SOURCE_MOST_JOBS */
	guint64 rate;  /* bytes a second; 0: as fast as it goes */
	guint timeout; /* seconds without progress after which a connection is given up */
};

#define SOURCE_MOST_JOBS 32

/* What was read so far, counted and told to a listener. */
struct tally {
	const struct progress *progress; /* NULL: nobody listens */
	guint64 done, total;		 /* bytes of the downloads, those that were there before included */
	guint64 bytes;			 /* read from the source for downloads that are whole */
	guint files, linked;		 /* whole downloads; those of them that are hard links */
};

typedef struct source source;

/*
 * A kind of source. A new one is a new row in source.c and one file.
 *
 * read, fetch: as source_read and source_fetch say.
 */
struct source_kind {
	gboolean (*takes)(const char *where);
	source *(*open)(const char *where, const struct source_limits *limits, GError **error);
	GBytes *(*read)(source *s, const char *path, gsize ceiling, GError **error);
	gboolean (*fetch)(source *s, GPtrArray *downloads, const char *parts, struct tally *t, GError **error);
	void (*free)(source *s);
};
extern const struct source_kind source_directory;
extern const struct source_kind source_http;

/* Every kind's struct begins with this. */
struct source {
	const struct source_kind *kind;
	char *where;  /* as given, without the slashes at its end and without a password */
	guint64 rate; /* bytes a second; 0: as fast as it goes */
	guint64 sent; /* since `started`, which is monotonic */
	gint64 started;
};

/*
 * source_open: begin to read from WHERE, a directory or a URL (http, https, file).
 *
 * NULL with PUBLISH_ERROR_INPUT (a URL that is none), PUBLISH_ERROR_TOOL or a G_FILE_ERROR. Nothing is read yet. Not
 * thread-safe.
 */
source *source_open(const char *where, const struct source_limits *limits, GError **error);
void source_free(source *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(source, source_free)

/*
 * source_read: a file that nothing vouches for yet, into memory.
 *
 * ceiling: the most bytes taken.
 *
 * Returns a new reference. NULL with PUBLISH_ERROR_ABSENT (there is none), PUBLISH_ERROR_DIGEST (it has no end),
 * PUBLISH_ERROR_SOURCE or a G_FILE_ERROR.
 */
GBytes *source_read(source *s, const char *path, gsize ceiling, GError **error);

/*
 * source_fetch: fetch files whose digests are known into the folder PARTS, which must exist.
 *
 * downloads: struct download *; `staged` or `absent` is set in each.
 *
 * FALSE with PUBLISH_ERROR_ABSENT (one that is not optional), PUBLISH_ERROR_DIGEST, PUBLISH_ERROR_SOURCE or a
 * G_FILE_ERROR: what came so far stays in PARTS, for another call to go on with.
 */
gboolean source_fetch(source *s, GPtrArray *downloads, const char *parts, struct tally *t, GError **error);

/* source_absent: for kinds: set the PUBLISH_ERROR_ABSENT for a path. Returns FALSE. */
gboolean source_absent(const source *s, const char *path, GError **error);

/* source_pace: for kinds: N more bytes came; sleep as long as it takes to keep to the rate. */
void source_pace(source *s, gsize n);

/* tally_took: for kinds: a download is whole, of which BYTES came from the source in this run. */
void tally_took(struct tally *t, const struct download *d, guint64 bytes);

#endif
