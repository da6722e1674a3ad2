/* Rule machine-changed: the library is built for another machine, word size or byte order. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/rules.h"

static void examine(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
		    const struct facts *newer)
{
	if (older->machine == newer->machine && older->bits == newer->bits && older->big_endian == newer->big_endian)
		return;
	verdict_find(verdict, rule, VERDICT_BREAKS, "machine", NULL, "%s %u-bit -> %s %u-bit",
		     facts_machine_name(older->machine), older->bits, facts_machine_name(newer->machine), newer->bits);
}

const struct verdict_rule rule_machine_changed = {
	.id = "machine-changed",
	.why = "the dynamic linker refuses a library built for another machine",
	.instead = "compare libraries built for the same machine",
	.examine = examine,
};
