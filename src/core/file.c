/* Files read whole with a ceiling, and files replaced atomically: see file.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY_FILES 64

gboolean file_error(GError **error, int errnum, const char *path, const char *what)
{
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errnum), "%s: cannot %s: %s", path, what,
		    g_strerror(errnum));
	return FALSE;
}

GBytes *file_read(const char *path, gsize ceiling, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a pipe is refused, not waited for */
	struct stat st;
	GMappedFile *map;
	GBytes *bytes;

	if (fd < 0) {
		file_error(error, errno, path, "open");
		return NULL;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not a regular file", path);
		close(fd);
		return NULL;
	}
	if ((guint64)st.st_size > ceiling) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s: %" G_GINT64_FORMAT " bytes, more than the %" G_GSIZE_FORMAT " that are read", path,
			    (gint64)st.st_size, ceiling);
		close(fd);
		return NULL;
	}
	map = g_mapped_file_new_from_fd(fd, FALSE, error);
	close(fd);
	if (map == NULL) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	bytes = g_mapped_file_get_bytes(map);
	g_mapped_file_unref(map);
	return bytes;
}

static void atomic_file_close(struct atomic_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->dirfd >= 0)
		close(f->dirfd);
	g_free(f->name);
	g_free(f->temporary);
	g_free(f->shown);
	g_free(f->hidden);
	*f = (struct atomic_file){0};
}

void atomic_file_clear(struct atomic_file *f)
{
	if (!f->open)
		return;
	if (f->temporary != NULL)
		unlinkat(f->dirfd, f->temporary, 0);
	atomic_file_close(f);
}

static char *hidden_name(const char *name)
{
	return g_strdup_printf(".%s.%08x", name, g_random_int());
}

gboolean file_is_temporary(const char *name)
{
	const char *dot = strrchr(name, '.');

	return *name == '.' && dot > name + 1 && strlen(dot + 1) == 8 && strspn(dot + 1, "0123456789abcdef") == 8;
}

void file_remove_temporaries(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (file_is_temporary(name))
			unlink(path);
	}
}

gboolean atomic_file_open(struct atomic_file *f, const char *path, mode_t mode, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(path);

	*f = (struct atomic_file){.fd = -1, .name = g_path_get_basename(path), .shown = g_strdup(path), .open = TRUE};
	f->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dirfd < 0) {
		file_error(error, errno, dir, "open the directory");
		atomic_file_close(f);
		return FALSE;
	}
	f->fd = openat(f->dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	if (f->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		f->temporary = hidden_name(f->name);
		f->fd = openat(f->dirfd, f->temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
	}
	if (f->fd < 0 || fchmod(f->fd, mode) < 0) {
		file_error(error, errno, path, "write");
		atomic_file_clear(f);
		return FALSE;
	}
	return TRUE;
}

gboolean atomic_file_write(struct atomic_file *f, const void *data, gsize size, GError **error)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = write(f->fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_error(error, n < 0 ? errno : ENOSPC, f->shown, "write");
		p += n;
		size -= (gsize)n;
	}
	return TRUE;
}

/* An unnamed file cannot replace a named one in one step: it gets a hidden name first. */
static gboolean name_unnamed(struct atomic_file *f)
{
	g_autofree char *self = g_strdup_printf("/proc/self/fd/%d", f->fd);
	g_autofree char *hidden = hidden_name(f->name);

	if (linkat(AT_FDCWD, self, f->dirfd, hidden, AT_SYMLINK_FOLLOW) < 0)
		return FALSE;
	f->temporary = g_steal_pointer(&hidden);
	return TRUE;
}

const char *atomic_file_name(struct atomic_file *f, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(f->shown);

	if (f->temporary == NULL && !name_unnamed(f)) {
		file_error(error, errno, f->shown, "write");
		return NULL;
	}
	g_free(f->hidden);
	f->hidden = g_build_filename(dir, f->temporary, NULL);
	return f->hidden;
}

