/* Fingerprints: what a caller depends on, as two numbers for each symbol and each type. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_FINGERPRINT_H
#define INSPECT_FINGERPRINT_H

#include "inspect/facts.h"

/*
 * fingerprint_facts: fill in `layout` and `source` of every type and of every export with a declaration.
 *
 * layout: what compiled code depends on. No name takes part: a renamed parameter, member, typedef or struct leaves it as
 *   it was. source: what a program that is compiled again depends on: names, typedefs, const, too.
 *
 * A type's own layout is taken in three rounds: first what it is by itself (size, members' offsets, widths and shapes,
 * enumerators' values), then with the layouts of the types that its members mention in place of their names, twice. So
 * the number does not depend on where one enters a cycle of types, nor on what else is in the library. The insides of a
 * hidden type take no part. A symbol's numbers
 * cover its shape (its declaration) and all types that a caller reaches through it. These are taken by strongly connected
 * components of the graph of types: a component's number is that of its members, as a set, and of the components that it
 * leads to. All of it is linear in the size of the facts.
 *
 * The ideas are those of the kernel's gendwarfksyms (names as references), of colour refinement of graphs, and Tarjan's
 * algorithm. The numbers are the first 64 bits of SHA-256 digests, the same on every machine.
 */
void fingerprint_facts(struct facts *facts);

#endif
