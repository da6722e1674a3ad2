/* Decides one request: finds the policies that can match, tests them, and lets forbid win. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate.h"
#include "ancestors.h"

#include <stdlib.h>
#include <string.h>

/* self: the entities of the request, NAME_NONE for one that nothing mentions. */
struct question {
	const struct snapshot *snapshot;
	uint32_t self[PLACES];
	struct ancestors ancestors[PLACES];
	struct deciders *deciders;
	bool permitted;
	bool forbidden;
};

static bool scope_holds(const struct question *q, int place, const struct scope *scope)
{
	const uint32_t *targets = q->snapshot->policies.targets + scope->first;

	if (scope->kind == SCOPE_ANY)
		return true;
	if (scope->kind == SCOPE_EQUAL)
		return targets[0] == q->self[place];
	for (uint32_t i = 0; i < scope->count; i++) {
		if (ancestors_contain(&q->ancestors[place], targets[i]))
			return true;
	}
	return false;
}

static bool add_decider(struct deciders *deciders, uint32_t policy)
{
	if (deciders->count == deciders->capacity) {
		size_t capacity = deciders->capacity;
		uint32_t *heap =
			memory_grow(deciders->heap, &capacity, deciders->count + 1, sizeof *heap);

		if (heap == NULL)
			return false;
		if (deciders->heap == NULL)
			memcpy(heap, deciders->inline_items, sizeof deciders->inline_items);
		deciders->heap = heap;
		deciders->items = heap;
		deciders->capacity = capacity;
	}
	deciders->items[deciders->count++] = policy;
	return true;
}

/*
 * Keeps only the policies of the winning effect: the first forbid drops the permits found before
 * it.
 */
static bool match(struct question *q, uint32_t number)
{
	const struct policy *policy = &q->snapshot->policies.items[number];

	if (q->forbidden && !policy->forbid)
		return true;
	for (int place = 0; place < PLACES; place++) {
		if (!scope_holds(q, place, &policy->scope[place]))
			return true;
	}
	if (policy->forbid && !q->forbidden) {
		q->forbidden = true;
		if (q->deciders != NULL)
			q->deciders->count = 0;
	}
	q->permitted = !q->forbidden;
	return q->deciders == NULL || add_decider(q->deciders, number);
}

static bool match_list(struct question *q, const uint32_t *list, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!match(q, list[i]))
			return false;
		if (q->forbidden && q->deciders == NULL)
			return true;
	}
	return true;
}

static bool match_shelf(struct question *q, int place)
{
	const struct policy_index *index = &q->snapshot->index;
	const struct shelf *shelf = &index->shelf[place];
	const struct ancestors *ancestors = &q->ancestors[place];

	for (uint32_t i = 0; i < ancestors->count; i++) {
		uint32_t entity = ancestors->items[i], start;

		if (entity >= index->entity_count)
			continue;
		start = shelf->start[entity];
		if (!match_list(q, shelf->list + start, shelf->start[entity + 1] - start))
			return false;
	}
	return true;
}

static bool match_all(struct question *q)
{
	const struct policy_index *index = &q->snapshot->index;

	for (int place = 0; place < PLACES; place++) {
		if (!match_shelf(q, place))
			return false;
	}
	return match_list(q, index->open, index->open_count);
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* In the order of the text, and each once: a policy for several actions is met under each. */
static void tidy(struct deciders *deciders)
{
	size_t kept = 0;

	if (deciders->count > 1)
		qsort(deciders->items, deciders->count, sizeof *deciders->items, compare);
	for (size_t i = 0; i < deciders->count; i++) {
		if (i == 0 || deciders->items[i] != deciders->items[i - 1])
			deciders->items[kept++] = deciders->items[i];
	}
	deciders->count = kept;
}

bool evaluate(const struct snapshot *snapshot, const struct name_key keys[PLACES],
	      struct deciders *deciders, int *decision, struct warden_error *error)
{
	struct question q;
	bool ok = true;

	q.snapshot = snapshot;
	q.deciders = deciders;
	q.permitted = false;
	q.forbidden = false;
	*decision = WARDEN_DENY;
	if (deciders != NULL) {
		deciders->items = deciders->inline_items;
		deciders->count = 0;
		deciders->capacity = DECIDERS_INLINE;
		deciders->heap = NULL;
	}
	for (int place = 0; place < PLACES; place++) {
		q.self[place] = names_find(&snapshot->entities.names, &keys[place]);
		ok = ancestors_collect(&q.ancestors[place], &snapshot->entities, q.self[place]) &&
		     ok;
	}
	ok = ok && match_all(&q);
	for (int place = 0; place < PLACES; place++)
		ancestors_release(&q.ancestors[place]);
	if (!ok)
		return error_memory(error);
	if (deciders != NULL)
		tidy(deciders);
	*decision = q.permitted ? WARDEN_ALLOW : WARDEN_DENY;
	return true;
}

void deciders_release(struct deciders *deciders)
{
	free(deciders->heap);
}
