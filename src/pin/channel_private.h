/* What the channel*.c files share: checks of single values, and where channels are. Nobody else includes this. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CHANNEL_PRIVATE_H
#define PIN_CHANNEL_PRIVATE_H

#include "core/file.h"
#include "core/yaml.h"
#include "pin/channel.h"

/* `until: never` says that a pin has no last day; it reads as until == NULL. */
#define CHANNEL_NEVER "never"

/* Each is FALSE with a CHANNEL_ERROR_ARGUMENT. */
gboolean channel_check_name(const char *name, GError **error);
gboolean channel_check_package(const char *name, GError **error);
gboolean channel_check_until(const char *until, GError **error);

/* channel_path: DIR/NAME.yaml; caller frees. */
char *channel_path(const char *dir, const char *name);

#endif
