/* An entity and all its ancestors: what `in` holds for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_ANCESTORS_H
#define WARDEN_ANCESTORS_H

#include "entities.h"

#define ANCESTORS_INLINE 32

/*
 * A set of entities, in its own memory up to ANCESTORS_INLINE of them. items[0 .. count) are its
 * members, the entity itself first; slots is a hash table of them, at most half full.
 */
struct ancestors {
	uint32_t count;
	uint32_t slot_count;
	uint32_t *items;
	uint32_t *slots;
	uint32_t *heap;
	uint32_t inline_items[ANCESTORS_INLINE];
	uint32_t inline_slots[2 * ANCESTORS_INLINE];
};

/*
 * Collects the entity and its ancestors, each once, in time linear in the edges between them.
 * NAME_NONE gives an empty set. false if memory cannot be had. Release it in either case.
 */
bool ancestors_collect(struct ancestors *set, const struct entities *entities, uint32_t entity);

bool ancestors_contain(const struct ancestors *set, uint32_t entity);

void ancestors_release(struct ancestors *set);

#endif
