/* Collects the ancestors of an entity. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ancestors.h"

#include <stdlib.h>
#include <string.h>

/* The slot that holds the entity, or the empty one where it belongs. */
static uint32_t find_slot(const uint32_t *slots, uint32_t slot_count, uint32_t entity)
{
	uint32_t slot = (entity * 2654435769u) >> 7 & (slot_count - 1);

	while (slots[slot] != NAME_NONE && slots[slot] != entity)
		slot = (slot + 1) & (slot_count - 1);
	return slot;
}

/* One block for twice the items and their slots. */
static bool grow(struct ancestors *set)
{
	uint32_t capacity = set->slot_count, slot_count = capacity * 2;
	uint32_t *heap = memory_array((size_t)capacity + slot_count, sizeof *heap);
	uint32_t *slots;

	if (heap == NULL)
		return false;
	slots = heap + capacity;
	memcpy(heap, set->items, set->count * sizeof *heap);
	memset(slots, 0xff, slot_count * sizeof *slots);
	for (uint32_t i = 0; i < set->count; i++)
		slots[find_slot(slots, slot_count, heap[i])] = heap[i];
	free(set->heap);
	set->heap = heap;
	set->items = heap;
	set->slots = slots;
	set->slot_count = slot_count;
	return true;
}

static bool insert(struct ancestors *set, uint32_t entity)
{
	uint32_t slot = find_slot(set->slots, set->slot_count, entity);

	if (set->slots[slot] == entity)
		return true;
	if (set->count == set->slot_count / 2) {
		if (!grow(set))
			return false;
		slot = find_slot(set->slots, set->slot_count, entity);
	}
	set->slots[slot] = entity;
	set->items[set->count++] = entity;
	return true;
}

bool ancestors_collect(struct ancestors *set, const struct entities *entities, uint32_t entity)
{
	set->count = 0;
	set->slot_count = 2 * ANCESTORS_INLINE;
	set->items = set->inline_items;
	set->slots = set->inline_slots;
	set->heap = NULL;
	memset(set->inline_slots, 0xff, sizeof set->inline_slots);
	if (entity == NAME_NONE)
		return true;
	if (!insert(set, entity))
		return false;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct node *node = &entities->nodes[set->items[i]];

		for (uint32_t e = 0; e < node->count; e++) {
			if (!insert(set, entities->edges[node->first + e]))
				return false;
		}
	}
	return true;
}

bool ancestors_contain(const struct ancestors *set, uint32_t entity)
{
	return set->slots[find_slot(set->slots, set->slot_count, entity)] == entity;
}

void ancestors_release(struct ancestors *set)
{
	free(set->heap);
}
