/* Taking a published package out of a repository, with the bytes that were signed. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_FETCH_H
#define PUBLISH_FETCH_H

#include "publish/publication.h"

/*
 * publication_fetch: copy a published package into the folder INTO, under its own file name.
 *
 * The copy, not the file in the repository, is what was digested: its size and SHA-256 are those of the signed index.
 *
 * Returns the copy's path (caller frees), or NULL with PUBLISH_ERROR_DIGEST or a G_FILE_ERROR.
 */
char *publication_fetch(const publication *p, const entry *e, const char *into, GError **error);

/*
 * publication_suites: the suites of a repository, sorted and NULL-terminated; none when DIR is not one. Caller frees
 * with g_strfreev.
 */
char **publication_suites(const char *dir);

#endif
