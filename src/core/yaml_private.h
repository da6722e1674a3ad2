/* What the three yaml*.c files share: the parsed document and places in it. Nobody else includes this. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_YAML_PRIVATE_H
#define CORE_YAML_PRIVATE_H

#include "core/yaml.h"

#include <yaml.h>

struct yamlfile {
	char *name;
	GBytes *bytes;
	const char *text; /* after a byte order mark: what libyaml's marks count from */
	gsize size;
	gboolean parsed; /* document is to be deleted */
	yaml_document_t document;
};

/*
 * libyaml's document functions take no const document, though those used here change nothing.
 * yamlfile_node: the node of an item, by its number.
 */
yaml_node_t *yamlfile_node(const struct yamlfile *file, int item);

/* yamlfile_root: the top node; never NULL in a parsed file. */
yaml_node_t *yamlfile_root(const struct yamlfile *file);

/* yamlfile_find_pair: the pair of this key in a mapping, or NULL (also when node is no mapping). */
yaml_node_pair_t *yamlfile_find_pair(const struct yamlfile *file, const yaml_node_t *node, const char *key);

/* yamlfile_at: the node at a place, or NULL. */
yaml_node_t *yamlfile_at(const struct yamlfile *file, const char *place);

/* yamlfile_is: is this scalar's text exactly TEXT? */
gboolean yamlfile_is(const yaml_node_t *node, const char *text);

/* yamlfile_is_null: an empty plain scalar, `~` or `null`. */
gboolean yamlfile_is_null(const yaml_node_t *node);

/* yamlfile_fail_mark: as yamlfile_fail, for a mark of libyaml's. */
gboolean yamlfile_fail_mark(const struct yamlfile *file, const yaml_mark_t *mark, GError **error, GQuark domain,
			     int code, const char *format, ...) G_GNUC_PRINTF(6, 7);

#endif
