/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one hash table: 64-bit keys to 32-bit values (indexes into somebody's array). */
#ifndef PORTSTAT_BASE_MAP_H
#define PORTSTAT_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	uint64_t key;
	uint32_t value; /* MAP_NONE: the slot is free */
};

/* Zero-initialised is empty and ready. */
struct map {
	struct map_slot *slots;
	size_t n;
	size_t cap; /* 0 or a power of two */
};

void map_fini(struct map *m);

/* Empties the map and keeps its memory. */
void map_clear(struct map *m);

/* Makes room for n keys at once, so that adding them moves nothing. */
void map_reserve(struct map *m, size_t n);

/* The value of key, MAP_NONE where there is none. */
uint32_t map_get(const struct map *m, uint64_t key);

/*
 * Adds key with value (not MAP_NONE) unless it is there.  Returns where its value stands, for
 * reading and changing until the next call that adds; *added (may be NULL) says which it was.  A key
 * that is there is only read: several threads at once may ask for such.
 */
uint32_t *map_add(struct map *m, uint64_t key, uint32_t value, bool *added);

#endif
