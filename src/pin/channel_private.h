/* What fleet.c and the channel*.c files share: checks of single values, and where channels are. Nobody else includes this. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANNEL_PRIVATE_H
#define PIN_CHANNEL_PRIVATE_H

#include "core/file.h"
#include "core/yaml.h"
#include "pin/channel.h"

/* `until: never` says that a pin has no last day; it reads as until == NULL. */
#define CHANNEL_NEVER "never"

/* Each is FALSE with a CHANNEL_ERROR_ARGUMENT. */
gboolean channel_check_package(const char *name, GError **error);
gboolean channel_check_until(const char *until, GError **error);
gboolean channel_check_unit(const char *name, GError **error);

/* channel_fail: `why` (taken over) for the value at a place of a file, with the place before it. Returns FALSE. */
gboolean channel_fail(struct yamlfile *file, const char *place, GError *why, GError **error);

/* channel_check_list: a list of packages, none of them twice. FALSE with a CHANNEL_ERROR_INPUT. */
gboolean channel_check_list(struct yamlfile *file, const char *key, char *const *names, guint n, GError **error);

/* channel_has_service: whether a host class other than BUT (or NULL) has this service. */
gboolean channel_has_service(const struct channel *channel, const char *name, const char *but);

/* channel_path: DIR/NAME.yaml; caller frees. */
char *channel_path(const char *dir, const char *name);

#endif
