/* What authors mean by members and enumerators that they mark or name for it: reserved room, sentinels, appended members. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_INTENT_H
#define JUDGE_INTENT_H

#include "inspect/facts.h"

/* intent_names_reserved: "reserved", "__reserved2", "spare", "_pad", "unused", "padding", ...: room for later, by its name. */
gboolean intent_names_reserved(const char *member);

/* intent_names_sentinel: "E_MAX", "colour_last", "N_COLOURS", "NUM_COLOURS", ...: what counts the others, by its name. */
gboolean intent_names_sentinel(const char *enumerator);

/*
 * intent_reserved_used: was a member that is reserved, by mark or by name, put to use within its own bytes?
 *
 * That is so when something about it changed, what is left of it, if anything, lies within its bytes, and so does every
 * new member that touches them: it may be replaced by one or many, or give up some elements at either end. One that only
 * got another name of that kind was not put to use.
 */
gboolean intent_reserved_used(const struct facts_type *older, const struct facts_member *reserved,
			      const struct facts_type *newer);

/*
 * intent_sentinel_moved: is this the last enumerator, by value, in both versions, a sentinel by mark or by name, and did
 * its value rise?
 */
gboolean intent_sentinel_moved(const struct facts_type *older, const struct facts_enumerator *sentinel,
			       const struct facts_type *newer);

/*
 * intent_only_appended: did a struct grow by members that lie behind the old ones, all of which are where they were, as
 * they were (or renamed, or reserved and put to use)?
 */
gboolean intent_only_appended(const struct facts_type *older, const struct facts_type *newer);

/* intent_new_member: the next member of the newer version, from index *I on, that is no old one renamed; or NULL. */
const struct facts_member *intent_new_member(const struct facts_type *older, const struct facts_type *newer, guint *i);

/* intent_covers: does a member of this type lie on any bit of that other member? */
gboolean intent_covers(const struct facts_type *type, const struct facts_member *member);

#endif
