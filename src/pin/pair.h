/* Which programs of a suite run with which versions of its libraries, without being rebuilt. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PAIR_H
#define PIN_PAIR_H

#include "pin/cache.h"
#include "publish/publication.h"

#include <glib.h>

/* One finding of judge, as far as the program meets it. Strings are owned. */
struct pair_finding {
	char *rule;     /* "struct-grew" */
	char *subject;  /* "struct warden_error" */
	char *change;   /* "272 -> 528 bytes" */
	char **symbols; /* what the program imports and meets it by, NULL-terminated; may be empty */
};

/*
 * What a program's package and a library's package are to each other. Where several files of the one need several of the
 * other, the worst of them. The words, and what they rest on, are those of the gate over a suite (publish/users.h).
 *
 * What a program was built with decides what its types are. Its own debug information tells them; else it is taken to be
 * what its dependency names as the least: the newest package of that upstream version, or the oldest that is allowed; where
 * the dependency names none, the oldest that has everything that the program uses. When the suite has none of these, what is
 * imported is judged alone, and that is noted. Where its own types do not tell, and it may as well have been built with a
 * version that breaks what was built with the least, nothing runs without a note.
 */
struct pair {
	const entry *program, *library; /* the publication's */
	const entry *before;            /* what the program is taken to be built with; NULL: judged alone, or not linked */
	gboolean told;                  /* by the program's own types: BEFORE plays no part in what is said of types */
	gboolean linked;                /* something in the program's package needs a soname of the library's */
	enum users_word word;
	char *file;     /* the program in its package that decided; NULL when none is linked */
	char *soname;   /* likewise */
	char *reason;   /* one line; NULL for USERS_RUNS */
	char *waivers;  /* findings that a person overruled, for the record; NULL without any */
	GPtrArray *findings; /* struct pair_finding *: those of the word, the reason's first; empty for USERS_RUNS */
};

/* All pairs of a suite that somebody asks for. Not thread-safe; it uses all cores itself. */
typedef struct pairing pairing;

/*
 * pairing_new: nothing is opened or judged yet.
 *
 * p: read with all its packages (publication_open); must outlive it. answers: for what was judged before; may be NULL,
 * likewise. waivers: or NULL.
 */
pairing *pairing_new(const publication *p, cache *answers, const struct users_waivers *waivers);
void pairing_free(pairing *pairing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pairing, pairing_free)

/*
 * pairing_names: the packages whose libraries PROGRAM may use, as its record in the index tells: const char *, sorted, each once
 * (caller unrefs; the strings are the publication's).
 */
GPtrArray *pairing_names(pairing *pairing, const entry *program);

/* pairing_want: PROGRAM and LIBRARY are to be judged. Nothing for packages of two families or architectures. */
void pairing_want(pairing *pairing, const entry *program, const entry *library);

/*
 * pairing_judge: judge all that is wanted and not judged yet, on all cores.
 *
 * Each package is opened once in each role, and only where the answer is not kept. A package whose contents nobody can read
 * is USERS_UNKNOWN for its pairs. FALSE with PUBLISH_ERROR_DIGEST or a G_FILE_ERROR: a package is not as it was published, or
 * not to be read.
 */
gboolean pairing_judge(pairing *pairing, GError **error);

/* pairing_find: what was judged, or NULL. Lives as long as the pairs. */
const struct pair *pairing_find(const pairing *pairing, const entry *program, const entry *library);

/* pairing_opened: how many packages had to be opened so far; the rest was kept. */
guint pairing_opened(const pairing *pairing);

#endif
