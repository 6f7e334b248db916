/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of at most so many items, found by a key: when it is full, the one that was not used for
 * the longest time makes room.  So strangers, who may send from as many addresses as they like,
 * cannot make it grow.
 */
#ifndef PORTSTAT_EVENTS_LRU_H
#define PORTSTAT_EVENTS_LRU_H

#include <stddef.h>
#include <stdint.h>

struct lru_link;

struct lru {
	char *items; /* an item begins with its key */
	struct lru_link *links; /* of each item */
	uint32_t *heads; /* hash chains */
	size_t item_size;
	size_t key_size;
	size_t cap; /* items that there is memory for */
	size_t max;
	size_t n;
	uint64_t seed;
	uint32_t oldest;
	uint32_t newest;
};

#define LRU_NONE UINT32_MAX

/* max is a power of two; seed: a number that nobody else knows, so that keys cannot be chosen. */
void lru_init(struct lru *l, size_t item_size, size_t key_size, size_t max, uint64_t seed);
void lru_fini(struct lru *l);

/* The item with this key, NULL if there is none; borrowed until one is added or dropped. */
void *lru_peek(const struct lru *l, const void *key);

/* The same, and makes it the newest. */
void *lru_use(struct lru *l, const void *key);

static inline int lru_is_full(const struct lru *l)
{
	return l->n == l->max;
}

/* Adds an item, all zero behind its key, as the newest.  Not for a full table or a key it has. */
void *lru_add(struct lru *l, const void *key);

/* From the oldest to the newest: NULL for item starts, NULL is returned after the last. */
void *lru_next(const struct lru *l, const void *item);

/* Removes an item; the last one in memory takes its place. */
void lru_drop(struct lru *l, const void *item);

#endif
