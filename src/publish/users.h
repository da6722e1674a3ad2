/* The gate over a suite: does every program run with the library that it gets when packages come and go? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_USERS_H
#define PUBLISH_USERS_H

#include "judge/waiver.h"
#include "publish/links.h"
#include "publish/state.h"

#include <glib.h>

/* From best to worst. */
enum users_word {
	USERS_RUNS,
	USERS_NOTE,    /* runs, as far as was looked: the reason says what was not, or what is waived */
	USERS_UNKNOWN, /* cannot be told */
	USERS_BREAKS,
};

/* One finding about a program (judge/verdict.h), in one line each; strings are owned. */
struct users_finding {
	const char *rule; /* static */
	enum verdict_word word;
	char *subject, *change;
	gboolean is_waived;
};

/*
 * What one program and one library of the suite are to each other. Everything in it is its own.
 *
 * The word follows from the three files whose build-ids are here, from the types that are known of them, and from the
 * waivers: so it may be kept under these ids for the next time.
 */
struct users_result {
	struct state_item *user;
	struct state_item *library; /* NULL: all that it could take leave */
	struct state_item *before;  /* what the program runs with now; NULL for a program that is new */
	char *program; /* the file in USER; NULL when nothing in it is linked to the library, or it cannot be read */
	char *soname;  /* NULL when it cannot be read */
	enum users_word word;
	char *reason;  /* NULL for USERS_RUNS */
	GPtrArray *findings; /* struct users_finding *: all that were found; never NULL */
	char *waivers; /* for the record: "struct-grew "struct s" (Ann, until 2027-01-31): why; ..."; NULL without any */
	char *program_id, *library_id, *before_id; /* build-ids in hexadecimal; NULL where there is none */
};

/* All of them. */
struct users {
	GPtrArray *results; /* struct users_result *, by user, library, program and soname */
	enum users_word worst;
	guint n_packages;   /* how many were opened for their programs */
};
void users_free(struct users *users);
typedef struct users users;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(users, users_free)

/* What a person has decided, and on which day that is asked for. */
struct users_waivers {
	const struct waivers *list; /* NULL for none */
	GDate today;
};

/*
 * users_judge: judge all programs for which what arrives and leaves can change something, and no others.
 *
 * members: the suite as it is, and those that would arrive; sorted. Their `names` are filled in.
 *
 * A library that arrives is judged for each program in the packages that depend on it, in the place of the one that the
 * program runs with now; a program that arrives, with the libraries of the suite. What counts on either side is the
 * newest version: the newest package of the program, and the newest of the library that its dependency allows, since
 * that is what a client installs. A program that is loaded with dlopen or ctypes is not seen; its package is noted.
 *
 * A program that stays when the library does not is judged with what is left: an older version, or nothing. It tells by its
 * own types what it was built with, or else counts as built with what it runs with now. A program that clients would install
 * because newer versions of it leave is judged as one that arrives.
 *
 * Types are compared where both libraries tell them, or the program and the library. Where the library of the suite
 * tells none, what is imported is judged alone, and that is noted; where only the one that arrives tells none, the word is
 * USERS_UNKNOWN. A program that arrives may have been built with the library of the suite or with a newer one: where
 * neither its own types nor its dependency says which, and only one of them can be right, it is USERS_UNKNOWN.
 *
 * Each package is opened once in each role, on all cores; debug packages of libraries and programs, and development
 * packages with snapshots, only those of what is judged. NULL with PUBLISH_ERROR_DIGEST or a G_FILE_ERROR: a package of
 * the suite is not as it was published, or not to be read. One whose contents nobody can read is USERS_UNKNOWN.
 */
struct users *users_judge(GPtrArray *members, const struct users_waivers *waivers, GError **error);

/* users_word_name: "runs", "note", "unknown", "breaks". */
const char *users_word_name(enum users_word word);

/*
 * users_pass: FALSE with PUBLISH_ERROR_ABI or PUBLISH_ERROR_EVIDENCE, which names the first programs, when one is in the
 * way.
 */
gboolean users_pass(const struct users *users, GError **error);

/* users_text: a line for each program: word, package, file, library, reason; nothing for none. Caller frees. */
char *users_text(const struct users *users);

#endif
