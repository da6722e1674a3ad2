/* Channels, their differences and their records written out, for people and for programs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_REPORT_H
#define PIN_REPORT_H

#include "pin/log.h"

#include <json-glib/json-glib.h>

/* channel_text: everything that a channel says, a line for each thing, those that are over marked (caller frees). */
char *channel_text(const struct channel *channel, const GDate *today);

/* channel_json: the same as a JSON object; the schema is in abide-pin(1). Caller unrefs. */
JsonNode *channel_json(const struct channel *channel, const GDate *today);

/* channel_differences_text: "- package libwarden1 1.0.*" and "+ ..." lines, each behind INDENT (caller frees). */
char *channel_differences_text(const GPtrArray *differences, const char *indent);

/* channel_add_differences: the same as a member NAME, a list of objects. */
void channel_add_differences(JsonBuilder *builder, const char *name, const GPtrArray *differences);

/* channel_entry_text: one entry of a channel's record, its line and its changes (caller frees). */
char *channel_entry_text(const char *channel, const struct channel_entry *entry);

/* channel_add_entry: the same as a JSON object. */
void channel_add_entry(JsonBuilder *builder, const char *channel, const struct channel_entry *entry);

#endif
