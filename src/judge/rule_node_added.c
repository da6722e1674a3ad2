/* Rule node-added: a new version node. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	for (guint i = 0; i < newer->n_nodes; i++)
		if (!rules_has_node(older, newer->nodes[i].name))
			verdict_find(verdict, rule, VERDICT_ADDS, newer->nodes[i].name, NULL, "new version node");
}

const struct verdict_rule rule_node_added = {
	.id = "node-added",
	.why = "programs that use it need this version of the library or a newer one",
	.examine = examine,
};
