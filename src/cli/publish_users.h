/* What became of the programs of a suite, as JSON. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PUBLISH_USERS_H
#define CLI_PUBLISH_USERS_H

#include "publish/users.h"

#include <json-glib/json-glib.h>

/* publish_add_users: add the member "programs" to the object that is being built; NULL for nothing judged. */
void publish_add_users(JsonBuilder *b, const struct users *users);

#endif
