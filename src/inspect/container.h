/* The ELF files in a .deb or .rpm, taken out into memory. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CONTAINER_H
#define INSPECT_CONTAINER_H

#include "inspect/facts.h"

#include <glib.h>

/* One file of a package. */
struct container_file {
	char *path;     /* where the package puts it, fit for messages; nothing on disk is ever opened by this name */
	int fd;         /* an unnamed file in memory with the contents */
	guint mode;     /* permission bits, those for set-user-ID and set-group-ID among them */
	gint64 mtime;   /* seconds since 1970, as the package has it */
	char *soname;   /* of a library, else NULL */
	char *build_id; /* hexadecimal, NULL when there is none */
};

/* What was taken out of one package. */
struct container {
	char *path;       /* of the package, as given */
	char *version;    /* of the package, NULL when it does not say it; see release_version.h */
	GPtrArray *files; /* struct container_file *: libraries sorted by soname, others as the package has them */
};

/* container_is_package: does this file begin as a .deb or .rpm does? FALSE also when it cannot be read. */
gboolean container_is_package(const char *path);

/*
 * container_libraries: the shared libraries in a package: ELF files of type ET_DYN with a soname.
 *
 * Formats: deb(5) version 2.0, deb-old(5), and RPM with a cpio payload; gzip, bzip2, xz, lzma and zstd. Digests and
 * signatures are not checked. Nothing is taken on trust: a package may unpack to 8 GiB in a million files, one ELF file
 * may have 1 GiB, and all that is kept 2 GiB in 512 files. A small package may unpack to 1 GiB or 1,024 times its size,
 * and ELF files in it have 64 MiB or 64 times its size.
 *
 * Returns a new container for container_free, or NULL with a FACTS_ERROR that names the package: not readable, damaged,
 * over a ceiling, no library in it, or two libraries with one soname. Thread-safe.
 */
struct container *container_libraries(const char *path, GError **error);

/*
 * container_debug: the debug files in a -dbgsym or -debuginfo package whose build-id is in WANTED, a set of hexadecimal
 * char *, and all files that dwz made for them to share. May come back without any file.
 *
 * Ceilings and errors as for container_libraries.
 */
struct container *container_debug(const char *path, GHashTable *wanted, GError **error);

/* What container_pick keeps. Each is asked once for every regular file of its kind, in the package's order; NULL keeps none. */
struct container_choice {
	/* an ELF file; surface: what it says without types, valid during the call */
	gboolean (*elf)(const char *path, const struct facts *surface, gpointer user);
	/* any other file, by where the package puts it */
	gboolean (*other)(const char *path, gpointer user);
	gpointer user;
};

/*
 * container_pick: the files of a package that CHOICE wants, whatever they are.
 *
 * An ELF file that is damaged is passed over: no loader takes it. Formats, ceilings and errors as for
 * container_libraries, except that it may come back without any file, and that nothing is asked of sonames.
 */
struct container *container_pick(const char *path, const struct container_choice *choice, GError **error);

/* container_find: the file with this build-id, or NULL. */
const struct container_file *container_find(const struct container *container, const char *build_id);

/* container_free: NULL is fine. Closes the files. */
void container_free(struct container *container);
typedef struct container container;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(container, container_free)

#endif
