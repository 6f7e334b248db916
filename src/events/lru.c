/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table and a list in the order of use, in arrays that grow up to a limit. */
#include <config.h>

#include "events/lru.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

struct lru_link {
	uint32_t older;
	uint32_t newer;
	uint32_t chain; /* the next item with the same head */
	uint32_t head;
};

void lru_init(struct lru *l, size_t item_size, size_t key_size, size_t max, uint64_t seed)
{
	*l = (struct lru){
		.item_size = item_size,
		.key_size = key_size,
		.max = max,
		.seed = seed,
		.oldest = LRU_NONE,
		.newest = LRU_NONE,
	};
}

void lru_fini(struct lru *l)
{
	free(l->items);
	free(l->links);
	free(l->heads);
	lru_init(l, l->item_size, l->key_size, l->max, l->seed);
}

static void *item_at(const struct lru *l, uint32_t i)
{
	return l->items + i * l->item_size;
}

static uint32_t index_of(const struct lru *l, const void *item)
{
	return (uint32_t)((size_t)((const char *)item - l->items) / l->item_size);
}

static uint32_t head_of(const struct lru *l, const void *key)
{
	uint64_t hash = map_hash(l->seed, key, l->key_size);

	return (uint32_t)((hash ^ hash >> 32) & (l->max - 1));
}

static uint32_t find(const struct lru *l, const void *key)
{
	uint32_t i;

	if (!l->heads)
		return LRU_NONE;
	i = l->heads[head_of(l, key)];
	while (i != LRU_NONE && memcmp(item_at(l, i), key, l->key_size))
		i = l->links[i].chain;
	return i;
}

/* ---- the order of use ---- */

static void unlink_item(struct lru *l, uint32_t i)
{
	struct lru_link *link = &l->links[i];

	*(link->older == LRU_NONE ? &l->oldest : &l->links[link->older].newer) = link->newer;
	*(link->newer == LRU_NONE ? &l->newest : &l->links[link->newer].older) = link->older;
}

static void link_newest(struct lru *l, uint32_t i)
{
	l->links[i].older = l->newest;
	l->links[i].newer = LRU_NONE;
	*(l->newest == LRU_NONE ? &l->oldest : &l->links[l->newest].newer) = i;
	l->newest = i;
}

void *lru_peek(const struct lru *l, const void *key)
{
	uint32_t i = find(l, key);

	return i == LRU_NONE ? NULL : item_at(l, i);
}

void *lru_use(struct lru *l, const void *key)
{
	uint32_t i = find(l, key);

	if (i == LRU_NONE)
		return NULL;
	unlink_item(l, i);
	link_newest(l, i);
	return item_at(l, i);
}

void *lru_next(const struct lru *l, const void *item)
{
	uint32_t i = item ? l->links[index_of(l, item)].newer : l->oldest;

	return i == LRU_NONE ? NULL : item_at(l, i);
}

/* ---- adding and dropping ---- */

static void grow(struct lru *l)
{
	size_t cap = l->cap ? l->cap * 2 : 64;

	if (cap > l->max)
		cap = l->max;
	l->items = mem_resize(l->items, cap, l->item_size);
	l->links = mem_resize(l->links, cap, sizeof(*l->links));
	l->cap = cap;
	if (l->heads)
		return;
	l->heads = mem_resize(NULL, l->max, sizeof(*l->heads));
	memset(l->heads, 0xff, l->max * sizeof(*l->heads));
}

void *lru_add(struct lru *l, const void *key)
{
	uint32_t i = (uint32_t)l->n, *head;
	char *item;

	if (l->n == l->cap)
		grow(l);
	l->n++;
	item = item_at(l, i);
	memset(item, 0, l->item_size);
	memcpy(item, key, l->key_size);
	l->links[i].head = head_of(l, key);
	head = &l->heads[l->links[i].head];
	l->links[i].chain = *head;
	*head = i;
	link_newest(l, i);
	return item;
}

/* What points to item i in its chain. */
static uint32_t *chain_to(struct lru *l, uint32_t i)
{
	uint32_t *to = &l->heads[l->links[i].head];

	while (*to != i)
		to = &l->links[*to].chain;
	return to;
}

/* Item from, the last one in memory, moves to the free place to. */
static void move(struct lru *l, uint32_t from, uint32_t to)
{
	struct lru_link *link = &l->links[from];

	*chain_to(l, from) = to;
	*(link->older == LRU_NONE ? &l->oldest : &l->links[link->older].newer) = to;
	*(link->newer == LRU_NONE ? &l->newest : &l->links[link->newer].older) = to;
	l->links[to] = *link;
	memcpy(item_at(l, to), item_at(l, from), l->item_size);
}

void lru_drop(struct lru *l, const void *item)
{
	uint32_t i = index_of(l, item), last = (uint32_t)(l->n - 1);

	*chain_to(l, i) = l->links[i].chain;
	unlink_item(l, i);
	if (i != last)
		move(l, last, i);
	l->n--;
}
