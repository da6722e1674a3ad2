/* Deciding one request against a snapshot. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_EVALUATE_H
#define WARDEN_EVALUATE_H

#include "snapshot.h"

#define DECIDERS_INLINE 32

/* The policies that match, as numbers. In its own memory up to DECIDERS_INLINE of them. */
struct deciders {
	uint32_t *items;
	size_t count;
	size_t capacity;
	uint32_t *heap;
	uint32_t inline_items[DECIDERS_INLINE];
};

/*
 * Decides by Cedar's rule: a forbid that matches denies, else a permit that matches allows, else it
 * is denied.
 *
 * keys      the three entities of the request.
 * deciders  NULL, or receives the policies that decided, each once, in the order of the text.
 *           Release it in either case.
 * decision  receives WARDEN_ALLOW or WARDEN_DENY.
 */
bool evaluate(const struct snapshot *snapshot, const struct name_key keys[PLACES],
	      struct deciders *deciders, int *decision, struct warden_error *error);

void deciders_release(struct deciders *deciders);

#endif
