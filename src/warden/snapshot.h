/* One loaded state of a warden: policies, entities, index. Immutable, shared, counted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_SNAPSHOT_H
#define WARDEN_SNAPSHOT_H

#include "entities.h"
#include "policies.h"

#include <stdatomic.h>

/* The largest text, in bytes: all counts and offsets that come from it fit 32 bits. */
#define TEXT_LENGTH_MAX (64u << 20)

/*
 * The policies that name an entity in one place of their scope: list[start[e] .. start[e + 1]) for
 * entity e, in the order of the text.
 */
struct shelf {
	uint32_t *start;
	uint32_t *list;
};

/*
 * Each policy stands on one shelf only, that of its rarest entity, so that a check looks at few
 * policies although many of them name "everyone"; a policy that names no entity stands in `open`.
 * An entity from `entity_count` on is named by no policy.
 */
struct policy_index {
	struct shelf shelf[PLACES];
	uint32_t entity_count;
	uint32_t *open;
	uint32_t open_count;
};

/* entities->names begins with those that policies name. */
struct snapshot {
	atomic_uint references;
	struct policies policies;
	struct entities entities;
	struct policy_index index;
};

/*
 * Loads both texts; entities may be NULL. Returns a snapshot with one reference, or NULL with error
 * filled.
 */
struct snapshot *snapshot_load(const struct source *policies, const struct source *entities,
			       struct warden_error *error);

struct snapshot *snapshot_ref(struct snapshot *snapshot);

/* NULL is allowed. */
void snapshot_unref(struct snapshot *snapshot);

/*
 * Builds the index over policies whose targets are all below entity_count. On failure `index` is
 * released as usual.
 */
bool index_build(struct policy_index *index, const struct policies *policies, uint32_t entity_count,
		 struct warden_error *error);

/* Frees what the index holds, not the struct. */
void index_release(struct policy_index *index);

#endif
