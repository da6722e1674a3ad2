/* The newest release of a library, in a folder of files or in a published repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RELEASED_H
#define CLI_RELEASED_H

#include "inspect/input.h"

/* One release, read. */
struct released {
	struct input *input;
	const struct facts *library; /* of input */
	char *where;         /* for people: the file, and of a repository the suite, and whose signature was verified */
	gboolean same_soname;
	guint n;             /* how many releases there were to choose from */
};
void released_free(struct released *released);
typedef struct released released;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(released, released_free)

/*
 * released_find: the newest release in DIR that LIBRARY, which has a soname, would follow.
 *
 * Candidates have LIBRARY's soname, machine and word size; when there is none, the same name with another soname number
 * (libfoo.so.1 for libfoo.so.2). Of them the one with the highest version is taken, in dpkg's order; at one version a
 * snapshot, then a package, then a library.
 *
 * dir: a repository of `abide publish`, all suites of both families. Its metadata is verified from the signature
 *   down, so gpg must have the public key; only packages whose name or provides say that they hold the library are
 *   opened, as copies with the signed digest, and with their debug packages where these are published. Or a
 *   folder: snapshots (*.abi), libraries (*.so*) and packages in it and below it; links are not followed. Packages
 *   count when their names are those of the library (libfoo1_..., libfoo1-...).
 * sources: as for input_read.
 * found: receives the release (caller frees), or NULL when nothing is released.
 *
 * FALSE with an error of publication_open, publication_fetch or input_read, or with FACTS_ERROR_INPUT: DIR cannot be
 * read, or no version says which of several files is the newest.
 */
gboolean released_find(const char *dir, const struct facts *library, const struct input_sources *sources,
		       struct released **found, GError **error);

#endif
