/* The dependencies of a .deb that follow from its ELF files and a base. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_DEPENDS_H
#define PACK_DEPENDS_H

#include "pack/base.h"

/* Dependencies being collected. */
struct depends;

/*
 * depends_new: for what will be looked for in MADE, packages that are made together with this one (NULL: none), and then
 * in BASE. Both are borrowed.
 */
struct depends *depends_new(const struct base *made, const struct base *base);
void depends_free(struct depends *depends);
typedef struct depends depends;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(depends, depends_free)

/*
 * depends_add: what one program or library needs, as dpkg-shlibdeps(1) finds it: of each library in NEEDED the lowest
 * version that has every symbol that is used.
 *
 * own: sonames that come with it, NULL-terminated; they need no dependency.
 *
 * FALSE with PACK_ERROR_DEPENDS that names the file and what it lacks: a soname that is in neither base, or a symbol or
 * version node that the library there does not have.
 */
gboolean depends_add(struct depends *depends, const struct facts *facts, const char *const *own, GError **error);

/* depends_list: what was found, as a control field has it, each once, sorted: "libc6 (>= 2.34)". Owned by the caller. */
GPtrArray *depends_list(const struct depends *depends);

#endif
