/* Stops a program at its Nth change to the file system, as a kill, a power cut or a full disk would. For LD_PRELOAD. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Environment:
 *   FAULT_PROGRAM  the program's name; others that it starts are left alone
 *   FAULT_LOG      a file, to which a line "NUMBER CALL PATH" is appended for each change
 *   FAULT_AT       the change at which it happens, from 1; unset: nothing happens
 *   FAULT          kill: the process is killed before the change, or when half of a write is done
 *                  cut:  the same, and all that was not synced is lost: files are empty, names are what they were
 *                  torn: names last, but files lose what was not synced: they are empty
 *                  mixed: a part is lost, another one at each FAULT_AT: changes reach a disk in no order
 *                  full: from this change on nothing can be made or grow, ENOSPC
 *   FAULT_GRAVE    an empty folder in the same file system, outside of what is tested: what was removed, but may come back
 *
 * A change is a call that makes, writes, renames, links, removes, sizes or syncs a regular file or a directory that has a
 * name. fsync and syncfs do nothing for the disk (tests would only wait for it), and are noted.
 *
 * The model of a power cut. The contents of a file last from fsync(file) on. A name, which is an entry in a directory, lasts
 * from fsync(directory) on, whatever happened to the file; until then it may be found as it was at the directory's last
 * fsync. Both names of a rename change together, or neither does, as journals do it, unless one was synced.
 *
 * Not modelled: writes that replace a part of a file (a file that was not synced is empty, or has its first half, or is
 * whole); more than one former value of a name; modes, owners and times; O_DIRECT, mmap and io_uring; a disk that loses
 * what it said it has synced; renames within a directory that fail for want of a block on a full disk.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 8192
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long changes, fault_at;
static const char *fault = "";
static int active, tracks, filled, grave = -1, logs = -1;

/* A file whose contents were not synced, by a descriptor of ours. */
static struct file {
	ino_t inode;
	int fd;
} files[MOST];
static int n_files;

/* A name that was changed since its directory was synced, and what it was then: 0 for none. */
static struct name {
	ino_t directory, inode;
	mode_t mode;
	int dirfd;
	char *name;
	unsigned step; /* names of one rename have the same */
} names[MOST];
static int n_names;
static unsigned steps;

