/* Findings about one thing, put together: a changed struct is told once, with all that happened to it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_GROUP_H
#define JUDGE_GROUP_H

#include "judge/verdict.h"

/* The findings about one type, or else about one subject. Lives as long as the verdict's findings. */
struct group {
	const char *subject;     /* the type's name, or the subject of all findings */
	GPtrArray *findings;     /* const struct verdict_finding *, in the order of the rules; never empty */
	enum verdict_word word;  /* the worst word of the findings that count */
	gboolean waived;         /* each finding that is no note is waived, and there is one */
};

/*
 * groups_new: the findings of a verdict in groups: the worst word first, then waived ones, then notes; among equals in
 * the order in which the rules met them.
 *
 * Returns an array of struct group *, to be unreferenced.
 */
GPtrArray *groups_new(const struct verdict *verdict);

/* group_head: the first finding that says the group's word: the one that stands for all. */
const struct verdict_finding *group_head(const struct group *group);

/*
 * group_part: what of the group's subject a finding is about: "member a" of "struct s: member a". "" when that is the
 * subject itself. Points into the finding.
 */
const char *group_part(const struct group *group, const struct verdict_finding *finding);

/* group_mark: how reports mark a finding: "BREAKS", "UNKNOWN", "ADDS", "waived" or "note". Static text. */
const char *group_mark(const struct verdict_finding *finding);

#endif
