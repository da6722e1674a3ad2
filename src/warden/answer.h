/* What an answer holds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_ANSWER_H
#define WARDEN_ANSWER_H

#include "evaluate.h"

/* It holds the snapshot, where the ids of the policies are. */
struct warden_answer {
	struct snapshot *snapshot;
	int decision;
	size_t count;
	uint32_t policies[];
};

/* NULL if memory cannot be had. Takes a reference of its own. */
warden_answer *answer_new(struct snapshot *snapshot, int decision, const struct deciders *deciders);

#endif
