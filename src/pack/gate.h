/* The gate: a library is packed only if it may take the place of the release before it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_GATE_H
#define PACK_GATE_H

#include "judge/verdict.h"
#include "pack/history.h"
#include "pack/manifest.h"

/* What the gate saw. */
struct gate {
	struct facts *library;
	struct facts *older;	 /* the previous release; NULL when there is none, or when it has another soname */
	struct verdict *verdict; /* NULL likewise */
	struct history *history; /* of the library's soname; NULL when the manifest names none */
};

/*
 * gate_pass: read the library of a manifest and judge it against the release before it.
 *
 * Without `library.abi`, the previous release is the newest in `library.history` below the version being packed. A
 * version lower than a recorded one is refused, and so is one that is recorded with another interface.
 *
 * Both are read with the manifest's public headers. A previous release with another soname is left alone: the two are
 * different packages and neither replaces the other. A first release (no `abi`) passes, unjudged. Findings that
 * `library.waivers` waives do not count; today decides which of them are expired.
 *
 * Returns what was seen (free with gate_free), or NULL: FACTS_ERROR, or an error of waivers_read, when a file cannot be
 * read; PACK_ERROR_INPUT for a library without soname; PACK_ERROR_ABI when the manifest's version is too low for the
 * release law, or when old programs would break, with the first findings and the soname that the library would need;
 * PACK_ERROR_EVIDENCE when that cannot be told, with what is missing.
 */
struct gate *gate_pass(const struct manifest *manifest, const GDate *today, GError **error);

/* gate_free: NULL is fine. */
void gate_free(struct gate *gate);
typedef struct gate gate;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gate, gate_free)

/*
 * gate_judge: the second half, for facts that are already read. FALSE with PACK_ERROR_ABI or PACK_ERROR_EVIDENCE.
 */
gboolean gate_judge(const struct verdict *verdict, const struct facts *older, const struct facts *newer,
		    GError **error);

#endif
