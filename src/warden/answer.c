/* The public view of an answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

warden_answer *answer_new(struct snapshot *snapshot, int decision, const struct deciders *deciders)
{
	size_t count = deciders->count, bytes;
	warden_answer *answer;

	if (__builtin_mul_overflow(count, sizeof *answer->policies, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof *answer, &bytes))
		return NULL;
	answer = malloc(bytes);
	if (answer == NULL)
		return NULL;
	answer->snapshot = snapshot_ref(snapshot);
	answer->decision = decision;
	answer->count = count;
	memcpy(answer->policies, deciders->items, count * sizeof *answer->policies);
	return answer;
}

int warden_answer_decision(const warden_answer *answer)
{
	return answer != NULL ? answer->decision : WARDEN_DENY;
}

size_t warden_answer_policy_count(const warden_answer *answer)
{
	return answer != NULL ? answer->count : 0;
}

const char *warden_answer_policy(const warden_answer *answer, size_t index, size_t *length)
{
	struct name_key key = {NULL, 0, 0};

	if (answer != NULL && index < answer->count)
		key = names_get(&answer->snapshot->policies.ids, answer->policies[index]);
	if (length != NULL)
		*length = key.length;
	return key.bytes;
}

void warden_answer_free(warden_answer *answer)
{
	if (answer == NULL)
		return;
	snapshot_unref(answer->snapshot);
	free(answer);
}
