/* A program's own view of a library's types, held against the library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CONSUMER_TYPES_H
#define JUDGE_CONSUMER_TYPES_H

#include "judge/consumer.h"

/*
 * consumer_examine_types: judge the types of a program whose facts were read with the library as their interface
 * (facts_sources), by the rules for everybody: the program's view stands in the place of the older library.
 *
 * Counts are left in c->own_declarations and c->own_types. Findings that the verdict holds already, because the older
 * library gave them, are not repeated. A type that the library's own debug information does not define is one that it
 * never looks into: it is not compared, unless the public headers are what hides it.
 */
void consumer_examine_types(struct consumer *c);

#endif
