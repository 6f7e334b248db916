/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, ordered by inode: inodes to numbers, numbers to owners. */
#include <config.h>

#include "resolve/owners_index.h"

#include <stdlib.h>

#include "base/mem.h"
#include "resolve/holdings.h"

/* Where the owners of one inode stand in the list. */
struct owners_slot {
	uint32_t start;
	uint32_t n;
	uint32_t last; /* the holder that was counted last */
};

void owners_index_fini(struct owners_index *x)
{
	map_fini(&x->number_of);
	free(x->slots);
	free(x->list);
	*x = (struct owners_index){ 0 };
}

void owners_index_clear(struct owners_index *x)
{
	map_clear(&x->number_of);
	x->n_slots = 0;
	x->n_owned = 0;
}

/* A slot for each number that was given out. */
static void add_slots(struct owners_index *x)
{
	if (x->number_of.n > x->slots_cap) {
		x->slots_cap = x->number_of.n;
		x->slots = mem_resize(x->slots, x->slots_cap, sizeof(*x->slots));
	}
	while (x->n_slots < x->number_of.n)
		x->slots[x->n_slots++] = (struct owners_slot){ .last = UINT32_MAX };
}

void owners_index_number(struct owners_index *x, const uint32_t *inodes, size_t n,
			 uint32_t *numbers)
{
	map_reserve(&x->number_of, n);
	for (size_t i = 0; i < n; i++)
		numbers[i] = *map_add(&x->number_of, inodes[i], (uint32_t)x->number_of.n, NULL);
	add_slots(x);
}

void owners_index_count(struct owners_index *x, const struct holdings *found, size_t first)
{
	add_slots(x);
	for (size_t i = first; i < found->n; i++) {
		const struct holding *holding = &found->list[i];
		struct owners_slot *slot = &x->slots[holding->slot];

		/* A process once, however many descriptors it has. */
		x->n_owned += !slot->n;
		slot->n += slot->last != holding->holder;
		slot->last = holding->holder;
	}
}

void owners_index_place(struct owners_index *x, const struct holdings *found)
{
	uint32_t start = 0;

	for (size_t i = 0; i < x->n_slots; i++) {
		x->slots[i].start = start;
		start += x->slots[i].n;
		x->slots[i].n = 0;
	}
	if (start > x->list_cap) {
		x->list = mem_resize(x->list, start, sizeof(*x->list));
		x->list_cap = start;
	}
	for (size_t i = 0; i < found->n; i++) {
		const struct holding *holding = &found->list[i];
		struct owners_slot *slot = &x->slots[holding->slot];
		struct owner *last = slot->n ? &x->list[slot->start + slot->n - 1] : NULL;

		if (last && last->process == holding->holder) {
			if (holding->fd < last->fd)
				last->fd = holding->fd;
			continue;
		}
		x->list[slot->start + slot->n++] = (struct owner){
			.process = holding->holder,
			.fd = holding->fd,
			.via = holding->via,
		};
	}
}

bool owners_index_missing(const struct owners_index *x, struct map *missing)
{
	map_clear(missing);
	if (x->n_owned == x->n_slots)
		return false;
	for (size_t i = 0; i < x->number_of.cap; i++) {
		const struct map_slot *slot = &x->number_of.slots[i];

		if (slot->value != MAP_NONE && !x->slots[slot->value].n)
			map_add(missing, slot->key, slot->value, NULL);
	}
	return missing->n;
}

struct owner_span owners_index_of(const struct owners_index *x, uint32_t number)
{
	if (number >= x->n_slots)
		return (struct owner_span){ 0 };
	return (struct owner_span){ x->list + x->slots[number].start, x->slots[number].n };
}
