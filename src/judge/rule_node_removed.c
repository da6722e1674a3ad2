/* Rule node-removed: a version node that programs may require is gone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; i < older->n_nodes; i++)
		if (!rules_has_node(newer, older->nodes[i].name))
			verdict_find(verdict, rule, VERDICT_BREAKS, older->nodes[i].name, NULL, "is no longer defined");
}

const struct verdict_rule rule_node_removed = {
	.id = "node-removed",
	.why = "a program that requires the node does not start: \"version not found\"",
	.instead = "keep every released node in the version script",
	.examine = examine,
};
