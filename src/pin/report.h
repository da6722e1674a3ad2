/* Channels written out, for people and for programs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_REPORT_H
#define PIN_REPORT_H

#include "pin/channel.h"

#include <json-glib/json-glib.h>

/* channel_text: one aligned line for each pin, those that are over marked (caller frees). */
char *channel_text(const struct channel *channel, const GDate *today);

/* channel_json: the same as a JSON object; the schema is in abide-pin(1). Caller unrefs. */
JsonNode *channel_json(const struct channel *channel, const GDate *today);

#endif
