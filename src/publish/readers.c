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
	guint between; /* who has opened the first file and not yet the second */
	gint64 last;   /* when somebody opened the first, in microseconds of the monotonic clock */
};

readers *readers_watch(const char *directory, const char *first, const char *second)
{
	readers *r = g_new0(readers, 1);

	r->first = g_strdup(first);
	r->second = g_strdup(second);
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
	g_free(r->first);
	g_free(r->second);
	g_free(r);
}

static void note(readers *r, const struct inotify_event *event)
{
	gboolean lost = (event->mask & IN_Q_OVERFLOW) != 0;

	if (lost || (event->len > 0 && strcmp(event->name, r->first) == 0)) {
		r->between++;
		r->last = g_get_monotonic_time();
	} else if (event->len > 0 && r->between > 0 && strcmp(event->name, r->second) == 0) {
		r->between--;
	}
}

/* All that has happened up to now. */
static void note_all(readers *r)
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
			note(r, event);
			at += sizeof *event + event->len;
		}
	}
}

void readers_wait(readers *r, guint patience, guint longest)
{
	gint64 begin = g_get_monotonic_time(), most = (gint64)MAX(longest, 1) * 1000;

	for (;;) {
		note_all(r);
		gint64 now = g_get_monotonic_time(), left = MAX(most - (now - begin), 0);
		gint64 until = r->last + (gint64)patience * 1000 * left / most;
		if (r->between == 0 || now >= until)
			return;
		struct pollfd wake = {.fd = r->fd, .events = POLLIN};
		poll(&wake, 1, (int)((until - now) / 1000) + 1);
	}
}
