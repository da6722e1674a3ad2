/* What a verdict rests on, told with every verdict, and what is missing for a better one. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include "judge/verdict.h"

/*
 * evidence_of: what is known of the types of one library, and from where, in a few words:
 *
 *   DWARF in the file, public types only
 *   DWARF of /usr/lib/debug/.build-id/ab/cdef.debug, private types included
 *   a snapshot, public types only
 *   symbols only: no debug information
 *
 * Caller frees.
 */
char *evidence_of(const struct facts *facts);

/*
 * evidence_append: the lines "evidence", one when both sides rest on the same, and "missing": for an UNKNOWN, of which
 * symbols too little is known, and how to get it.
 */
void evidence_append(GString *out, const struct verdict *verdict);

/* evidence_add: add the member "evidence" to the object that is being built: {older, newer}, each {file, types, from}. */
void evidence_add(JsonBuilder *builder, const struct verdict *verdict);

#endif
