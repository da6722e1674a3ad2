/* Which types mention which, read off their shapes: forwards for fingerprints, backwards to the exports for findings. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_REACH_H
#define INSPECT_REACH_H

#include "inspect/facts.h"

/* reach_type: the index of the type of this name, which need not be terminated; n_types when there is none. */
guint reach_type(const struct facts *facts, const char *name, gsize length);

/* reach_mentioned: append to INTO (of guint) the index of every type that a shape names. */
void reach_mentioned(GArray *into, const struct facts *facts, const char *shape);

/* reach_edges: the same for all members of a type, its bases and its virtual functions; none for one that is hidden. */
void reach_edges(GArray *into, const struct facts *facts, guint type);

/* The way back: from types to the exports through which callers meet them. Built once, in linear time. */
struct reach;

/* reach_new: FACTS must outlive it. */
struct reach *reach_new(const struct facts *facts);
void reach_free(struct reach *reach);
typedef struct reach reach;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reach, reach_free)

/*
 * reach_exports: the names of the exports that lead to a type, through any number of others, sorted and without
 * repetition; NULL-terminated, owned by the facts. The caller frees the array alone.
 */
const char **reach_exports(struct reach *reach, guint type);

#endif
