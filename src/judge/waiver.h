/* Waivers: findings that a person has decided to live with, on the record: who, why, until when. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_WAIVER_H
#define JUDGE_WAIVER_H

#include "judge/verdict.h"

/* What is wrong with a waiver file that reads well as YAML (else: YAMLFILE_ERROR, G_FILE_ERROR). */
#define WAIVER_ERROR waiver_error_quark()
GQuark waiver_error_quark(void);
enum waiver_error {
	WAIVER_ERROR_INPUT, /* no such rule, or not a day; the message begins with FILE:LINE:COLUMN */
};

/* One waiver. Strings are owned by the waivers. */
struct waiver {
	char *rule;    /* of verdict_rules or consumer_rules */
	char *subject; /* a symbol, node or type as reports write it; "*" is any text */
	char *reason, *author;
	char *until; /* "2027-01-31", the last day on which it holds */
	GDate last_day;
};

/* A waiver file as read (abide-waivers(5)). Immutable; may be shared between threads. */
struct waivers {
	struct waiver *items;
	guint n;

	char *path; /* of the file it was read from */
};

/*
 * waivers_read: read a waiver file.
 * waivers_parse: the same from memory; path is what errors and reports name.
 *
 * Both return waivers for waivers_free, or NULL with WAIVER_ERROR, YAMLFILE_ERROR or G_FILE_ERROR.
 */
struct waivers *waivers_read(const char *path, GError **error);
struct waivers *waivers_parse(const char *path, GBytes *text, GError **error);

/* waivers_free: NULL is fine. */
void waivers_free(struct waivers *waivers);
typedef struct waivers waivers;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(waivers, waivers_free)

/*
 * waiver_matches: is this a waiver for this finding, on whatever day?
 *
 * The subject is compared as reports write it ("f@V1", "struct s: member a"), and without what follows the symbol's or
 * type's name ("f", "struct s"). Only BREAKS and UNKNOWN can be waived: nothing else stands in anybody's way.
 */
gboolean waiver_matches(const struct waiver *waiver, const struct verdict_finding *finding);

/*
 * waivers_apply: mark the findings of a verdict that are waived, and weigh it again without those.
 *
 * A waiver whose last day is before TODAY is shown with the finding, which counts; one in force goes before it.
 * note_unused: record each waiver that matches nothing as a note; not for the verdict of one program, for which most
 *   waivers match nothing.
 */
void waivers_apply(const struct waivers *waivers, struct verdict *verdict, const GDate *today, gboolean note_unused);

#endif
