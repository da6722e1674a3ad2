/* The control files of a .deb that comes from outside. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_CONTROL_READ_H
#define PACK_CONTROL_READ_H

#include "pack/error.h"

/* One file that is looked for at the top of the control archive. */
struct control_file {
	const char *name; /* "symbols" */
	char *text;	  /* set when it is there; the caller frees it. It ends at its first NUL, if it has any. */
};

/*
 * control_read: the text of those N files that a .deb (deb(5), version 2) has; gzip, xz or zstd.
 *
 * Nothing is taken on trust: the control archive may have 16 MiB, in the package and unpacked. Members that are not
 * regular files, and names that lead elsewhere, are not what is looked for.
 *
 * FALSE with PACK_ERROR_INPUT that names the package: not a regular file, not a .deb, damaged, or over the ceiling.
 */
gboolean control_read(const char *path, struct control_file *files, guint n, GError **error);

#endif
