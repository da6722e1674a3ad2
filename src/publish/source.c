/* Where a mirror reads from: see source.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/source.h"
#include "core/file.h"
#include "publish/error.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory is last: it takes whatever is no URL. */
static const struct source_kind *const kinds[] = {&source_http, &source_directory, NULL};

source *source_open(const char *where, const struct source_limits *limits, GError **error)
{
	for (gsize i = 0; kinds[i] != NULL; i++) {
		if (!kinds[i]->takes(where))
			continue;
		source *s = kinds[i]->open(where, limits, error);
		if (s == NULL)
			return NULL;
		s->kind = kinds[i];
		s->rate = limits->rate;
		return s;
	}
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
		    "%s: neither a directory nor a URL that can be read (http, https, file)", where);
	return NULL;
}

void source_free(source *s)
{
	if (s != NULL)
		s->kind->free(s);
}

GBytes *source_read(source *s, const char *path, gsize ceiling, GError **error)
{
	return s->kind->read(s, path, ceiling, error);
}

/* What an earlier run fetched whole: proved again, as a power cut may have come before its bytes were on disk. */
static gboolean is_there(struct download *d, const char *parts, struct tally *t)
{
	g_autofree char *whole = g_build_filename(parts, d->digest, NULL);
	g_autofree char *part = g_strconcat(whole, ".part", NULL);
	struct stat st;

	if (lstat(part, &st) == 0 && S_ISREG(st.st_mode) && (guint64)st.st_size == d->size)
		rename(part, whole);
	if (lstat(whole, &st) < 0 || !S_ISREG(st.st_mode) || (guint64)st.st_size != d->size)
		return FALSE;
	g_autofree char *found = download_digest_file(whole, d->kind, NULL);
	if (g_strcmp0(found, d->digest) != 0) {
		unlink(whole);
		return FALSE;
	}
	d->staged = g_steal_pointer(&whole);
	d->resumed = d->size;
	t->done += d->size;
	tally_took(t, d, 0);
	return TRUE;
}

gboolean source_fetch(source *s, GPtrArray *downloads, const char *parts, struct tally *t, GError **error)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new();

	for (guint i = 0; i < downloads->len; i++) {
		struct download *d = downloads->pdata[i];
		if (d->staged == NULL && !is_there(d, parts, t))
			g_ptr_array_add(missing, d);
	}
	return missing->len == 0 || s->kind->fetch(s, missing, parts, t, error);
}

gboolean source_absent(const source *s, const char *path, GError **error)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT, "%s: no file %s there", s->where, path);
	return FALSE;
}

/* Time in which nothing was read is not made up for by reading faster. */
void source_pace(source *s, gsize n)
{
	gint64 now = g_get_monotonic_time();

	if (s->rate == 0)
		return;
	s->sent += n;
	gint64 due = s->started + (gint64)((double)s->sent * G_USEC_PER_SEC / (double)s->rate);
	if (due > now) {
		g_usleep((gulong)(due - now));
	} else {
		s->started = now;
		s->sent = 0;
	}
}

void tally_took(struct tally *t, const struct download *d, guint64 bytes)
{
	t->files++;
	t->linked += d->linked ? 1 : 0;
	t->bytes += bytes;
	progress_report(t->progress, PROGRESS_BYTES, t->done, t->total, d->path);
}
