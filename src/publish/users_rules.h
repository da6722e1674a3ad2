/* The word for one program with one library: the rules of users.h, which the gate and the matrix of pin share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_USERS_RULES_H
#define PUBLISH_USERS_RULES_H

#include "judge/consumer.h"
#include "publish/users.h"

/*
 * users_rules_judge: consumer_new, with the evidence weighed and waivers applied.
 *
 * older: what the program is taken to be built with, or NULL. waivers: or NULL. Where OLDER told types and NEWER tells none,
 * the verdict is UNKNOWN; where neither does, that is no obstacle. The facts must outlive it.
 */
struct consumer *users_rules_judge(const struct facts *program, const struct facts *older, const struct facts *newer,
				   const struct facts *const *family, const struct users_waivers *waivers);

/* users_rules_tells: does the program tell by its own types what it was built with, so that no older library is needed? */
gboolean users_rules_tells(const struct facts *program, const struct facts *newer);

/*
 * users_rules_word: the word, without what only the two packages tell.
 *
 * older: as in users_rules_judge. note: set to why it is USERS_NOTE, static text; else to NULL.
 */
enum users_word users_rules_word(const struct consumer *c, const struct facts *older, const char **note);

/* users_rules_reason: 'struct-grew "struct s" 8 -> 16 bytes, and 2 more', in one line; NULL for nothing. Caller frees. */
char *users_rules_reason(const struct consumer *c);

/* users_rules_waivers: users_result.waivers; NULL without any. Caller frees. */
char *users_rules_waivers(const struct consumer *c);

#endif
