/* Files policies under the entities they name: a check meets only those that can match. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <stdlib.h>

/* Where a policy is filed: a place, or PLACES for `open`. */
static int choose_place(const struct policies *policies, const struct policy *policy,
			uint32_t *const named[PLACES])
{
	int best = PLACES;
	uint64_t best_cost = UINT64_MAX;

	for (int place = 0; place < PLACES; place++) {
		const struct scope *scope = &policy->scope[place];
		uint64_t cost = 0;

		if (scope->kind == SCOPE_ANY)
			continue;
		for (uint32_t i = 0; i < scope->count; i++)
			cost += named[place][policies->targets[scope->first + i]];
		if (cost < best_cost) {
			best = place;
			best_cost = cost;
		}
	}
	return best;
}

/* named[place][e]: how many policies name entity e in that place. */
static void count_names(const struct policies *policies, uint32_t *const named[PLACES])
{
	for (size_t i = 0; i < policies->count; i++) {
		for (int place = 0; place < PLACES; place++) {
			const struct scope *scope = &policies->items[i].scope[place];

			for (uint32_t t = 0; t < scope->count; t++)
				named[place][policies->targets[scope->first + t]]++;
		}
	}
}

/* Makes start[] from counts in start[e + 1]; returns their sum. */
static uint32_t add_up(uint32_t *start, uint32_t entity_count)
{
	for (uint32_t e = 0; e < entity_count; e++)
		start[e + 1] += start[e];
	return start[entity_count];
}

/* A counting sort: shelf->start has one more element than entities, cursor has one for each. */
static bool fill_shelf(struct shelf *shelf, const struct policies *policies,
		       const unsigned char *chosen, int place, uint32_t entity_count,
		       uint32_t *cursor)
{
	for (size_t i = 0; i < policies->count; i++) {
		const struct scope *scope = &policies->items[i].scope[place];

		for (uint32_t t = 0; chosen[i] == place && t < scope->count; t++)
			shelf->start[policies->targets[scope->first + t] + 1]++;
	}
	shelf->list = memory_array(add_up(shelf->start, entity_count), sizeof *shelf->list);
	if (shelf->list == NULL)
		return false;
	for (uint32_t e = 0; e < entity_count; e++)
		cursor[e] = shelf->start[e];
	for (size_t i = 0; i < policies->count; i++) {
		const struct scope *scope = &policies->items[i].scope[place];

		for (uint32_t t = 0; chosen[i] == place && t < scope->count; t++)
			shelf->list[cursor[policies->targets[scope->first + t]]++] = (uint32_t)i;
	}
	return true;
}

static bool fill(struct policy_index *index, const struct policies *policies, unsigned char *chosen,
		 uint32_t *const named[PLACES])
{
	count_names(policies, named);
	index->open = memory_array(policies->count, sizeof *index->open);
	if (index->open == NULL)
		return false;
	for (size_t i = 0; i < policies->count; i++) {
		chosen[i] = (unsigned char)choose_place(policies, &policies->items[i], named);
		if (chosen[i] == PLACES)
			index->open[index->open_count++] = (uint32_t)i;
	}
	for (int place = 0; place < PLACES; place++) {
		struct shelf *shelf = &index->shelf[place];

		shelf->start = calloc((size_t)index->entity_count + 1, sizeof *shelf->start);
		if (shelf->start == NULL ||
		    !fill_shelf(shelf, policies, chosen, place, index->entity_count, named[place]))
			return false;
	}
	return true;
}

bool index_build(struct policy_index *index, const struct policies *policies, uint32_t entity_count,
		 struct warden_error *error)
{
	unsigned char *chosen = memory_array(policies->count, 1);
	uint32_t *named[PLACES];
	bool ok = chosen != NULL;

	index->entity_count = entity_count;
	for (int place = 0; place < PLACES; place++) {
		named[place] = calloc((size_t)entity_count + 1, sizeof *named[place]);
		ok = ok && named[place] != NULL;
	}
	ok = ok && fill(index, policies, chosen, named);
	for (int place = 0; place < PLACES; place++)
		free(named[place]);
	free(chosen);
	return ok || error_memory(error);
}

void index_release(struct policy_index *index)
{
	for (int place = 0; place < PLACES; place++) {
		free(index->shelf[place].start);
		free(index->shelf[place].list);
	}
	free(index->open);
}
