/* The lock of a repository directory: see claim.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/claim.h"
#include "core/file.h"
#include "publish/error.h"
#include "publish/generation.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* How often a waiting publisher tries: often enough for scripts that publish one package after the other. */
#define TRIES_A_SECOND 20

#define MOST_HOLDER 256

void claim_clear(struct claim *c)
{
	if (c->held && ftruncate(c->fd, 0) == 0) /* nobody holds it */
		(void)0;
	if (c->held)
		close(c->fd);
	g_free(c->dir);
	*c = (struct claim){0};
}

/* For those who wait: not worth failing for. */
static void write_holder(int fd)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *since = g_date_time_format(now, "%Y-%m-%d %H:%M:%S UTC");
	g_autofree char *text = g_strdup_printf("process %d on %s since %s\n", (int)getpid(), g_get_host_name(), since);

	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, strlen(text), 0) < 0)
		return;
}

/* "process 12 on host since ...", if that is what the file says. */
static char *read_holder(int fd)
{
	char text[MOST_HOLDER + 1];
	ssize_t n = pread(fd, text, MOST_HOLDER, 0);
	char *newline = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;

	if (newline == NULL)
		return g_strdup("its name is not known");
	*newline = '\0';
	return g_str_is_ascii(text) && g_str_has_prefix(text, "process ") ? g_strescape(text, NULL)
									     : g_strdup("its name is not known");
}

static gboolean refuse_busy(GError **error, const char *dir, int fd, guint wait)
{
	g_autofree char *holder = read_holder(fd);

	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_BUSY,
		    "%s: another publisher is at work here (%s), and was not done after %u s; try again, or give a longer --wait",
		    dir, holder, wait);
	return FALSE;
}

gboolean claim_existing(struct claim *c, const char *dir, guint wait, GError **error)
{
	g_autofree char *path = g_build_filename(dir, CLAIM_FILE, NULL);
	gint64 until = g_get_monotonic_time() + (gint64)wait * G_USEC_PER_SEC;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	int errnum = 0;

	if (fd < 0)
		return file_error(error, errno, path, "lock");
	while (flock(fd, LOCK_EX | LOCK_NB) < 0 && (errnum = errno) == EWOULDBLOCK && g_get_monotonic_time() < until)
		g_usleep(G_USEC_PER_SEC / TRIES_A_SECOND), errnum = 0;
	if (errnum != 0) {
		errnum == EWOULDBLOCK ? refuse_busy(error, dir, fd, wait) : file_error(error, errnum, path, "lock");
		close(fd);
		return FALSE;
	}
	write_holder(fd);
	g_free(c->dir);
	c->dir = g_strdup(dir);
	c->fd = fd;
	c->held = TRUE;
	return TRUE;
}

static gboolean is_empty(const char *dir, gboolean *empty, GError **error)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, error);

	if (d == NULL)
		return FALSE;
	*empty = g_dir_read_name(d) == NULL;
	return TRUE;
}

gboolean claim_fresh(struct claim *c, const char *dir, guint wait, GError **error)
{
	g_autofree char *lock = g_build_filename(dir, CLAIM_FILE, NULL);
	g_autofree char *parent = g_path_get_dirname(dir);

	c->made_dir = access(dir, F_OK) < 0;
	if (!file_make_dirs(dir, error) || (c->made_dir && !generation_sync(parent, error)) ||
	    !is_empty(dir, &c->found_empty, error))
		return FALSE;
	if (!c->found_empty && access(lock, F_OK) < 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: not empty, and not a repository that abide made; give a new or empty directory", dir);
		return FALSE;
	}
	/* What follows is ours by the lock's name, so that is to last. */
	return claim_existing(c, dir, wait, error) && (!c->found_empty || generation_sync(dir, error));
}

void claim_undo(struct claim *c)
{
	if (c->held && c->found_empty) {
		g_autoptr(GDir) dir = g_dir_open(c->dir, 0, NULL);
		const char *name;
		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
			g_autofree char *path = g_build_filename(c->dir, name, NULL);
			generation_remove_tree(path, NULL);
		}
	}
	if (c->held && c->made_dir)
		rmdir(c->dir);
	claim_clear(c);
}
