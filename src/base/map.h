/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one hash table: from 64-bit keys to 32-bit values, mostly indexes into the user's array. */
#ifndef PORTSTAT_BASE_MAP_H
#define PORTSTAT_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	uint64_t key;
	uint32_t value; /* MAP_NONE: the slot is empty */
};

/* Ready when zero-initialised. */
struct map {
	struct map_slot *slots;
	size_t n;
	size_t cap; /* 0 or a power of two */
};

/* Frees the memory and leaves an empty map, ready for use. */
void map_fini(struct map *m);

/* Empties the map and keeps its memory. */
void map_clear(struct map *m);

/* Makes room for n keys in all, so that adding them does not rehash the table. */
void map_reserve(struct map *m, size_t n);

/*
 * A key for n bytes: their hash (FNV-1a), started from seed.  Different bytes may have one key, so
 * compare them, too.
 */
uint64_t map_hash(uint64_t seed, const void *bytes, size_t n);

/* The value of key, or MAP_NONE if it is not in the map. */
uint32_t map_get(const struct map *m, uint64_t key);

/*
 * Adds key with value (not MAP_NONE) unless the map has it, and sets *added (may be NULL) if it
 * did.  Returns a pointer to the key's value, to read or change it until the next addition.  For a
 * key that the map has, the call changes nothing, so several threads may make it at once.
 */
uint32_t *map_add(struct map *m, uint64_t key, uint32_t value, bool *added);

#endif
