/* What a command line names: an ELF file, or the shared libraries in a package. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_INPUT_H
#define INSPECT_INPUT_H

#include "inspect/facts.h"

/* Where to look besides the file; the fields are as in struct facts_sources, packages by their paths. */
struct input_sources {
	const struct facts_headers *headers;
	const char *const *debug_dirs;     /* NULL-terminated, or NULL */
	const char *const *debug_packages; /* .deb and .rpm files, NULL-terminated, or NULL */
	const struct facts *interface;
};

/* The facts of what was named. */
struct input {
	char *path;
	gboolean is_package;
	GPtrArray *libraries; /* struct facts *: one, or those of a package sorted by soname; never empty */
};

/*
 * input_read: read the facts of an ELF file, or of every shared library in a .deb or .rpm.
 *
 * For a package, a debug package of the same build beside it is read too: NAME-dbgsym_VERSION_ARCH.deb, also .ddeb, or
 * NAME-debuginfo-VERSION-RELEASE.ARCH.rpm. Its files count by their build-id, not by its name.
 *
 * The version of a library in a package is the package's.
 *
 * Returns a new input for input_free, or NULL with a FACTS_ERROR; see facts_read and container_libraries. Thread-safe.
 */
struct input *input_read(const char *path, const struct input_sources *sources, GError **error);

/*
 * input_match: the library of NEWER that takes the place of LIBRARY, which is one of OLDER: that of the same soname, or else
 * one whose soname has the same stem (libfoo.so.2 for libfoo.so.1) and that is no other's match by its soname. When
 * each side has one library only, they match whatever their names are. NULL when there is none.
 */
const struct facts *input_match(const struct input *older, const struct facts *library, const struct input *newer);

/* input_claim: what the libraries of an input are versions of, whatever their names or package say; NULL changes nothing. */
void input_claim(struct input *input, const char *version);

/* input_free: NULL is fine. */
void input_free(struct input *input);
typedef struct input input;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(input, input_free)

#endif
