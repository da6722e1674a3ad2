/* The JSON schema of a manifest, for editors, made from the tables that read one. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_SCHEMA_JSON_H
#define PACK_SCHEMA_JSON_H

#include <json-glib/json-glib.h>

/*
 * schema_json: the schema (JSON Schema, draft 2020-12), by a walk over the tables of manifest_schema.c, so that an
 * editor knows the keys and values that abide knows. Keys that abide refuses by name (manifest_check.h) have a schema
 * that nothing fits. Caller frees with json_node_unref.
 */
JsonNode *schema_json(void);

/* schema_describe: what a key is for, in one line: "contents[].dst", "overrides.deb.depends"; NULL for an unknown one.
 */
const char *schema_describe(const char *place);

#endif
