/* Package files on their way in: see arrivals.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/arrivals.h"
#include "core/parallel.h"
#include "publish/error.h"

#include <string.h>
#include <sys/stat.h>

/*
 * A batch: so many that making its threads and waiting for the last of them does not count, and no more bytes than may lie about in
 * copies of what turns out to be there already.
 */
#define MOST_FILES 256
#define MOST_BYTES (G_GUINT64_CONSTANT(256) * 1024 * 1024)

/* Files that are smaller, on average, are read by one thread: several contend for the file system, and take a tenth more CPU time. */
#define SMALL_FILE (32 * 1024)

/* What came of reading one. */
struct result {
	char *copy;
	entry *read;
	GError *error;
};

/* All of them, and the batch at hand. */
struct reading {
	const struct site *site;
	const char *folder;
	const struct arrival *arrivals;
	const struct progress *progress;
	guint first, n;               /* of the batch; of all */
	struct result results[MOST_FILES]; /* of the batch */
	GMutex mutex;                 /* of what follows, and of progress */
	guint done, failed;           /* so many of all; the first that cannot be read, or n */
};

static void result_clear(struct result *r)
{
	g_free(r->copy);
	entry_free(r->read);
	g_clear_error(&r->error);
	memset(r, 0, sizeof *r);
}

/* Whether it is worth the work: not behind one that ends it all. */
static gboolean begin(struct reading *r, guint which)
{
	g_mutex_lock(&r->mutex);
	gboolean wanted = which < r->failed;
	if (wanted)
		progress_report(r->progress, PROGRESS_PIECES, r->done++, r->n, r->arrivals[which].file);
	g_mutex_unlock(&r->mutex);
	return wanted;
}

static void fail(struct reading *r, guint which)
{
	g_mutex_lock(&r->mutex);
	r->failed = MIN(r->failed, which);
	g_mutex_unlock(&r->mutex);
}

static entry *check_digest(const struct arrival *a, entry *read, GError **error)
{
	g_autoptr(entry) e = read;

	if (a->sha256 == NULL || strcmp(e->sha256, a->sha256) == 0)
		return entry_pack(g_steal_pointer(&e));
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed index says %s; it was changed behind abide's back", a->file, e->sha256,
		    a->sha256);
	return NULL;
}

static void read_one(guint i, gpointer user)
{
	struct reading *r = user;
	struct result *result = &r->results[i];
	const struct arrival *a = &r->arrivals[r->first + i];

	if (!begin(r, r->first + i))
		return;
	result->copy = g_strdup_printf("%s/%u", r->folder, r->first + i);
	g_autoptr(intake) in = intake_open(a->file, result->copy, &result->error);
	const struct family *family = in ? family_of(in, &result->error) : NULL;
	entry *e = family ? family->read(r->site, in, result->copy, &result->error) : NULL;
	result->read = e ? check_digest(a, e, &result->error) : NULL;
	if (result->read == NULL)
		fail(r, r->first + i);
}

static gboolean hand_over(struct reading *r, guint size, arrivals_fn take, gpointer user, GError **error)
{
	for (guint i = 0; i < size; i++) {
		struct result *result = &r->results[i];
		if (result->error != NULL) {
			g_propagate_error(error, g_steal_pointer(&result->error));
			return FALSE;
		}
		if (!take(&r->arrivals[r->first + i], g_steal_pointer(&result->read), result->copy, user, error))
			return FALSE;
	}
	return TRUE;
}

/* Returns how many were read. */
static guint read_batch(struct reading *r)
{
	guint64 bytes = 0;
	guint size = 0;
	struct stat st;

	while (size < MOST_FILES && r->first + size < r->n && bytes < MOST_BYTES)
		bytes += stat(r->arrivals[r->first + size++].file, &st) == 0 ? (guint64)st.st_size : 0;
	if (bytes / size >= SMALL_FILE)
		parallel_run(size, read_one, r);
	else
		for (guint i = 0; i < size; i++)
			read_one(i, r);
	return size;
}

gboolean arrivals_read(const struct site *site, const char *folder, const struct arrival *arrivals, guint n,
		       const struct progress *progress, arrivals_fn take, gpointer user, GError **error)
{
	struct reading r = {
		.site = site, .folder = folder, .arrivals = arrivals, .progress = progress, .n = n, .failed = n};
	gboolean ok = TRUE;
	guint size;

	g_mutex_init(&r.mutex);
	for (; ok && r.first < n; r.first += size) {
		size = read_batch(&r);
		ok = hand_over(&r, size, take, user, error);
		for (guint i = 0; i < size; i++)
			result_clear(&r.results[i]);
	}
	g_mutex_clear(&r.mutex);
	return ok;
}
