/* Stops a program at its Nth change to the file system, as a kill, a power cut or a full disk would. For LD_PRELOAD. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Environment:
 *   FAULT_PROGRAM  the program's name; others that it starts are left alone
 *   FAULT_COUNT    a file, to which the number of changes is appended when the program ends by itself
 *   FAULT_AT       the change at which it happens, from 1; unset: nothing happens, changes are counted
 *   FAULT          kill: the process is killed before the change, or when half of a write is done
 *                  cut:  the same, and files lose what was written since they were last synced
 *                  full: from this change on nothing can be made or grow, ENOSPC
 *
 * A change is a call that makes, writes, renames, links, removes, sizes or syncs a regular file or a directory. A
 * power cut is harsher here than on most file systems, which may have written what was not synced; but names, which
 * real ones may lose too until the directory is synced, last from the moment when they are given.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long changes, fault_at;
static const char *fault = "";
static int active, filled;

/* Files with contents that were not synced, each by a descriptor of ours. */
static struct unsynced {
	dev_t device;
	ino_t inode;
	int fd;
} unsynced[MOST_FILES];
static int n_unsynced;

__attribute__((constructor)) static void begin(void)
{
	const char *program = getenv("FAULT_PROGRAM"), *at = getenv("FAULT_AT"), *what = getenv("FAULT");

	active = program != NULL && strcmp(program, program_invocation_short_name) == 0;
	fault_at = at != NULL ? strtoul(at, NULL, 10) : 0;
	fault = what != NULL ? what : "";
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *out = active && path != NULL ? fopen(path, "a") : NULL;

	active = 0;
	if (out == NULL)
		return;
	fprintf(out, "%lu\n", changes);
	fclose(out);
}

static int find_unsynced(const struct stat *st)
{
	for (int i = 0; i < n_unsynced; i++)
		if (unsynced[i].device == st->st_dev && unsynced[i].inode == st->st_ino)
			return i;
	return -1;
}

static void note_written(int fd)
{
	struct stat st;

	if (strcmp(fault, "cut") != 0 || fstat(fd, &st) < 0)
		return;
	pthread_mutex_lock(&lock);
	if (find_unsynced(&st) < 0 && n_unsynced < MOST_FILES)
		unsynced[n_unsynced++] =
			(struct unsynced){st.st_dev, st.st_ino, fcntl(fd, F_DUPFD_CLOEXEC, 512)};
	pthread_mutex_unlock(&lock);
}

static void note_synced(int fd, int all)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	pthread_mutex_lock(&lock);
	for (int i = n_unsynced - 1; i >= 0; i--) {
		if (!all && (unsynced[i].device != st.st_dev || unsynced[i].inode != st.st_ino))
			continue;
		close(unsynced[i].fd);
		unsynced[i] = unsynced[--n_unsynced];
	}
	pthread_mutex_unlock(&lock);
}

static void die(void)
{
	int (*truncate_to)(int, off_t) = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");

	for (int i = 0; i < n_unsynced; i++)
		truncate_to(unsynced[i].fd, 0);
	kill(getpid(), SIGKILL);
	pause();
}

/* What becomes of a change. */
enum effect {
	DONE,
	FAILS,
	DIES,
};

/* Counts a change; what is to become of it? */
static enum effect count(int grows)
{
	if (!active)
		return DONE;
	pthread_mutex_lock(&lock);
	int now = ++changes == fault_at;
	filled = filled || (now && strcmp(fault, "full") == 0);
	int full = filled;
	pthread_mutex_unlock(&lock);
	if (now && !full)
		return DIES;
	if (!full || !grows)
		return DONE;
	errno = ENOSPC;
	return FAILS;
}

/* Nonzero: the change fails. */
static int change(int grows)
{
	enum effect effect = count(grows);

	if (effect == DIES)
		die();
	return effect == FAILS;
}

static int is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* ---- writing ---- */

ssize_t write(int fd, const void *data, size_t size)
{
	if (!active || !is_file(fd))
		return NEXT(write)(fd, data, size);
	enum effect effect = count(1);
	if (effect == FAILS)
		return -1;
	note_written(fd);
	ssize_t written = NEXT(write)(fd, data, effect == DIES ? size / 2 : size);
	if (effect == DIES)
		die();
	return written;
}

