/* Whether a library may take the place of another under programs that are not rebuilt: the product of judge. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "inspect/facts.h"

#include <json-glib/json-glib.h>

/*
 * The four words, from best to worst. The verdict is the worst word of its findings, and never better than the
 * evidence allows: what cannot be told is UNKNOWN, not SAME.
 */
enum verdict_word {
	VERDICT_SAME,    /* only the implementation changed */
	VERDICT_ADDS,    /* old programs run; new ones may need the new version */
	VERDICT_UNKNOWN, /* evidence is missing on a side */
	VERDICT_BREAKS,  /* some program can misbehave */
};

/* What a person decided about a finding, as a waiver file says it (judge/waiver.h). Strings are owned. */
struct verdict_waiver {
	char *reason, *author;
	char *until;      /* YYYY-MM-DD, the last day on which it holds */
	gboolean expired; /* that day is over: the finding counts again */
};

/* One rule's opinion on one subject. Strings are owned by the finding. */
struct verdict_finding {
	const struct verdict_rule *rule;
	enum verdict_word word; /* what this finding alone would say; SAME marks a note */
	char *subject;          /* the symbol, node or type, e.g. "struct warden_error" */
	char *change;           /* what happened to it, e.g. "272 -> 528 bytes" */
	char *because;          /* what the word rests on, where that is more than the rule says; or NULL */
	char *type;             /* the type of the older library that it is about, or NULL */
	char *path;             /* the shortest way by which a caller meets that type (path.h), or NULL */
	char **via;             /* exported symbols by which a caller meets it, or NULL; shared, see verdict_via_new */
	struct verdict_waiver *waiver; /* NULL when nobody waived it; owned */
};

struct verdict;

/* A rule: one file rule_*.c each, one row each in rules.c. */
struct verdict_rule {
	const char *id;      /* "struct-grew": stable, used in reports, waivers and text cases */
	const char *why;     /* what happens to a caller */
	const char *instead; /* what to do, or NULL */
	void (*examine)(struct verdict *verdict, const struct verdict_rule *rule, const struct facts *older,
			const struct facts *newer);
};

/* The rules in the order in which they run and report; ends with a NULL. */
extern const struct verdict_rule *const verdict_rules[];

/* What the verdict knows of one of the libraries. Strings are owned. */
struct verdict_side {
	char *path;
	char *evidence;     /* in words, see evidence_of */
	gboolean has_types;
};

struct verdict {
	const struct facts *older, *newer; /* while the rules run */
	struct reach *reach;       /* of the older library, once it is asked for */
	struct path *path;         /* likewise */
	GHashTable *met;           /* likewise: struct facts_type * -> its `via`, which its findings share */
	struct allocation *allocation; /* the same */
	enum verdict_word word;
	GPtrArray *findings; /* struct verdict_finding *, in the order of the rules, then by subject */
	char *soname;        /* the soname that the newer library carries, NULL when it has none */
	gboolean soname_changed;
	char *older_version, *newer_version; /* what each side claims to be, NULL when nothing says it; see facts.h, law.h */
	gboolean is_same_build;              /* both carry one build-id */
	char *next_soname; /* BREAKS under an unchanged soname: the soname that the newer library would need, if one follows */
	/* what was compared */
	guint symbols, nodes, types;
	guint by_code; /* of the symbols: not described on both sides, and of the same machine code */
	struct verdict_side old_side, new_side;
	gboolean headers_known;
};

/*
 * verdict_new: judge NEWER as a replacement for OLDER.
 *
 * Opens no file: the facts are all it knows. Returns a verdict to be freed with verdict_free; cannot fail.
 */
struct verdict *verdict_new(const struct facts *older, const struct facts *newer);

/* verdict_empty: what verdict_new begins with: no finding, SAME. For judgements by other rules, as in consumer.h. */
struct verdict *verdict_empty(const struct facts *older, const struct facts *newer);

/* verdict_free: NULL is fine. */
void verdict_free(struct verdict *verdict);
typedef struct verdict verdict;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(verdict, verdict_free)

/*
 * verdict_find: record a finding; called by rules.
 *
 * met: the type of the older library that it is about, whose exports are noted as `via`; or NULL. format: the text of
 * `change`.
 */
void verdict_find(struct verdict *verdict, const struct verdict_rule *rule, enum verdict_word word, const char *subject,
		  const struct facts_type *met, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* verdict_because: say of the finding that was recorded last what its word rests on; once more appends to that. */
void verdict_because(struct verdict *verdict, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* verdict_allocation: who allocates the types of the older library (judge/allocation.h). For rules. */
struct allocation *verdict_allocation(struct verdict *verdict);

/* verdict_via: the exports by which callers meet a type of the older library; see reach_exports. For rules. */
const char **verdict_via(struct verdict *verdict, const struct facts_type *type);

/*
 * verdict_via_new: a copy of a NULL-terminated array of names, in one block that counts its owners (g_rc_box_acquire,
 * g_rc_box_release). A type that many exports lead to has many findings; they share the names.
 */
char **verdict_via_new(const char *const *names);

/* verdict_weigh: take the word, and what follows from it, from the findings that count; after a change to them. */
void verdict_weigh(struct verdict *verdict);

/* verdict_waiver_free: NULL is fine. */
void verdict_waiver_free(struct verdict_waiver *waiver);

/* verdict_is_waived: does a waiver in force keep this finding from counting? */
gboolean verdict_is_waived(const struct verdict_finding *finding);

/* verdict_word_name: "SAME", "ADDS", "BREAKS", "UNKNOWN". */
const char *verdict_word_name(enum verdict_word word);

/*
 * verdict_is_releasable: may the newer library be shipped as it is? SAME and ADDS may; BREAKS may when the soname says so,
 * because then it is another library that is installed beside the old one.
 */
gboolean verdict_is_releasable(const struct verdict *verdict);

/* verdict_claim: what the newer library claims to be, where its facts do not say it or say it wrong; NULL changes nothing. */
void verdict_claim(struct verdict *verdict, const char *version);

/*
 * verdict_text: the report for people, lines ending in newlines (caller frees).
 *
 * explain: add to each kind of finding why it matters and what to do instead.
 */
char *verdict_text(const struct verdict *verdict, gboolean explain);

/* verdict_json: the same for programs; the schema is in abide-judge(1). Caller unrefs. */
JsonNode *verdict_json(const struct verdict *verdict);

#endif
