/* Finding the members of types that have thousands of them, where looking through all for each would be quadratic. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_MEMBER_INDEX_H
#define INSPECT_MEMBER_INDEX_H

#include "inspect/facts.h"

/* member_index_build: give every large type of the facts its index, if it has none; small ones are as quickly looked
 * through. */
void member_index_build(struct facts *facts);

/* member_index_free: NULL is fine. */
void member_index_free(struct facts_member_index *index);

/* The rest is for types whose index is not NULL. */

/* member_index_find: the first member of this name; of members without a name, the one at this offset. Or NULL. */
const struct facts_member *member_index_find(const struct facts_type *type, const char *name, guint64 offset);

/* member_index_enumerator: the first one of this name, or NULL. */
const struct facts_enumerator *member_index_enumerator(const struct facts_type *type, const char *name);

/*
 * member_index_at: the members of this offset and size, in declaration order: calls VISIT with one after the other until
 * it returns TRUE, and returns that one; else NULL.
 */
typedef gboolean (*member_index_visitor)(const struct facts_member *member, gpointer data);
const struct facts_member *member_index_at(const struct facts_type *type, guint64 offset, guint64 size,
					   member_index_visitor visit, gpointer data);

#endif