#define POSITIONED(name, offset_type)                                            \
	ssize_t name(int fd, const void *data, size_t size, offset_type offset)  \
	{                                                                        \
		if (active && is_file(fd)) {                                     \
			if (change(1))                                           \
				return -1;                                       \
			note_written(fd);                                        \
		}                                                                \
		return NEXT(name)(fd, data, size, offset);                       \
	}
POSITIONED(pwrite, off_t)
POSITIONED(pwrite64, off64_t)

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t size, unsigned flags)
{
	if (change(1))
		return -1;
	note_written(out);
	return NEXT(copy_file_range)(in, in_at, out, out_at, size, flags);
}

ssize_t sendfile(int out, int in, off_t *offset, size_t size)
{
	if (active && is_file(out)) {
		if (change(1))
			return -1;
		note_written(out);
	}
	return NEXT(sendfile)(out, in, offset, size);
}

#define SIZED(name, size_type)                    \
	int name(int fd, size_type size)          \
	{                                         \
		if (change(0))                    \
			return -1;                \
		note_written(fd);                 \
		return NEXT(name)(fd, size);      \
	}
SIZED(ftruncate, off_t)
SIZED(ftruncate64, off64_t)

int fallocate(int fd, int mode, off_t offset, off_t size)
{
	return change(1) ? -1 : NEXT(fallocate)(fd, mode, offset, size);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t size)
{
	return change(1) ? -1 : NEXT(fallocate64)(fd, mode, offset, size);
}

/* ---- syncing ---- */

#define SYNCED(name, all)                          \
	int name(int fd)                           \
	{                                          \
		if (change(0))                     \
			return -1;                 \
		int result = NEXT(name)(fd);       \
		if (result == 0)                   \
			note_synced(fd, all);      \
		return result;                     \
	}
SYNCED(fsync, 0)
SYNCED(fdatasync, 0)
SYNCED(syncfs, 1)

/* ---- names ---- */

static mode_t mode_of(int flags, va_list arguments)
{
	return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

static int makes(int flags)
{
	return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

#define OPENED(name)                                               \
	int name(const char *path, int flags, ...)                 \
	{                                                          \
		va_list arguments;                                 \
		va_start(arguments, flags);                        \
		mode_t mode = mode_of(flags, arguments);           \
		va_end(arguments);                                 \
		if (makes(flags) && change((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)) \
			return -1;                                 \
		return NEXT(name)(path, flags, mode);              \
	}
OPENED(open)
OPENED(open64)

#define OPENED_AT(name)                                            \
	int name(int dir, const char *path, int flags, ...)        \
	{                                                          \
		va_list arguments;                                 \
		va_start(arguments, flags);                        \
		mode_t mode = mode_of(flags, arguments);           \
		va_end(arguments);                                 \
		if (makes(flags) && change((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)) \
			return -1;                                 \
		return NEXT(name)(dir, path, flags, mode);         \
	}
OPENED_AT(openat)
OPENED_AT(openat64)

#define CHANGE(grows, name, parameters, arguments)             \
	int name parameters                                    \
	{                                                      \
		return change(grows) ? -1 : NEXT(name) arguments; \
	}
CHANGE(1, mkdir, (const char *path, mode_t mode), (path, mode))
CHANGE(1, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode))
CHANGE(1, link, (const char *from, const char *to), (from, to))
CHANGE(1, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
CHANGE(1, symlink, (const char *to, const char *path), (to, path))
CHANGE(1, symlinkat, (const char *to, int dir, const char *path), (to, dir, path))
CHANGE(1, rename, (const char *from, const char *to), (from, to))
CHANGE(1, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
CHANGE(1, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
CHANGE(0, unlink, (const char *path), (path))
CHANGE(0, unlinkat, (int dir, const char *path, int flags), (dir, path, flags))
CHANGE(0, rmdir, (const char *path), (path))
CHANGE(0, remove, (const char *path), (path))
CHANGE(0, fchmod, (int fd, mode_t mode), (fd, mode))
