/* Interned names: each distinct (type, id) gets a small integer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_NAMES_H
#define WARDEN_NAMES_H

#include "memory.h"

#define NAME_NONE UINT32_MAX

/* A name as looked up: the type's bytes and, right after them, the id's. */
struct name_key {
	const char *bytes;
	size_t type_length;
	size_t length;
};

/*
 * A set of names, numbered from 0 in the order of their arrival. Hashed with SipHash-1-3 under a
 * key of its own, as names may be chosen by an adversary. Zeroed and given a seed it is empty.
 * Reading it is safe from many threads.
 */
struct names {
	struct name *items;
	size_t count;
	size_t capacity;
	uint32_t *slots;
	size_t slot_count;
	struct buffer bytes;
	uint64_t seed[2];
};

/* Sets a seed that cannot be foreseen. */
void names_seed(struct names *names);

/* Adds a name or finds it. *added tells which, and may be NULL. false if memory cannot be had. */
bool names_intern(struct names *names, const struct name_key *key, uint32_t *index, bool *added);

/* NAME_NONE if it is not there. */
uint32_t names_find(const struct names *names, const struct name_key *key);

/* The bytes are followed by a NUL, and move when a name is added. */
struct name_key names_get(const struct names *names, uint32_t index);

/* Frees what the set holds, not the struct. */
void names_release(struct names *names);

#endif
