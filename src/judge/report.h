/* The parts of reports that a verdict for everybody and one for a program share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_REPORT_H
#define JUDGE_REPORT_H

#include "judge/verdict.h"

/*
 * report_findings: append the findings in groups (group.h). What happened to a type is a block:
 *
 *   BREAKS    "struct s" via f, g, h and 12 more
 *             f() parameter 1: struct s *
 *             struct-grew   4 -> 8 bytes
 *             member-moved  member a: offset 0 -> 4
 *   note      member-type   member b: ...
 *
 * and a single change to something else a line: BREAKS symbol-removed "f" is no longer exported. Long lists are cut
 * short and counted, unless explain says that all is to be shown, with why it matters and what to do instead.
 */
void report_findings(GString *out, const struct verdict *verdict, gboolean explain);

/* report_meaning: what a word means for old programs, in a few words. Static text. */
const char *report_meaning(enum verdict_word word);

/* report_add_findings: add the member "findings" to the object that is being built. */
void report_add_findings(JsonBuilder *builder, const struct verdict *verdict);

/* report_add_text: add a member; NULL is null. Bytes that are not UTF-8 are replaced, for symbol names may hold any. */
void report_add_text(JsonBuilder *builder, const char *key, const char *value);

/* report_add_element: the same for an element of an array. */
void report_add_element(JsonBuilder *builder, const char *value);

#endif