__attribute__((constructor)) static void begin(void)
{
	const char *program = getenv("FAULT_PROGRAM"), *at = getenv("FAULT_AT"), *what = getenv("FAULT");
	const char *folder = getenv("FAULT_GRAVE"), *log = getenv("FAULT_LOG");

	active = program != NULL && strcmp(program, program_invocation_short_name) == 0;
	if (!active)
		return;
	fault_at = at != NULL ? strtoul(at, NULL, 10) : 0;
	fault = what != NULL ? what : "";
	tracks = strcmp(fault, "cut") == 0 || strcmp(fault, "torn") == 0 || strcmp(fault, "mixed") == 0;
	if (folder != NULL)
		grave = NEXT(open)(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (log != NULL)
		logs = NEXT(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

static void fail(const char *what)
{
	dprintf(2, "faults: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static int high(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 300);

	if (own < 0)
		fail("too many files");
	return own;
}

/* ---- what is not on the disk yet ---- */

static void note_written(int fd)
{
	struct stat st;

	if (!tracks || fstat(fd, &st) < 0)
		return;
	for (int i = 0; i < n_files; i++)
		if (files[i].inode == st.st_ino)
			return;
	if (n_files == MOST)
		fail("too many files");
	files[n_files++] = (struct file){st.st_ino, high(fd)};
}

/* A directory's own fsync is for its names. */
static void note_synced(int fd, int all)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	for (int i = n_files - 1; i >= 0; i--)
		if (all || files[i].inode == st.st_ino) {
			close(files[i].fd);
			files[i] = files[--n_files];
		}
	for (int i = n_names - 1; i >= 0; i--)
		if (all || names[i].directory == st.st_ino) {
			close(names[i].dirfd);
			free(names[i].name);
			names[i] = names[--n_names];
		}
}

static void grave_name(char *to, ino_t inode)
{
	sprintf(to, "%lu", (unsigned long)inode);
}

static void split(int at, const char *path, int *dirfd, char *base)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	snprintf(base, NAME_MAX + 1, "%s", slash ? slash + 1 : path);
	snprintf(parent, sizeof parent, "%.*s", slash == path ? 1 : (int)length, path);
	*dirfd = NEXT(openat)(at, slash ? parent : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Before a name is changed. A file can come back as long as it has some name. */
static void note_name(int at, const char *path, unsigned step)
{
	char base[NAME_MAX + 1], kept[32];
	struct stat directory, st = {0};
	int dirfd;

	if (!tracks)
		return;
	split(at, path, &dirfd, base);
	if (dirfd < 0 || fstat(dirfd, &directory) < 0)
		return;
	if (fstatat(dirfd, base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		st.st_ino = 0;
	for (int i = 0; i < n_names; i++)
		if (names[i].directory == directory.st_ino && strcmp(names[i].name, base) == 0) {
			unsigned former = names[i].step;
			for (int j = 0; j < n_names; j++)
				if (names[j].step == former)
					names[j].step = step;
			st.st_ino = 0;
			step = 0;
		}
	if (S_ISREG(st.st_mode) && fstatat(dirfd, base, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		grave_name(kept, st.st_ino);
		if (NEXT(linkat)(dirfd, base, grave, kept, 0) < 0 && errno != EEXIST)
			fail("cannot keep a file");
	}
	if (step != 0 && n_names == MOST)
		fail("too many names");
	if (step != 0)
		names[n_names++] = (struct name){directory.st_ino, st.st_ino, st.st_mode, high(dirfd), strdup(base), step};
	close(dirfd);
}

/* ---- the cut ---- */

static int lost(unsigned long what)
{
	unsigned long coin = (what * 2654435761UL + fault_at * 40503UL) >> 7;

	return strcmp(fault, "cut") == 0 || (strcmp(fault, "mixed") == 0 && coin % 2 == 0);
}

static void lose_contents(void)
{
	for (int i = 0; i < n_files; i++) {
		struct stat st;
		int mixed = strcmp(fault, "mixed") == 0, whole = mixed && !lost((unsigned long)i + 1000);
		if (!whole && fstat(files[i].fd, &st) == 0)
			(void)!NEXT(ftruncate)(files[i].fd, mixed && i % 2 ? st.st_size / 2 : 0);
	}
}

static int has_changed(const struct name *n)
{
	struct stat st;

	return (fstatat(n->dirfd, n->name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_ino : 0) != n->inode;
}

/* What has the name now leaves it; a directory can come back under another. */
static void take_away(const struct name *n)
{
	struct stat st;
	char kept[32];

	if (fstatat(n->dirfd, n->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	grave_name(kept, st.st_ino);
	if (S_ISDIR(st.st_mode) ? NEXT(renameat)(n->dirfd, n->name, grave, kept) < 0
				: NEXT(linkat)(n->dirfd, n->name, grave, kept, 0) < 0 && errno != EEXIST)
		fail("cannot take away");
	if (!S_ISDIR(st.st_mode))
		NEXT(unlinkat)(n->dirfd, n->name, 0);
}

static void bring_back(const struct name *n)
{
	char kept[32];

	grave_name(kept, n->inode);
	if (S_ISDIR(n->mode) ? NEXT(renameat)(grave, kept, n->dirfd, n->name) < 0
			     : NEXT(linkat)(grave, kept, n->dirfd, n->name, 0) < 0)
		fail("cannot bring back");
}

static void lose_names(void)
{
	static char back[MOST];

	for (int i = 0; i < n_names; i++)
		back[i] = (char)(lost(names[i].step) && has_changed(&names[i]));
	for (int i = 0; i < n_names; i++)
		if (back[i])
			take_away(&names[i]);
	for (int i = 0; i < n_names; i++)
		if (back[i] && names[i].inode != 0)
			bring_back(&names[i]);
}

static void die(void)
{
	if (tracks) {
		lose_contents();
		lose_names();
	}
	kill(getpid(), SIGKILL);
	pause();
}

/* ---- changes ---- */

enum effect {
	DONE,
	FAILS,
	DIES,
};

static void note_change(const char *call, const char *path)
{
	if (logs >= 0)
		dprintf(logs, "%lu %s %s\n", changes, call, path);
}

/* Counts a change; what is to become of it? Holds the lock. */
static enum effect count(int grows, const char *call, const char *path)
{
	int now = ++changes == fault_at;

	note_change(call, path);
	if (now && strcmp(fault, "full") == 0)
		filled = 1;
	if (now && !filled)
		return DIES;
	if (!filled || !grows)
		return DONE;
	errno = ENOSPC;
	return FAILS;
}

/* Nonzero: the change fails. */
static int change(int grows, const char *call, const char *path)
{
	enum effect effect = count(grows, call, path);

	if (effect == DIES)
		die();
	return effect == FAILS;
}

static void path_of(int fd, char *path)
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	path[n < 0 ? 0 : n] = '\0';
}

/* Not standard streams, pipes and files in memory. */
static int counts(int fd, char *path)
{
	struct stat st;

	if (!active || fd <= 2 || fstat(fd, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return 0;
	path_of(fd, path);
	return strncmp(path, "/memfd:", 7) != 0 && strncmp(path, "/proc/", 6) != 0;
}

#define LOCKED(result, expression)              \
	do {                                    \
		int saved;                      \
		pthread_mutex_lock(&lock);      \
		result = (expression);          \
		saved = errno;                  \
		pthread_mutex_unlock(&lock);    \
		errno = saved;                  \
	} while (0)

/* ---- writing ---- */

static ssize_t do_write(int fd, const void *data, size_t size, const char *path)
{
	enum effect effect = count(1, "write", path);

	if (effect == FAILS)
		return -1;
	note_written(fd);
	ssize_t written = NEXT(write)(fd, data, effect == DIES ? size / 2 : size);
	if (effect == DIES)
		die();
	return written;
}

ssize_t write(int fd, const void *data, size_t size)
{
	char path[PATH_MAX];
	ssize_t result;

	if (!counts(fd, path))
		return NEXT(write)(fd, data, size);
	LOCKED(result, do_write(fd, data, size, path));
	return result;
}

static int prepare_write(int fd, int grows, const char *call, const char *path)
{
	if (change(grows, call, path))
		return -1;
	note_written(fd);
	return 0;
}

/* Any other call that changes the contents of FD. */
#define WRITES(type, name, grows, fd, parameters, arguments)                     \
	type name parameters                                                     \
	{                                                                        \
		char path[PATH_MAX];                                             \
		int failed = 0;                                                  \
		if (counts(fd, path))                                            \
			LOCKED(failed, prepare_write(fd, grows, #name, path));   \
		return failed ? -1 : NEXT(name) arguments;                       \
	}
WRITES(ssize_t, pwrite, 1, fd, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
WRITES(ssize_t, pwrite64, 1, fd, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
WRITES(ssize_t, sendfile, 1, out, (int out, int in, off_t *at, size_t size), (out, in, at, size))
WRITES(ssize_t, copy_file_range, 1, out,
       (int in, off64_t *in_at, int out, off64_t *out_at, size_t size, unsigned flags),
       (in, in_at, out, out_at, size, flags))
WRITES(int, ftruncate, 0, fd, (int fd, off_t size), (fd, size))
WRITES(int, ftruncate64, 0, fd, (int fd, off64_t size), (fd, size))
WRITES(int, fallocate, 1, fd, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
WRITES(int, fallocate64, 1, fd, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))

/* ---- syncing ---- */

static int do_sync(int fd, int all, const char *call, const char *path)
{
	if (change(0, call, path))
		return -1;
	note_synced(fd, all);
	return 0;
}

#define SYNCS(name, all)                                             \
	int name(int fd)                                             \
	{                                                            \
		char path[PATH_MAX];                                 \
		int result;                                          \
		if (!counts(fd, path))                               \
			return NEXT(name)(fd);                       \
		LOCKED(result, do_sync(fd, all, #name, path));       \
		return result;                                       \
	}
SYNCS(fsync, 0)
SYNCS(fdatasync, 0)
SYNCS(syncfs, 1)

/* ---- names ---- */

static int exists(int at, const char *path)
{
	struct stat st;

	return fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int do_open(int at, const char *path, int flags, mode_t mode)
{
	int unnamed = (flags & O_TMPFILE) == O_TMPFILE, makes = unnamed || ((flags & O_CREAT) && !exists(at, path));

	if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
		return NEXT(openat)(at, path, flags, mode);
	if (makes || (flags & O_TRUNC)) {
		if (change(makes, "open", path))
			return -1;
		if (makes && !unnamed)
			note_name(at, path, ++steps);
	}
	int fd = NEXT(openat)(at, path, flags, mode);
	if (fd >= 0 && (flags & O_TRUNC))
		note_written(fd);
	return fd;
}

static int open_at(int at, const char *path, int flags, va_list arguments)
{
	int makes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE, result;
	mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;

	if (!active || !makes)
		return NEXT(openat)(at, path, flags, mode);
	LOCKED(result, do_open(at, path, flags, mode));
	return result;
}

#define OPENS(name, parameters, at, path, flags)                \
	int name parameters                                     \
	{                                                       \
		va_list arguments;                              \
		va_start(arguments, flags);                     \
		int fd = open_at(at, path, flags, arguments);   \
		va_end(arguments);                              \
		return fd;                                      \
	}
OPENS(open, (const char *path, int flags, ...), AT_FDCWD, path, flags)
OPENS(open64, (const char *path, int flags, ...), AT_FDCWD, path, flags)
OPENS(openat, (int at, const char *path, int flags, ...), at, path, flags)
OPENS(openat64, (int at, const char *path, int flags, ...), at, path, flags)

static int do_make(int at, const char *path, mode_t mode)
{
	if (exists(at, path)) {
		errno = EEXIST;
		return -1;
	}
	if (change(1, "mkdir", path))
		return -1;
	note_name(at, path, ++steps);
	return NEXT(mkdirat)(at, path, mode);
}

static int do_link(int a, const char *from, int b, const char *to, int flags)
{
	if (change(1, "link", to))
		return -1;
	note_name(b, to, ++steps);
	return NEXT(linkat)(a, from, b, to, flags);
}

/* Within a directory it needs no more room. */
static int takes_room(int a, const char *from, int b, const char *to)
{
	const char *x = strrchr(from, '/'), *y = strrchr(to, '/');
	size_t n = x ? (size_t)(x - from) : 0, m = y ? (size_t)(y - to) : 0;

	return !exists(b, to) && (a != b || n != m || strncmp(from, to, n) != 0);
}

static int do_rename(int a, const char *from, int b, const char *to, unsigned flags)
{
	unsigned step = ++steps;

	if (change(takes_room(a, from, b, to), flags ? "exchange" : "rename", to))
		return -1;
	note_name(a, from, step);
	note_name(b, to, step);
	return NEXT(renameat2)(a, from, b, to, flags);
}

/* A directory must be able to come back: it is only moved away. */
static int bury(int at, const char *path)
{
	int fd = NEXT(openat)(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), entries = 0;
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct stat st;
	char kept[32];

	if (directory == NULL)
		return -1;
	while (readdir(directory) != NULL)
		entries++;
	fstat(fd, &st);
	closedir(directory);
	if (entries > 2) {
		errno = ENOTEMPTY;
		return -1;
	}
	grave_name(kept, st.st_ino);
	return NEXT(renameat)(at, path, grave, kept);
}

static int do_unlink(int at, const char *path, int flags)
{
	if (!exists(at, path)) {
		errno = ENOENT;
		return -1;
	}
	if (change(0, flags & AT_REMOVEDIR ? "rmdir" : "unlink", path))
		return -1;
	note_name(at, path, ++steps);
	return tracks && (flags & AT_REMOVEDIR) ? bury(at, path) : NEXT(unlinkat)(at, path, flags);
}

static int do_remove(const char *path)
{
	struct stat st;

	return do_unlink(AT_FDCWD, path, lstat(path, &st) == 0 && S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
}

#define NAMES(name, parameters, arguments, instead)        \
	int name parameters                                \
	{                                                  \
		int result;                                \
		if (!active)                               \
			return NEXT(name) arguments;       \
		LOCKED(result, instead);                   \
		return result;                             \
	}
NAMES(mkdir, (const char *path, mode_t mode), (path, mode), do_make(AT_FDCWD, path, mode))
NAMES(mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), do_make(at, path, mode))
NAMES(link, (const char *from, const char *to), (from, to), do_link(AT_FDCWD, from, AT_FDCWD, to, 0))
NAMES(linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags),
      do_link(a, from, b, to, flags))
NAMES(rename, (const char *from, const char *to), (from, to), do_rename(AT_FDCWD, from, AT_FDCWD, to, 0))
NAMES(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), do_rename(a, from, b, to, 0))
NAMES(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags),
      do_rename(a, from, b, to, flags))
NAMES(unlink, (const char *path), (path), do_unlink(AT_FDCWD, path, 0))
NAMES(unlinkat, (int at, const char *path, int flags), (at, path, flags), do_unlink(at, path, flags))
NAMES(rmdir, (const char *path), (path), do_unlink(AT_FDCWD, path, AT_REMOVEDIR))
NAMES(remove, (const char *path), (path), do_remove(path))
