/* The ELF files of published packages: libraries with what is known of their types, and programs that need them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_ELFFILES_H
#define PUBLISH_ELFFILES_H

#include "inspect/container.h"
#include "publish/links.h"

#include <glib.h>

/* A shared library of a package. */
struct elflibrary {
	char *path;          /* where the package puts it */
	char *build_id;      /* hexadecimal, NULL when it has none */
	struct facts *facts; /* owned; with a soname */
	gboolean is_public;  /* the loader finds it by itself: for everybody, not only for programs with a RUNPATH */
};

/*
 * elffiles_libraries: the libraries in a package, as struct elflibrary *; none is no error.
 *
 * m: the package. Of one from the suite the bytes are first found to be those of the signed index.
 * members: sorted. Types come from the snapshot in the -dev or -devel package of the same version (abide-abi(5)), if it tells
 *   of the very same exports; else from the library itself or from its -dbgsym or -debuginfo package.
 *
 * Public is what lies in the loader's own folders, or in one that the package names in etc/ld.so.conf.d. NULL with
 * PUBLISH_ERROR_DIGEST, a G_FILE_ERROR or a FACTS_ERROR (container_pick). Thread-safe.
 */
GPtrArray *elffiles_libraries(const struct member *m, const GPtrArray *members, GError **error);

/*
 * elffiles_identity: a digest of everything that the two functions read of a package: its own bytes, and those of the packages
 * beside it. As elffiles_libraries; opens nothing. Hexadecimal; caller frees.
 */
char *elffiles_identity(const struct member *m, const GPtrArray *members);

/* elffiles_find: of a package's libraries the one that a program of that machine would load under a soname; or NULL. */
const struct elflibrary *elffiles_find(const GPtrArray *libraries, const char *soname, const struct facts *program);

/* The programs of a package that need certain libraries. */
struct elfprograms {
	struct container *container; /* its files are those programs, and libraries, that need one */
	GHashTable *own;             /* the sonames that the package carries itself: char *, a set */
	GPtrArray *debug;            /* struct container *: its debug package, if there is one; for struct facts_sources */
};
void elfprograms_free(struct elfprograms *programs);
typedef struct elfprograms elfprograms;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(elfprograms, elfprograms_free)

/* elffiles_programs: what in a package has one of SONAMES (a set of char *) in NEEDED. As elffiles_libraries. */
struct elfprograms *elffiles_programs(const struct member *m, const GPtrArray *members, GHashTable *sonames,
				      GError **error);

#endif
