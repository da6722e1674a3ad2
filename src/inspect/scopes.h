/* Where in a program a DIE stands: the namespaces and classes around it, which DWARF does not say of the DIE itself. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SCOPES_H
#define INSPECT_SCOPES_H

#include <elfutils/libdw.h>
#include <glib.h>

/* Namespaces and classes nested more deeply than this are not looked into: real C++ does not have them. */
#define SCOPES_DEPTH 64

struct scopes;

/*
 * scopes_new: note every namespace, class and function body of all units but those in C, where names have no scopes.
 *
 * What is noted is ranges of DIEs, so that the cost is that of one walk and a few words for each scope. Never NULL;
 * free with scopes_free. Good as long as DWARF is open.
 */
struct scopes *scopes_new(Dwarf *dwarf);
void scopes_free(struct scopes *scopes);
typedef struct scopes scopes;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(scopes, scopes_free)

/* scopes_prefix: what stands before the name of a DIE: "ns::outer::", or "". Owned by the scopes. */
const char *scopes_prefix(const struct scopes *scopes, const Dwarf_Die *die);

/* scopes_is_hidden: is it in a function, or in a namespace without a name? Then other files cannot name it. */
gboolean scopes_is_hidden(const struct scopes *scopes, const Dwarf_Die *die);

/* scopes_typedef: the qualified name that a typedef gives to a type without one, or NULL; not in C. Owned by SCOPES. */
const char *scopes_typedef(const struct scopes *scopes, const Dwarf_Die *die);

/* scopes_append_name: append a name as facts have it: braces, which mark names in shapes, become angle brackets. */
void scopes_append_name(GString *text, const char *name);

/* scopes_unit_is_c: is this the DIE of a unit in C? FALSE where the unit does not say. */
gboolean scopes_unit_is_c(Dwarf_Die *unit);

#endif
