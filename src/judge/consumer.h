/* The verdict for one program: of two libraries, only what this program uses counts. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CONSUMER_H
#define JUDGE_CONSUMER_H

#include "judge/verdict.h"

/* One symbol that a program takes from a library. Lives as long as the program's facts. */
struct consumer_use {
	const struct facts_symbol *symbol; /* of the program: its name, the node that it asks for, whether it is weak */
	gboolean copied; /* the program holds a copy of symbol->size bytes (copy relocation), which the library uses too */
};

/*
 * A program and a library. The verdict holds the same words and findings as that for everybody, by the rules of
 * consumer_rules and by those of verdict_rules.
 */
struct consumer {
	const struct facts *program, *library; /* borrowed */
	const char *soname;    /* by which the program would load it; lives as long as the library's facts */
	gboolean needs;        /* the program has that soname in NEEDED, or requires a version node of it */
	gboolean types_known;  /* an older library was given, so that types could be compared */
	guint own_declarations; /* how many uses the program declares itself, as its debug information tells */
	guint own_types;        /* how many more it does not declare, but has the types that the library declares */
	GArray *uses;          /* struct consumer_use, sorted by name and node */
	GPtrArray *nodes;      /* const char *: the version nodes that it requires of that soname */
	struct verdict *verdict;
};

/*
 * consumer_new: judge NEWER for PROGRAM, which is not rebuilt.
 *
 * program: read with NEWER as the interface, if types are to be compared as the program has them.
 * older: the library that the program runs with now, or NULL: then types are compared only as the program has them.
 * family: a NULL-terminated array of other releases of the library, or NULL. An import without a version belongs to the
 *   library when OLDER, NEWER or one of these exports its name, or when no other library can have it: each of the other
 *   NEEDED is known to give its symbols versions.
 *
 * Of the findings for everybody those are left that touch an import of the program: by their subject, or by one of
 * their `via`; a finding that names neither a symbol nor a node is about the whole library and stays. Opens no file and
 * cannot fail. Returns an object for consumer_free; the facts must outlive it.
 */
struct consumer *consumer_new(const struct facts *program, const struct facts *older, const struct facts *newer,
			      const struct facts *const *family);

/*
 * consumer_without: the same when there is no newer library: one finding of the rule library-missing.
 *
 * older: the library that the program runs with now; it has a soname. change: what became of that, for the finding.
 */
struct consumer *consumer_without(const struct facts *program, const struct facts *older, const char *change);

/* consumer_binds_to: the export that a program's reference binds to: that under its node, else the default; or NULL. */
const struct facts_symbol *consumer_binds_to(const struct facts *library, const struct facts_symbol *symbol);

/* consumer_free: NULL is fine. */
void consumer_free(struct consumer *consumer);
typedef struct consumer consumer;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(consumer, consumer_free)

/* The rules that only hold for a program. They have no `examine`. Ends with a NULL. */
extern const struct verdict_rule *const consumer_rules[];

/*
 * consumer_floor: which of N libraries, oldest first, is the first that has everything that PROGRAM uses?
 *
 * consumers: receives N new objects, one for each library, judged alone but knowing the names that the others export.
 *
 * Returns the index of the library, or -1 when none has everything, or the program needs none of them.
 */
int consumer_floor(const struct facts *program, const struct facts *const *libraries, guint n, GPtrArray **consumers);

/* consumer_meaning: the verdict in a few words: "the program runs as before". Static text. */
const char *consumer_meaning(const struct consumer *consumer);

/* consumer_reason: the first finding that has the verdict's word and counts, or NULL. Lives as long as the consumer. */
const struct verdict_finding *consumer_reason(const struct consumer *consumer);

/* consumer_text: the report for people; explain as for verdict_text. Caller frees. */
char *consumer_text(const struct consumer *consumer, gboolean explain);

/* consumer_table: many (struct consumer *) in a line each: program, verdict, the first reason. Caller frees. */
char *consumer_table(const GPtrArray *consumers);

/* consumer_floor_text: what consumer_floor found, and what each older library lacks. Caller frees. */
char *consumer_floor_text(const GPtrArray *consumers, int floor);

/* consumer_json, consumer_floor_json: the same for programs; the schema is in abide-judge(1). Caller unrefs. */
JsonNode *consumer_json(const struct consumer *consumer);
JsonNode *consumer_floor_json(const GPtrArray *consumers, int floor);

/* consumer_worst: the worst word among them; SAME when there are none. */
enum verdict_word consumer_worst(const GPtrArray *consumers);

#endif
