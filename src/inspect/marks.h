/* What authors say in the source with the macros of abide.h: reading it, and writing it to the types it is about. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_MARKS_H
#define INSPECT_MARKS_H

#include "inspect/facts.h"
#include "inspect/scopes.h"

#include <elfutils/libdw.h>
#include <libelf.h>

/*
 * Marks are ELF notes of the owner "abide", in sections that are not loaded (.note.abide). A note's type is the kind of the
 * mark; its description is two texts, each with a NUL behind it: the type as the author wrote it ("struct s"; "" for a
 * sentinel) and the member or enumerator ("" for marks of whole types). Notes of other types are passed over: they are of a
 * later abide.h.
 */

/*
 * marks_read: fill in the marks of an ELF file, in order, each once. FALSE with FACTS_ERROR_CORRUPT when a note runs past
 * its section or its description is not two texts.
 */
gboolean marks_read(struct facts *facts, Elf *elf, GError **error);

/*
 * marks_resolve: give the types of marks the names that facts have for them, where the author wrote a typedef or, in C++, a
 * name without its keyword. The types of the facts are sorted. scopes: where its DIEs stand.
 */
void marks_resolve(struct facts *facts, Dwarf *dwarf, const struct scopes *scopes);

/*
 * marks_apply: note in types, members and enumerators what marks say of them, and which types are hidden by that. Linear in
 * the size of the facts.
 *
 * An opaque mark counts behind pointers. A type that callers also meet by value, as a member, a parameter or a variable,
 * is not hidden whatever its mark says: its layout is part of theirs.
 */
void marks_apply(struct facts *facts);

/* marks_kind: the kind that facts_mark_kind_name calls by this name; FALSE when there is none. */
gboolean marks_kind(const char *name, enum facts_mark_kind *kind);

#endif
