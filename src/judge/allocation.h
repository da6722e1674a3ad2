/* Who allocates the structs of an interface: its callers, or only the library, as far as the exports show it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_ALLOCATION_H
#define JUDGE_ALLOCATION_H

#include "inspect/facts.h"

/*
 * A struct may grow at its end when no caller ever makes room for one. That is shown when callers get it as a result, through
 * a T ** that the library fills in, or through a pointer inside of what they get so, and when on the other hand
 *
 *   - it is nowhere met by value: no parameter, result, exported variable, array, member of another type;
 *   - no pointer to it goes from a caller to the library, by a parameter, a variable, the result of a callback, or inside
 *     of what does; but to functions that end its life: they return nothing, take nothing else and are named for it
 *     (free, destroy, unref, ...);
 *   - nothing looks like an array of it, whose elements callers step through: its pointer stands in another struct beside
 *     an integer, or the function that returns it also fills in one;
 *   - it is not only lent to callbacks, which may be handed an array as well as one.
 *
 * An author's mark (ABIDE_LIBRARY_ALLOCATED) goes before all of this.
 */
struct allocation;

/* allocation_new: read it off all exports, in linear time. FACTS must outlive it. */
struct allocation *allocation_new(const struct facts *facts);

/* allocation_free: NULL is fine. */
void allocation_free(struct allocation *allocation);
typedef struct allocation allocation;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(allocation, allocation_free)

/*
 * allocation_is_librarys: does only the library allocate this type, which is one of the facts?
 *
 * why: set to what shows it, or what speaks against it: "callers get it from door_new()", "door_check() takes a pointer to
 * it". Caller frees.
 */
gboolean allocation_is_librarys(const struct allocation *allocation, const struct facts_type *type, char **why);

#endif
