/* The bases that a repository declares: the systems on which everything in a suite is to be installable. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_DECLARED_H
#define PUBLISH_DECLARED_H

#include "pack/base.h"

#include <glib.h>

struct transaction;

/*
 * A declared base is kept as bases/NAME.base in the repository, an abide-base(5), and the signed Release file has the
 * word "NAME:SHA256" for it: a later abide with other bases changes nothing, and nobody can put another in its place.
 */

/* declared_is_word: whether a text has that form. */
gboolean declared_is_word(const char *word);

/* declared_path: "bases/NAME.base", from the repository's top, of a word; caller frees. */
char *declared_path(const char *word);

/*
 * declared_load: what was named by somebody: a base that comes with abide ("debian-12-amd64", or "debian-12" for all of
 * its architectures), or a file.
 *
 * Returns struct base * (the array owns them), or NULL with a PUBLISH_ERROR_INPUT, an error of base_parse or a
 * G_FILE_ERROR.
 */
GPtrArray *declared_load(const char *const *names, GError **error);

/*
 * declared_write: have the commit of T write these into the repository DIR, under their own names and architectures.
 *
 * A file that is there already stays, if it has the same bytes. Returns the words, sorted, NULL-terminated; NULL with a
 * PUBLISH_ERROR_INPUT (also when two have one name, or one is there with other bytes) or a G_FILE_ERROR.
 */
char **declared_write(const char *dir, const char *const *names, struct transaction *t, GError **error);

/* declared_is_named: whether a name means the base of a word: all of its name, or all but the architecture. */
gboolean declared_is_named(const char *word, const char *name);

/*
 * declared_read: the base that a word of the Release file means. NULL with PUBLISH_ERROR_DIGEST, an error of base_parse
 * or a G_FILE_ERROR.
 */
struct base *declared_read(const char *dir, const char *word, GError **error);

#endif
