/* The tables that say what abide.yaml may hold, and the walks over them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_MANIFEST_SCHEMA_H
#define PACK_MANIFEST_SCHEMA_H

#include "pack/manifest.h"

#include <cyaml/cyaml.h>

/* A manifest as yamlfile_load fills it in. */
extern const cyaml_schema_value_t manifest_schema;

/* manifest_visitor: is handed each string of a manifest, which it may replace by another from malloc or g_malloc. */
typedef gboolean (*manifest_visitor)(const struct manifest *manifest, const char *key, char **value, GError **error);

/* manifest_expand: a visitor that replaces ${NAME}, ${NAME:-TEXT} and $$ in a text. */
gboolean manifest_expand(const struct manifest *manifest, const char *key, char **value, GError **error);

/* manifest_each_string: visit every string that the file gave, by the schema. FALSE as soon as the visitor says so. */
gboolean manifest_each_string(struct manifest *manifest, manifest_visitor visit, GError **error);

#endif
