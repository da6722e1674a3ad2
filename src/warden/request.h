/* What a request holds, for the check. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_REQUEST_H
#define WARDEN_REQUEST_H

#include "policies.h"

struct part {
	struct buffer name;
	size_t type_length;
	bool is_set;
};

struct warden_request {
	struct part parts[PLACES];
};

#endif
