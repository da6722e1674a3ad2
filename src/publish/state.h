/* One publication on record: who published what, when and why; a file of abide-history(5). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_STATE_H
#define PUBLISH_STATE_H

#include "publish/family.h"

#include <glib.h>

/* One package, as states name it. Strings are owned. */
struct state_item {
	gboolean added; /* in a list of changes; else it was removed */
	const struct family *family;
	char *name, *version, *arch;
	char *path; /* from the repository's top */
	char *sha256;
	guint64 size;
};
/* Each in one piece of memory, so that no string of it is replaced; the strings of state_item_of are those of the entry. */
struct state_item *state_item_new(const entry *e, gboolean added);
struct state_item *state_item_of(const entry *e, gboolean added);
struct state_item *state_item_copy(const struct state_item *item);
void state_item_free(struct state_item *item);
typedef struct state_item state_item;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(state_item, state_item_free)

/* state_item_compare: by family, name, version, architecture and path; for g_ptr_array_sort. */
gint state_item_compare(gconstpointer a, gconstpointer b);

/* An index file that this publication replaced, and that stays for readers in the middle. */
struct state_retired {
	const struct family *family;
	char *path; /* from the family's directory */
};
void state_retired_free(struct state_retired *retired);

/*
 * A state of a suite, whose number is that of the publication which made it. Its packages are not listed: they are those
 * of the indexes, and those of earlier states follow by taking back what each changed (chain.h).
 */
struct state {
	guint64 number; /* from 1, without gaps */
	char *suite;
	gint64 date;           /* seconds since 1970 */
	char *by;              /* one line; never empty */
	char *why;             /* one line, may be empty; never NULL */
	char *action;          /* the verb: "add", "remove"...; a word */
	guint64 returns_to;    /* of a rollback: the state whose packages it has again; else 0 */
	char *channel_sha256;  /* of the channel file (abide-channel(5)) that says what the suite holds; NULL: none does */
	char *previous_sha256; /* of the file of state NUMBER - 1; NULL when there is none: this is the first */
	guint64 oldest;        /* the oldest state that can be returned to */
	GPtrArray *changes;    /* struct state_item *, in the order of state_item_compare */
	GPtrArray *staged;     /* struct state_item *: all that wait in the stage, not what changed there */
	GPtrArray *bases;      /* char *: declared bases that came and went (declared.h): "+ NAME:SHA256", "- NAME:SHA256" */
	GPtrArray *waived;     /* char *: findings of the gate that somebody decided to live with, a line each */
	GPtrArray *retired;    /* struct state_retired * */
};
typedef struct state state;
state *state_new(void);
void state_free(state *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(state, state_free)

/* state_is_line: whether a text can be By or Why: UTF-8 without control characters. */
gboolean state_is_line(const char *text);

/*
 * state_parse: read the file of a state.
 *
 * name: of the file, for errors. NULL with a PUBLISH_ERROR_INPUT: "NAME:LINE: what is wrong". Whatever is accepted
 * state_text writes again, to the same bytes if it was written by it.
 */
state *state_parse(const char *name, const char *text, gsize size, GError **error);

/* state_text: the file of a state. Sorts changes and staged. Caller frees. */
char *state_text(const state *s);

#endif
