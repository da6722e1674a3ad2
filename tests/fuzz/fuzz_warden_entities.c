/* Fuzzes the entity loader, its JSON reader, and a check through the hierarchy that it accepts. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "warden.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char policy[] =
		"permit(principal in U::\"b\", action, resource);"
		"forbid(principal, action in Action::\"b\", resource in U::\"c\");";
	warden_request *request = warden_request_new();
	struct warden_error error;
	warden *w;

	warden_request_set_principal(request, "U", 1, "a", 1, NULL);
	warden_request_set_action(request, "Action", 6, "a", 1, NULL);
	warden_request_set_resource(request, "U", 1, "b", 1, NULL);
	warden_open_memory(&w, policy, sizeof policy - 1, (const char *)data, size, &error);
	if (w != NULL) {
		warden_check(w, request, NULL, &error);
		if (error.code != WARDEN_OK)
			__builtin_trap();
	} else if (error.code == WARDEN_OK || error.code == WARDEN_ERROR_ARGUMENT ||
		   error.text[0] == '\0') {
		__builtin_trap();
	}
	warden_close(w);
	warden_request_free(request);
	return 0;
}
