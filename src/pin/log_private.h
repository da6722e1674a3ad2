/* What log.c, record.c and change.c share. Nobody else includes this. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_LOG_PRIVATE_H
#define PIN_LOG_PRIVATE_H

#include "pin/log.h"

/* In the place of a digest: there is no channel file. */
#define CHANNEL_LOG_NONE "none"

/* channel_entry_new: one without changes, for channel_entry_free. */
struct channel_entry *channel_entry_new(void);

/* channel_entry_append: write an entry as abide-channel(5) says, with the blank line that ends it. */
void channel_entry_append(GString *out, const struct channel_entry *entry);

/* channel_log_path: DIR/NAME.log; caller frees. */
char *channel_log_path(const char *dir, const char *name);

#endif
