/* What the files of pair share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PAIR_PRIVATE_H
#define PIN_PAIR_PRIVATE_H

#include "pin/pair.h"
#include "publish/elffiles.h"

/* A pair with more findings, or a finding with more symbols, lists only so many; the reason counts all findings. */
#define PAIR_MOST_FINDINGS 64
#define PAIR_MOST_SYMBOLS 64

/* ---- libraries ---- */

/* One version of a library's package. It is opened when it is first needed. */
struct shelf {
	const struct member *member;
	char *id;       /* elffiles_identity */
	gboolean early; /* to be opened before anything else, on all cores */
	GMutex lock;
	gboolean opened;
	GPtrArray *libraries; /* struct elflibrary *; NULL with an error */
	GPtrArray *unreached; /* guint8 *: sight_unreached of each */
	GError *error;
};
void shelf_free(gpointer shelf);

/* shelf_open: from any thread; FALSE when it cannot be read, with shelf->error. */
gboolean shelf_open(struct shelf *s, const GPtrArray *members);

/* ---- programs ---- */

/* A program's package and all versions of a library's package, which are in the order of their versions. */
struct group {
	GPtrArray *shelves;  /* struct shelf *, borrowed */
	GPtrArray *meetings; /* GVariant * of MEETING_TYPE, one for each shelf; NULL: not known */
	GPtrArray *pairs;    /* struct pair *, borrowed, one for each shelf */
};

/* What one program needs of one library: file and soname; whether nodes and versioned symbols are there; and which of its
 * imports without a version the library has. */
#define MEETING_TYPE "a(saybaay)"

/* A program's package with all that is asked of it. */
struct piece {
	const struct member *member;
	char *id;          /* elffiles_identity */
	GPtrArray *groups; /* struct group * */
	gboolean opened;
	GError *error; /* what stops everything */
};
struct piece *piece_new(const struct member *member, const GPtrArray *members);
void piece_free(gpointer piece);

/* piece_add_group: SHELVES (struct shelf *, all versions of one package) are asked of it, too. The piece owns the group. */
struct group *piece_add_group(struct piece *p, GPtrArray *shelves);

/* Everything that a piece is judged by. Shared by all threads. */
struct bench {
	const publication *publication;
	const GPtrArray *members;
	cache *answers;
	const struct users_waivers *waivers;
	char *waivers_digest; /* NULL without any */
};

/* piece_lookup: take what is kept of the meetings, and mark the shelves that are needed for the others. */
void piece_lookup(struct piece *p, const struct bench *b);

/* piece_judge: fill in the pairs of all its groups. */
void piece_judge(struct piece *p, const struct bench *b);

/* ---- one program with one library ---- */

/* What a program in a package needs of a library's package, as all versions of that tell. */
struct use {
	char *file, *soname;
	GPtrArray *names;      /* char *, sorted: its imports without a version that are the library's in any version */
	struct shelf *before;  /* what it is taken to be built with; NULL: not known */
};

/* A program that is open. */
struct program {
	const struct container_file *file;
	const GPtrArray *debug;      /* of facts_sources */
	const struct facts *surface;
	gboolean tells_nothing;      /* it was read, and has no types */
};

/* What was said of a program and a library. Counted references (g_rc_box). */
struct outcome {
	enum users_word word;
	gboolean told; /* by the program's own types */
	char *reason, *waivers;
	GPtrArray *findings; /* struct pair_finding * */
};
struct outcome *outcome_new(enum users_word word, char *reason);
void outcome_unref(gpointer outcome);

/* outcome_judge: judge LIBRARY for the program. before: of the same soname, or NULL. Never NULL. */
struct outcome *outcome_judge(struct program *p, const struct use *u, const struct elflibrary *library,
			      const struct elflibrary *before, const struct users_waivers *waivers);

/* pair_finding_free: for arrays. */
void pair_finding_free(gpointer finding);

/* ---- answers that are kept ---- */

/* What pair_pack makes. */
#define PAIR_TYPE "(bbymsmsmsmsmsa(sssas))"

/* pair_key: what the answer for a pair follows from. uses: struct use *. */
void pair_key(const struct bench *b, const struct piece *p, const struct shelf *library, gboolean allowed,
	      const GPtrArray *uses, guint8 key[CACHE_KEY_SIZE]);
GVariant *pair_pack(const struct pair *pair);

/* pair_unpack: fill in PAIR from what was kept. shelves: the library's versions. FALSE: it names one that is not there. */
gboolean pair_unpack(const GPtrArray *shelves, GVariant *value, struct pair *pair);

#endif
