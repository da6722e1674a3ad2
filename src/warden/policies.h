/* A parsed policy set: what the Cedar text says, with entities as numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_POLICIES_H
#define WARDEN_POLICIES_H

#include "error.h"
#include "names.h"

/* The three places of a scope, in the order of Cedar's text. */
enum place {
	PRINCIPAL,
	ACTION,
	RESOURCE,
	PLACES,
};

enum scope_kind {
	SCOPE_ANY,
	SCOPE_EQUAL,
	SCOPE_IN,
};

/*
 * A condition on one place: targets[first .. first + count) of the set. `in []` has count 0 and
 * never holds.
 */
struct scope {
	enum scope_kind kind;
	uint32_t first;
	uint32_t count;
};

struct policy {
	bool forbid;
	struct scope scope[PLACES];
};

/* Policies in the order of the text. ids.items[i] is the name of policy i. */
struct policies {
	struct policy *items;
	size_t count;
	size_t capacity;
	uint32_t *targets;
	size_t target_count;
	size_t target_capacity;
	struct names ids;
};

/*
 * Reads a UTF-8 policy text into a zeroed set whose ids are seeded, and adds the entities that it
 * names to `entities`. On failure the set holds a part, and is released like a whole one.
 */
bool policies_parse(struct policies *policies, struct names *entities, const struct source *source,
		    struct warden_error *error);

/* Frees what the set holds, not the struct. */
void policies_release(struct policies *policies);

#endif
