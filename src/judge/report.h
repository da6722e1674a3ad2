/* The parts of reports that a verdict for everybody and one for a program share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_REPORT_H
#define JUDGE_REPORT_H

#include "judge/verdict.h"

/* report_findings: append a line for each finding, and one for each waiver. explain: as for verdict_text. */
void report_findings(GString *out, const struct verdict *verdict, gboolean explain);

/* report_add_findings: add the member "findings" to the object that is being built. */
void report_add_findings(JsonBuilder *builder, const struct verdict *verdict);

/* report_add_text: add a member; NULL is null. Bytes that are not UTF-8 are replaced, for symbol names may hold any. */
void report_add_text(JsonBuilder *builder, const char *key, const char *value);

#endif
