/* Headers that are known for one of two libraries only: what they hide is hidden in the other, too. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CONCEAL_H
#define INSPECT_CONCEAL_H

#include "inspect/facts.h"

/*
 * conceal: a copy of FACTS, read without headers, as it would have been read with the headers of KNOWN, another release.
 *
 * Types that KNOWN mentions and that its headers leave incomplete become opaque; what only they lead to is dropped, and so
 * are enumerations that KNOWN does not have (it does not mention those by name). Everything else stays, because another
 * release may have other types. What only headers tell (constants, macros, inline functions) is taken to be as in KNOWN. Only
 * what a snapshot has is copied.
 *
 * Returns new facts for facts_free; NULL when there is nothing to do: headers are known for both or for neither, or a side
 * has no types.
 */
struct facts *conceal(const struct facts *facts, const struct facts *known);

#endif
