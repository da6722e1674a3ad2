/* Interned names: a hash set of (type, id) that numbers its members. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define FIRST_SLOTS 64

struct name {
	uint32_t offset;
	uint32_t length;
	uint32_t type_length;
	uint32_t hash;
};

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF"), folded to 32 bits. */
static uint32_t hash_bytes(const uint64_t seed[2], const char *bytes, size_t length)
{
	uint64_t v[4] = {seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du,
			 seed[0] ^ 0x6c7967656e657261u, seed[1] ^ 0x7465646279746573u};
	uint64_t word, last = (uint64_t)length << 56;
	size_t at;

	for (at = 0; length - at >= 8; at += 8) {
		memcpy(&word, bytes + at, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (size_t i = 0; at + i < length; i++)
		last |= (uint64_t)(unsigned char)bytes[at + i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	word = v[0] ^ v[1] ^ v[2] ^ v[3];
	return (uint32_t)(word ^ word >> 32);
}

void names_seed(struct names *names)
{
	struct timespec now;

	if (getrandom(names->seed, sizeof names->seed, GRND_NONBLOCK) ==
	    (ssize_t)sizeof names->seed)
		return;
	/*
	 * Early in a boot, or in a sandbox without the call: less random is better than not
	 * starting.
	 */
	clock_gettime(CLOCK_REALTIME, &now);
	names->seed[0] = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
	names->seed[1] = (uint64_t)(uintptr_t)names;
}

static bool is_same(const struct names *names, const struct name *name, const struct name_key *key,
		    uint32_t hash)
{
	return name->hash == hash && name->length == key->length &&
	       name->type_length == key->type_length &&
	       memcmp(names->bytes.bytes + name->offset, key->bytes, key->length) == 0;
}

/*
 * The slot that holds the key, or the empty one where it belongs. slot_count is a power of two,
 * never full.
 */
static size_t find_slot(const struct names *names, const struct name_key *key, uint32_t hash)
{
	size_t mask = names->slot_count - 1, slot = hash & mask;

	while (names->slots[slot] != NAME_NONE &&
	       !is_same(names, &names->items[names->slots[slot]], key, hash))
		slot = (slot + 1) & mask;
	return slot;
}

static bool grow_slots(struct names *names)
{
	size_t count = names->slot_count != 0 ? names->slot_count * 2 : FIRST_SLOTS;
	uint32_t *slots = memory_array(count, sizeof *slots);

	if (slots == NULL)
		return false;
	memset(slots, 0xff, count * sizeof *slots);
	for (uint32_t i = 0; i < names->count; i++) {
		size_t slot = names->items[i].hash & (count - 1);

		while (slots[slot] != NAME_NONE)
			slot = (slot + 1) & (count - 1);
		slots[slot] = i;
	}
	free(names->slots);
	names->slots = slots;
	names->slot_count = count;
	return true;
}

static bool append_name(struct names *names, const struct name_key *key, uint32_t hash)
{
	size_t offset = names->bytes.length;
	struct name *items;

	if (names->count >= NAME_NONE || offset > UINT32_MAX || key->length >= UINT32_MAX - offset)
		return false;
	items = memory_grow(names->items, &names->capacity, names->count + 1, sizeof *items);
	if (items == NULL)
		return false;
	names->items = items;
	if (!buffer_append(&names->bytes, key->bytes, key->length))
		return false;
	if (!buffer_append(&names->bytes, "", 1)) {
		names->bytes.length = offset;
		return false;
	}
	items[names->count] = (struct name){(uint32_t)offset, (uint32_t)key->length,
					    (uint32_t)key->type_length, hash};
	names->count++;
	return true;
}

bool names_intern(struct names *names, const struct name_key *key, uint32_t *index, bool *added)
{
	uint32_t hash = hash_bytes(names->seed, key->bytes, key->length);
	bool is_new;
	size_t slot;

	/* At most half full. */
	if (names->count >= names->slot_count / 2 && !grow_slots(names))
		return false;
	slot = find_slot(names, key, hash);
	is_new = names->slots[slot] == NAME_NONE;
	if (is_new) {
		if (!append_name(names, key, hash))
			return false;
		names->slots[slot] = (uint32_t)names->count - 1;
	}
	*index = names->slots[slot];
	if (added != NULL)
		*added = is_new;
	return true;
}

uint32_t names_find(const struct names *names, const struct name_key *key)
{
	if (names->slot_count == 0)
		return NAME_NONE;
	return names
		->slots[find_slot(names, key, hash_bytes(names->seed, key->bytes, key->length))];
}

struct name_key names_get(const struct names *names, uint32_t index)
{
	const struct name *name = &names->items[index];

	return (struct name_key){names->bytes.bytes + name->offset, name->type_length,
				 name->length};
}

void names_release(struct names *names)
{
	free(names->items);
	free(names->slots);
	free(names->bytes.bytes);
}
