/* Fuzzes the policy parser and a check over what it accepts. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "warden.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	warden_request *request = warden_request_new();
	struct warden_error error;
	warden_answer *answer;
	warden *w;

	warden_request_set_principal(request, "U", 1, "a", 1, NULL);
	warden_request_set_action(request, "Action", 6, "a", 1, NULL);
	warden_request_set_resource(request, "R", 1, "a", 1, NULL);
	warden_open_memory(&w, (const char *)data, size, NULL, 0, &error);
	if (w != NULL) {
		int decision = warden_check(w, request, &answer, &error);

		if (error.code != WARDEN_OK || decision != warden_check(w, request, NULL, NULL))
			__builtin_trap();
		warden_answer_free(answer);
	} else if (error.code == WARDEN_OK || error.code == WARDEN_ERROR_ARGUMENT ||
		   error.text[0] == '\0') {
		__builtin_trap();
	}
	warden_close(w);
	warden_request_free(request);
	return 0;
}
