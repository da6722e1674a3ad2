/* The tables that say what abide.yaml may hold, and the walks over them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_MANIFEST_SCHEMA_H
#define PACK_MANIFEST_SCHEMA_H

#include "pack/manifest.h"

#include <cyaml/cyaml.h>

/* A manifest as libcyaml loads it. */
extern const cyaml_schema_value_t manifest_schema;

/*
 * manifest_check: compare a document with the schema before libcyaml loads it.
 *
 * libcyaml's own messages have no column for a key that it does not know, and name no alternative; this walk over
 * libyaml's nodes, which have both, finds the same mistakes first: syntax, aliases, unknown keys, keys given twice,
 * values of a wrong type, missing keys.
 *
 * Returns where each key is ("contents[1].dst" -> "FILE:LINE:COLUMN"), or NULL with PACK_ERROR_MANIFEST.
 */
GHashTable *manifest_check(const char *path, const char *text, gsize size, GError **error);

/* manifest_visitor: is handed each string of a manifest, which it may replace by another from g_malloc. */
typedef gboolean (*manifest_visitor)(const struct manifest *manifest, const char *key, char **value, GError **error);

/* manifest_each_string: visit every string that the file gave, by the schema. FALSE as soon as the visitor says so. */
gboolean manifest_each_string(struct manifest *manifest, manifest_visitor visit, GError **error);

#endif
