/* Answers kept from one run to the next, under digests of everything that they follow from. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CACHE_H
#define PIN_CACHE_H

#include <glib.h>

#define CACHE_KEY_SIZE 32 /* SHA-256, raw */

/* The largest file that is read or written, in bytes. */
#define CACHE_CEILING (256u << 20)

/* An answer that nobody asked for in so many days is dropped when the file is written next. */
#define CACHE_DAYS 60

/*
 * A map from a digest to bytes. What is judged follows from bytes that have digests, so an answer is never out of date: it
 * is found under the digest of what it follows from, or not at all. The file may be deleted at any time. One that is
 * damaged, somebody else's, or another build's of this tool counts as empty.
 *
 * Format: "abide-cache 1\n", the tool's build-id (32 bytes), the SHA-256 of the rest (32 bytes); then for each answer its key,
 * the day of its last use (days since 1970) and its size in bytes (each 4 bytes, least significant first), and the bytes.
 */
typedef struct cache cache;

/* cache_path: $XDG_CACHE_HOME/abide/answers, by default below ~/.cache (XDG Base Directory Specification); caller frees. */
char *cache_path(void);

/*
 * cache_open: what the file at PATH holds; empty when there is none, or none to be used. NULL for PATH: memory only.
 *
 * Never NULL and never an error: without a cache everything is only slower. Free with cache_free (NULL is fine).
 */
cache *cache_open(const char *path);
void cache_free(cache *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cache, cache_free)

/* A key being put together. Each part is kept apart from the next, so that "a", "bc" and "ab", "c" differ. */
typedef struct cache_key cache_key;
cache_key *cache_key_new(const char *kind);        /* what sort of answer: "pair" */
void cache_key_add(cache_key *key, const char *part); /* NULL is a part of its own, not the same as "" */
void cache_key_end(cache_key *key, guint8 digest[CACHE_KEY_SIZE]); /* frees the key */

/*
 * cache_find: the answer as a serialised GVariant of TYPE, in normal form; NULL when there is none (caller unrefs).
 * cache_put: keep an answer; a floating reference is sunk. The same key again changes nothing.
 *
 * Thread-safe. CACHE may be NULL.
 */
GVariant *cache_find(cache *c, const guint8 key[CACHE_KEY_SIZE], const char *type);
void cache_put(cache *c, const guint8 key[CACHE_KEY_SIZE], GVariant *value);

/*
 * cache_save: write the file, with what another run has put there meanwhile, if there is something new.
 *
 * Atomic: a concurrent run sees the old file or the new one. FALSE with a G_FILE_ERROR, which a caller may well ignore: all
 * answers are still right.
 */
gboolean cache_save(cache *c, GError **error);

#endif