/*
 * Writing begins for all of them before the first is waited for: one journal entry then serves for all. Many are faster
 * with all else that the file system has to write; each is asked for its errors in any case.
 */
static gboolean sync_contents(struct atomic_file *const *files, guint n, GError **error)
{
	for (guint i = 0; n > 1 && i < n; i++)
		sync_file_range(files[i]->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	if (n >= MANY_FILES)
		syncfs(files[0]->dirfd);
	for (guint i = 0; i < n; i++)
		if (fsync(files[i]->fd) < 0)
			return file_error(error, errno, files[i]->shown, "write");
	return TRUE;
}

/*
 * What can fail for want of room, or because of what has the name, fails here, while no name is given yet. Root could
 * replace a device, such as /dev/null, by a file.
 */
static gboolean prepare_name(struct atomic_file *f, GError **error)
{
	struct stat st;

	if (fstatat(f->dirfd, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)) {
		if (S_ISDIR(st.st_mode))
			return file_error(error, EISDIR, f->shown, "write");
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not a regular file; it is not replaced",
			    f->shown);
		return FALSE;
	}
	return f->temporary != NULL || name_unnamed(f) || file_error(error, errno, f->shown, "write");
}

static gboolean give_name(struct atomic_file *f, GError **error)
{
	if (renameat(f->dirfd, f->temporary, f->dirfd, f->name) < 0)
		return file_error(error, errno, f->shown, "write");
	g_clear_pointer(&f->temporary, g_free);
	return TRUE;
}

static gboolean same_folder(const struct atomic_file *a, const struct atomic_file *b)
{
	struct stat s, t;

	return fstat(a->dirfd, &s) == 0 && fstat(b->dirfd, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

static gboolean sync_folders(struct atomic_file *const *files, guint n, GError **error)
{
	for (guint i = 0; i < n; i++)
		if ((i == 0 || !same_folder(files[i - 1], files[i])) && fsync(files[i]->dirfd) < 0)
			return file_error(error, errno, files[i]->shown, "sync the directory of");
	return TRUE;
}

gboolean atomic_files_commit(struct atomic_file *const *files, guint n, GError **error)
{
	gboolean good = sync_contents(files, n, error);
	guint named = 0;

	for (guint i = 0; good && i < n; i++)
		good = prepare_name(files[i], error);
	while (good && named < n)
		if ((good = give_name(files[named], error)))
			named++;
	good = good && sync_folders(files, n, error);
	for (guint i = 0; i < named; i++)
		atomic_file_close(files[i]);
	return good;
}

gboolean atomic_file_commit(struct atomic_file *f, GError **error)
{
	gboolean good = atomic_files_commit(&f, 1, error);

	atomic_file_clear(f);
	return good;
}

void file_allow_many(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

gboolean file_replace(const char *path, const void *data, gsize size, mode_t mode, GError **error)
{
	g_auto(atomic_file) f = {0};

	return atomic_file_open(&f, path, mode, error) && atomic_file_write(&f, data, size, error) &&
	       atomic_file_commit(&f, error);
}

/* One directory, with its mode whatever the umask is; one that is there already is left as it is. */
static gboolean make_dir(const char *path)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return chmod(path, 0755) == 0;
	int errnum = errno;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return TRUE;
	errno = errnum == EEXIST ? ENOTDIR : errnum;
	return FALSE;
}

/* From the last one up, as all but the last few are mostly there. path: changed, and put back. */
static gboolean make_dirs(char *path, GError **error)
{
	char *slash;

	if (make_dir(path))
		return TRUE;
	int errnum = errno;
	slash = strrchr(path, '/');
	if ((errnum != ENOENT && errnum != ENOTDIR) || slash == NULL || slash == path)
		return file_error(error, errnum, path, "make the directory");
	*slash = '\0';
	gboolean made = make_dirs(path, error);
	*slash = '/';
	return made && (make_dir(path) || file_error(error, errno, path, "make the directory"));
}

gboolean file_make_dirs(const char *path, GError **error)
{
	g_autofree char *part = g_strdup(path);

	return make_dirs(part, error);
}
