/* The way from an export to a type: how a caller meets what changed, in words. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_PATH_H
#define JUDGE_PATH_H

#include "inspect/facts.h"

/* The shortest ways from the exports of a library to every type that they lead to. Immutable. */
struct path;

/*
 * path_new: find them, by one breadth-first walk that is linear in the size of the facts.
 *
 * facts: must outlive the result.
 * names: a set of const char *: only exports of these names are set out from; NULL: from all.
 *
 * Of ways of equal length that from the first export by name is taken, and there the first member that leads on: the
 * same facts give the same words.
 */
struct path *path_new(const struct facts *facts, GHashTable *names);

/* path_free: NULL is fine. */
void path_free(struct path *path);
typedef struct path path;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(path, path_free)

/*
 * path_text: the way to a type, by its index:
 *
 *   f() parameter 3: struct s *
 *   f() result: struct a *: member b: struct c
 *   table: struct row[4]
 *
 * NULL when no export leads to it. Caller frees.
 */
char *path_text(const struct path *path, guint type);

#endif
