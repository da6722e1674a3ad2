/* What packages that are made in one call provide to one another. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_MADE_H
#define PACK_MADE_H

#include "pack/base.h"

/* The libraries of packages that are made together: a base for each family and architecture. */
struct made;

struct made *made_new(void);
void made_free(struct made *made);
typedef struct made made;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(made, made_free)

/* made_add: note a sealed package (borrowed, until made_settle), in the format that it is made in. */
void made_add(struct made *made, const struct package *package, const struct package_format *format);

/*
 * made_settle: let each of the packages provide.
 *
 * In the order of their names and versions, not in that in which they came: of two that have one soname the later name, and
 * of one name the higher version, counts. FALSE with the error of package_format.provide.
 */
gboolean made_settle(struct made *made, GError **error);

/* made_base: after made_settle, what there is for this architecture; NULL: nothing. Thread-safe; borrowed. */
const struct base *made_base(const struct made *made, enum package_family family, const struct names_arch *arch);

#endif
