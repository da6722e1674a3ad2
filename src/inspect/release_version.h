/* Which release a library is from: by its file's name, or by the package that it is in. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_RELEASE_VERSION_H
#define INSPECT_RELEASE_VERSION_H

#include <glib.h>

/*
 * release_version_of_file: "1.2.3" of a file whose real name, links followed, is libfoo.so.1.2.3 while its soname is
 * libfoo.so.1. NULL when the name adds no numbers to the soname. Caller frees.
 */
char *release_version_of_file(const char *path, const char *soname);

/*
 * release_version_is: may TEXT, of SIZE bytes, be a version? Letters, digits and . + - ~ : ^ _ after a first letter or
 * digit, at most 256 bytes: what either family takes, and nothing that confuses a terminal, a line or a field.
 */
gboolean release_version_is(const char *text, gsize size);

/*
 * release_version_of_package: the version of a .deb or .rpm, as its family writes it: [epoch:]version[-revision].
 *
 * fd: of a seekable file, read from its start; its offset is left anywhere.
 *
 * Formats: deb(5), the field Version of the control file; RPM 3 and 4, the tags EPOCH, VERSION and RELEASE of the main
 * header (docs/manual/format_v4.md of rpm). NULL when it cannot be found: what is wrong with a damaged package is for
 * those to say who read the rest of it. Nothing larger than 16 MiB is read. Caller frees.
 */
char *release_version_of_package(int fd);

#endif
