/* The entities that policies and requests can name, and who is whose parent. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_ENTITIES_H
#define WARDEN_ENTITIES_H

#include "error.h"
#include "names.h"

/*
 * An entity's parents: edges[first .. first + count). place: 1 + where the text defines it, 0 if it
 * is only named.
 */
struct node {
	uint32_t first;
	uint32_t count;
	uint32_t place;
};

/* nodes[i] belongs to name i; node_count equals names.count once entities_finish() has run. */
struct entities {
	struct names names;
	struct node *nodes;
	size_t node_count;
	size_t node_capacity;
	uint32_t *edges;
	size_t edge_count;
	size_t edge_capacity;
};

/*
 * Reads a UTF-8 text in Cedar's JSON form (docs.cedarpolicy.com/auth/entities-syntax.html) into a
 * set whose names are seeded, may hold names already, and has no nodes. On failure the set holds a
 * part, and is released like a whole one.
 */
bool entities_parse(struct entities *entities, const struct source *source,
		    struct warden_error *error);

/* Gives every name a node, and refuses cycles; source is NULL if there was no text. */
bool entities_finish(struct entities *entities, const struct source *source,
		     struct warden_error *error);

/* Frees what the set holds, not the struct. */
void entities_release(struct entities *entities);

#endif
