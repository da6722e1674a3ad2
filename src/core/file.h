/* Files: whole files read into memory with a ceiling, and files replaced atomically. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include <glib.h>
#include <sys/types.h>

/*
 * file_read: the contents of a regular file, mapped or read.
 *
 * path: from the current directory; named in every error.
 * ceiling: the largest size accepted, in bytes; a larger file is an error (G_FILE_ERROR_INVAL),
 *   never a huge allocation.
 *
 * Returns a new reference, or NULL with a G_FILE_ERROR. Thread-safe.
 */
GBytes *file_read(const char *path, gsize ceiling, GError **error);

/*
 * A file on its way to its name: everything is written to an unnamed file of the same directory (O_TMPFILE, or a
 * hidden temporary name where the file system has none) and appears under its name at once, complete, or never.
 * A crash, a signal or a full disk leaves what was there before.
 *
 * Zero-initialised it is closed. Not thread-safe; one thread at a time.
 */
struct atomic_file {
	int fd;          /* write here; valid between open and commit */
	int dirfd;       /* owned duplicate of the directory */
	char *name;      /* final name inside dirfd */
	char *temporary; /* hidden name while O_TMPFILE is not to be had, else NULL */
	char *shown;     /* the path as errors show it */
	char *hidden;    /* the path of `temporary`, once atomic_file_name was asked for it */
	gboolean open;
};

/*
 * atomic_file_open: begin to write PATH, whose directory must exist.
 *
 * mode: permission bits of the finished file, applied exactly (the umask does not take part).
 *
 * FALSE with a G_FILE_ERROR that names the path; f is then closed.
 */
gboolean atomic_file_open(struct atomic_file *f, const char *path, mode_t mode, GError **error);

/* atomic_file_write: all of data, or FALSE with a G_FILE_ERROR; the file stays open and may be discarded. */
gboolean atomic_file_write(struct atomic_file *f, const void *data, gsize size, GError **error);

/*
 * atomic_file_name: the path by which other programs can open the file before it is committed: a hidden name in its
 * directory. They must write in place, not replace it.
 *
 * Returns a string that f owns, or NULL with a G_FILE_ERROR.
 */
const char *atomic_file_name(struct atomic_file *f, GError **error);

/*
 * atomic_file_commit: fsync, give the file its name (replacing what had it), fsync the directory.
 *
 * Closes f in either case. FALSE with a G_FILE_ERROR: the old file, if any, is untouched.
 */
gboolean atomic_file_commit(struct atomic_file *f, GError **error);

/*
 * atomic_files_commit: several at once, of which nobody sees some without the others as far as a file system can promise
 * that: all are synced before the first gets its name, and a folder is synced once for all that go into it.
 *
 * Closes those that have their names. FALSE with a G_FILE_ERROR: no name was given, unless giving one failed.
 */
gboolean atomic_files_commit(struct atomic_file *const *files, guint n, GError **error);

/* file_allow_many: let this process have as many files open as the system lets it. */
void file_allow_many(void);

/* atomic_file_clear: forget an uncommitted file; nothing of it remains. No-op on a closed one. */
void atomic_file_clear(struct atomic_file *f);
typedef struct atomic_file atomic_file; /* for g_auto(atomic_file) f = {0}; */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(atomic_file, atomic_file_clear)

/* file_replace: open, write, commit in one call, for contents already in memory. */
gboolean file_replace(const char *path, const void *data, gsize size, mode_t mode, GError **error);

/*
 * file_make_dirs: mkdir -p; directories that it makes have mode 0755 whatever the umask, because what is published in them
 * is read by others (apt fetches as the user _apt). FALSE with a G_FILE_ERROR that names the directory that failed.
 */
gboolean file_make_dirs(const char *path, GError **error);

/* file_is_temporary: whether a file name is of the form that an atomic_file has before its own: what a crash may leave. */
gboolean file_is_temporary(const char *name);

/* file_remove_temporaries: remove such files from a folder, which may be absent; nobody is writing into it. */
void file_remove_temporaries(const char *folder);

/* file_error: set a G_FILE_ERROR from ERRNUM: "PATH: cannot WHAT: strerror". Returns FALSE, for `return file_error(...)`. */
gboolean file_error(GError **error, int errnum, const char *path, const char *what);

#endif
