/* Bases as text, abide-base(5), and those that come with abide. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_BASE_TEXT_H
#define PACK_BASE_TEXT_H

#include "pack/base.h"

/*
 * base_text: the base as a file (caller frees). Same contents, same bytes.
 *
 * For each version node the lowest version of its symbols is written, and by name only the symbols that came later: a
 * tenth of the symbols files. What is lost is the difference between an old symbol and one that never was.
 */
char *base_text(const struct base *base);

/*
 * base_parse: the base that a file in that format holds. name: for messages.
 *
 * Returns a new base, or NULL with PACK_ERROR_INPUT, "NAME:LINE: what is wrong". Time and memory follow the size of TEXT.
 */
struct base *base_parse(const char *name, GBytes *text, GError **error);

/* base_names: the bases that come with abide, NULL-terminated and sorted: "debian-12-amd64". Caller frees with g_strfreev. */
char **base_names(void);

/* base_shipped: the text of one that comes with abide, by name with or without "-ARCH" (dpkg's); NULL when there is none. */
GBytes *base_shipped(const char *name, const char *arch);

#endif
