/* The record of a channel locked and written to: see log.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/channel_private.h"
#include "pin/log_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_SECONDS 10
#define TRIES_A_SECOND 20

/* The record is what is locked: it is only ever appended to, so it stays the same file while others wait for it. */
static gboolean lock(int fd, const char *path, GError **error)
{
	gint64 until = g_get_monotonic_time() + (gint64)WAIT_SECONDS * G_USEC_PER_SEC;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return file_error(error, errno, path, "lock");
		if (g_get_monotonic_time() >= until) {
			g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_BUSY,
				    "%s: somebody else is changing this channel, and was not done after %d s; try again", path,
				    WAIT_SECONDS);
			return FALSE;
		}
		g_usleep(G_USEC_PER_SEC / TRIES_A_SECOND);
	}
	return TRUE;
}

/* Whether the file still has its name: who made it in vain has removed it, perhaps while we waited. */
static gboolean is_current(int fd, const char *path)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
	       held.st_ino == named.st_ino;
}

static mode_t mode_for(const char *dir, const char *name)
{
	g_autofree char *channel = channel_path(dir, name);
	struct stat st;

	return stat(channel, &st) == 0 ? st.st_mode & 0666 : 0644;
}

/* The record, opened and locked; -1 with an error. */
static int open_locked(const char *path, mode_t mode, GError **error)
{
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
		if (fd < 0) {
			file_error(error, errno, path, "open");
			return -1;
		}
		if (!lock(fd, path, error)) {
			close(fd);
			return -1;
		}
		if (is_current(fd, path))
			return fd;
		close(fd);
	}
}

/* Reads by path: who has the lock sees what is there. */
static gboolean read_record(struct channel_record *r, GError **error)
{
	g_autoptr(GBytes) text = file_read(r->path, CHANNEL_LOG_CEILING, error);

	if (text == NULL)
		return FALSE;
	r->size = g_bytes_get_size(text);
	r->log = channel_log_parse(r->path, r->size > 0 ? g_bytes_get_data(text, NULL) : "", r->size, error);
	return r->log != NULL;
}

gboolean channel_record_open(struct channel_record *r, const char *dir, const char *name, GError **error)
{
	*r = (struct channel_record){.path = channel_log_path(dir, name)};
	r->fd = open_locked(r->path, mode_for(dir, name), error);
	r->open = r->fd >= 0;
	if (r->open && read_record(r, error))
		return TRUE;
	channel_record_clear(r);
	return FALSE;
}

static gboolean write_all(int fd, const char *data, gsize size, gsize offset)
{
	while (size > 0) {
		ssize_t n = pwrite(fd, data, size, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		size -= (gsize)n;
		offset += (gsize)n;
	}
	return TRUE;
}

/* What a last entry lacks that somebody's editor left without its blank line. */
static const char *missing_end(const struct channel_record *r)
{
	char end[2] = {0};

	if (r->log->size < 2 || pread(r->fd, end, 2, (off_t)r->log->size - 2) != 2 || (end[0] == '\n' && end[1] == '\n'))
		return "";
	return end[1] == '\n' ? "\n" : "\n\n";
}

gboolean channel_record_append(struct channel_record *r, const GPtrArray *entries, GError **error)
{
	g_autoptr(GString) text = g_string_new(missing_end(r));

	for (guint i = 0; i < entries->len; i++)
		channel_entry_append(text, entries->pdata[i]);
	r->appended = TRUE;
	if ((!r->log->torn || ftruncate(r->fd, (off_t)r->log->size) == 0) &&
	    write_all(r->fd, text->str, text->len, r->log->size) && fsync(r->fd) == 0)
		return TRUE;
	file_error(error, errno, r->path, "write");
	channel_record_take_back(r);
	return FALSE;
}

void channel_record_take_back(struct channel_record *r)
{
	/* An entry that stays where even this fails is seen to be undone: the channel has not changed. */
	if (ftruncate(r->fd, (off_t)r->log->size) == 0)
		r->appended = FALSE;
}

void channel_record_clear(struct channel_record *r)
{
	if (r->open && !r->appended && r->log != NULL && r->log->size == 0)
		unlink(r->path);
	if (r->open)
		close(r->fd);
	channel_log_free(r->log);
	g_free(r->path);
	*r = (struct channel_record){0};
}
