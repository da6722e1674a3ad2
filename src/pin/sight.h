/* What one program can see of a library: two versions that look the same to it get the same answer. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_SIGHT_H
#define PIN_SIGHT_H

#include "inspect/facts.h"

/* One program and the library that it is taken to be built with. */
typedef struct sight sight;

/*
 * sight_new: PROGRAM's imports may belong to the library of SONAME. older: what consumer_new would be given, or NULL.
 *
 * The facts must outlive it. Free with sight_free (NULL is fine).
 */
sight *sight_new(const struct facts *program, const char *soname, const struct facts *older);
void sight_free(sight *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sight, sight_free)

/*
 * sight_unreached: which types no export leads to, as one byte for each type (caller frees). Of one library for all programs.
 */
guint8 *sight_unreached(const struct facts *library);

/*
 * sight_of: a digest of everything in NEWER that the verdict for the program can depend on: what the exports that it may
 * bind to are, with the fingerprints of their types; the types that it meets through them, in this library or the older; those
 * that no export leads to; and what holds for the whole library. Findings are narrowed in the same way (judge/consumer.h).
 *
 * The library's path, version and build-id take no part; nor does what can only give notes, such as macros.
 *
 * unreached: of NEWER. Returns hexadecimal; caller frees.
 */
char *sight_of(const sight *s, const struct facts *newer, const guint8 *unreached);

#endif
