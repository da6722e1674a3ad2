/* What a caller depends on: the types that each export reaches, and two fingerprints for each symbol and each type. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_FINGERPRINT_H
#define INSPECT_FINGERPRINT_H

#include "inspect/facts.h"

/*
 * fingerprint_facts: from the shapes of exports and members, fill in `via` of every type, and `layout` and `source` of
 * every type and of every export with a declaration.
 *
 * layout: what compiled code depends on. No name takes part: a renamed parameter, member, typedef or struct leaves it as
 *   it was. source: what a program that is compiled again depends on: names, typedefs, const, too.
 *
 * A type's own layout is taken in three rounds: first what it is by itself (size, members' offsets, widths and shapes,
 * enumerators' values), then with the layouts of the types that its members mention in place of their names, twice. So
 * cycles of types need no order, and the number does not depend on where one enters them, nor on what else is in the
 * library. A symbol's layout covers its shape and the layouts of all types that a caller reaches through it, as a set.
 * The idea is that of the kernel's gendwarfksyms (names as references) and of colour refinement of graphs.
 *
 * The numbers are the first 64 bits of SHA-256 digests, and the same on every machine.
 */
void fingerprint_facts(struct facts *facts);

#endif
