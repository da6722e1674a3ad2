/* One program and one library of a suite, whose packages are open: what the one is to the other (users.h). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_USERS_PAIR_H
#define PUBLISH_USERS_PAIR_H

#include "publish/elffiles.h"
#include "publish/users.h"

/* What is judged. All is borrowed. Thread-safe, as nothing of it is changed. */
struct users_pair {
	const struct link *link;
	const struct facts *program;
	const struct elflibrary *after, *before; /* which the link's packages have; may be NULL */
	char *file; /* of the program in its package */
};

/* users_result_new: without findings, for the packages of a link. REASON becomes the result's. */
struct users_result *users_result_new(const struct link *l, enum users_word word, char *reason);
void users_result_free(gpointer result);

/* users_pair_is_unchanged: the one build in both packages changes nothing for a program that is there already. */
gboolean users_pair_is_unchanged(const struct users_pair *p);

/*
 * users_pair_judge: the program, which is read with `after` as the interface, with that library.
 *
 * A program of the suite was built with what it runs with now. One that is new to clients tells by its own types or by its
 * dependency what it was built with, or it is in doubt.
 */
struct users_result *users_pair_judge(const struct users_pair *p, const struct users_waivers *waivers);

/* users_pair_judge_gone: the program without a library: `after` is NULL, `before` is not. */
struct users_result *users_pair_judge_gone(const struct users_pair *p, const struct users_waivers *waivers);

#endif
