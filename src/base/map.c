/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one hash table: open addressing with linear probing, at most three quarters full. */
#include <config.h>

#include "base/map.h"

#include <stdlib.h>

#include "base/mem.h"

/* The finaliser of splitmix64: keys are often consecutive (cookies, inodes), so mix every bit. */
static size_t hash(uint64_t key)
{
	key ^= key >> 30;
	key *= 0xbf58476d1ce4e5b9U;
	key ^= key >> 27;
	key *= 0x94d049bb133111ebU;
	return (size_t)(key ^ (key >> 31));
}

static struct map_slot *find(struct map_slot *slots, size_t cap, uint64_t key)
{
	size_t i = hash(key) & (cap - 1);

	while (slots[i].value != MAP_NONE && slots[i].key != key)
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

uint64_t map_hash(uint64_t seed, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	uint64_t h = seed ^ 0xcbf29ce484222325U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ at[i]) * 0x100000001b3U;
	return h;
}

void map_fini(struct map *m)
{
	free(m->slots);
	*m = (struct map){ 0 };
}

void map_clear(struct map *m)
{
	for (size_t i = 0; i < m->cap; i++)
		m->slots[i].value = MAP_NONE;
	m->n = 0;
}

void map_reserve(struct map *m, size_t n)
{
	struct map_slot *slots;
	size_t cap = m->cap ? m->cap : 64;

	while (cap - cap / 4 < n)
		cap *= 2;
	if (cap == m->cap)
		return;
	slots = mem_resize(NULL, cap, sizeof(*slots));
	for (size_t i = 0; i < cap; i++)
		slots[i].value = MAP_NONE;
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].value != MAP_NONE)
			*find(slots, cap, m->slots[i].key) = m->slots[i];
	free(m->slots);
	m->slots = slots;
	m->cap = cap;
}

uint32_t map_get(const struct map *m, uint64_t key)
{
	return m->n ? find(m->slots, m->cap, key)->value : MAP_NONE;
}

uint32_t *map_add(struct map *m, uint64_t key, uint32_t value, bool *added)
{
	struct map_slot *slot = m->cap ? find(m->slots, m->cap, key) : NULL;
	bool is_new = !slot || slot->value == MAP_NONE;

	if (is_new) {
		if (!slot || m->n + 1 > m->cap - m->cap / 4) {
			map_reserve(m, m->n + 1);
			slot = find(m->slots, m->cap, key);
		}
		*slot = (struct map_slot){ .key = key, .value = value };
		m->n++;
	}
	if (added)
		*added = is_new;
	return &slot->value;
}
