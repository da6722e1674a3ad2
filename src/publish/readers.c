/* Readers of a pair of files: see readers.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/readers.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct readers {
	int fd; /* inotify; -1: nothing can be watched */
	char *first, *second;
	GQueue between; /* gint64 *: when those who have not opened the second file yet opened the first; oldest first */
};

readers *readers_watch(const char *directory, const char *first, const char *second)
{
	readers *r = g_new0(readers, 1);

	r->first = g_strdup(first);
	r->second = g_strdup(second);
	g_queue_init(&r->between);
	r->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->fd >= 0 && inotify_add_watch(r->fd, directory, IN_OPEN | IN_ONLYDIR) < 0) {
		close(r->fd);
		r->fd = -1;
	}
	return r;
}

void readers_free(readers *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	g_queue_clear_full(&r->between, g_free);
	g_free(r->first);
	g_free(r->second);
	g_free(r);
}

/* finished: whether somebody who opens the second file is known to be the one who opened the first. */
static void note(readers *r, const struct inotify_event *event, gint64 now, gboolean finished)
{
	gboolean lost = (event->mask & IN_Q_OVERFLOW) != 0;

	if (lost || (event->len > 0 && strcmp(event->name, r->first) == 0))
		g_queue_push_tail(&r->between, g_memdup2(&now, sizeof now));
	else if (finished && event->len > 0 && strcmp(event->name, r->second) == 0)
		g_free(g_queue_pop_head(&r->between));
}

/* All that has happened up to now. */
static void note_all(readers *r, gint64 now, gboolean finished)
{
	union {
		struct inotify_event event; /* for its alignment */
		char bytes[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
	} buffer;
	ssize_t size;

	while (r->fd >= 0 && (size = read(r->fd, &buffer, sizeof buffer)) > 0) {
		const char *at = buffer.bytes, *end = buffer.bytes + size;
		while (at < end) {
			const struct inotify_event *event = (const void *)at;
			note(r, event, now, finished);
			at += sizeof *event + event->len;
		}
	}
}

/* Those whose patience is over do not want the second file. */
static const gint64 *oldest_patient(readers *r, gint64 now, gint64 patience)
{
	const gint64 *oldest;

	while ((oldest = g_queue_peek_head(&r->between)) != NULL && now - *oldest >= patience)
		g_free(g_queue_pop_head(&r->between));
	return oldest;
}

/*
 * Nothing tells one reader from another. Whoever opens the second file within the patience of the first look may have
 * opened the first file before the watch began, so that nobody else is known to have finished by that.
 */
void readers_wait(readers *r, guint patience, guint longest)
{
	gint64 begin = g_get_monotonic_time(), most = (gint64)MAX(longest, 1) * 1000, full = (gint64)patience * 1000;

	for (;;) {
		gint64 now = g_get_monotonic_time(), left = MAX(most - (now - begin), 0), shrunk = full * left / most;
		note_all(r, now, now - begin >= full);
		const gint64 *oldest = oldest_patient(r, now, shrunk);
		if (oldest == NULL)
			return;
		struct pollfd wake = {.fd = r->fd, .events = POLLIN};
		poll(&wake, 1, (int)((shrunk - (now - *oldest)) / 1000) + 1);
	}
}
