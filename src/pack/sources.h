/* Patterns in the `src` of contents: which files they mean. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_SOURCES_H
#define PACK_SOURCES_H

#include <glib.h>

/* The longest pattern, the most that its braces may stand for, and the deepest folder that ** looks into. */
#define SOURCES_LONGEST 4096
#define SOURCES_MOST_PATTERNS 1024
#define SOURCES_MOST_LEVELS 64

/* sources_is_pattern: does the text have any of * ? [ { or a backslash? */
gboolean sources_is_pattern(const char *text);

/*
 * sources_match: the files, folders and links that a pattern means, with nfpm's rules.
 *
 * `*` and `?` mean any characters but a slash, also a leading dot; `[a-z]` one of these, `[!a-z]` none of these;
 * `{a,b}` one of these texts; `**` as a whole component any number of folders, also none; a backslash takes the meaning
 * from the next character.
 *
 * pattern: from the current directory or absolute.
 * stem: receives how many bytes of each path are those of the folder before the first component with a pattern, with
 * its slash: what a file is called below that is what it keeps. Braces that begin earlier than any other pattern count.
 *
 * Returns their paths, sorted by bytes, each once, owned by the array; or NULL with PACK_ERROR_INPUT: a pattern that
 * cannot be read, or a folder that cannot. An empty array is no error here.
 */
GPtrArray *sources_match(const char *pattern, gsize *stem, GError **error);

#endif
