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

void claim_clear(struct claim *c)
{
	if (c->held)
		close(c->fd);
	g_free(c->dir);
	*c = (struct claim){0};
}

gboolean claim_existing(struct claim *c, const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, CLAIM_FILE, NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0)
		return file_error(error, errno, path, "lock");
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int errnum = errno;
		close(fd);
		if (errnum != EWOULDBLOCK)
			return file_error(error, errnum, path, "lock");
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_BUSY,
			    "%s: another publisher is at work here; try again when it is done", dir);
		return FALSE;
	}
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

gboolean claim_fresh(struct claim *c, const char *dir, GError **error)
{
	g_autofree char *lock = g_build_filename(dir, CLAIM_FILE, NULL);

	c->made_dir = access(dir, F_OK) < 0;
	if (!file_make_dirs(dir, error) || !is_empty(dir, &c->found_empty, error))
		return FALSE;
	if (!c->found_empty && access(lock, F_OK) < 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: not empty, and not a repository that abide made; give a new or empty directory", dir);
		return FALSE;
	}
	return claim_existing(c, dir, error);
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
