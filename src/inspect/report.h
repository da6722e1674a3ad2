/* Facts written out, for people and for programs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_REPORT_H
#define INSPECT_REPORT_H

#include "inspect/facts.h"

#include <json-glib/json-glib.h>

/* facts_text: aligned lines for a person (caller frees). Bytes that are not printable are shown as \xNN. */
char *facts_text(const struct facts *facts);

/* facts_json: the same as a JSON object; the schema is in abide-inspect(1). Caller unrefs. */
JsonNode *facts_json(const struct facts *facts);

#endif
