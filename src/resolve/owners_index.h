/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, ordered by inode: inodes to numbers, numbers to owners. */
#ifndef PORTSTAT_RESOLVE_OWNERS_INDEX_H
#define PORTSTAT_RESOLVE_OWNERS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "resolve/owners.h"

struct holdings;
struct owners_slot;

/* Zero-initialised is empty and ready. */
struct owners_index {
	struct map number_of;	   /* of an inode */
	struct owners_slot *slots; /* by number */
	size_t n_slots;
	size_t slots_cap;
	size_t n_owned; /* slots that have an owner */
	struct owner *list;
	size_t list_cap;
};

void owners_index_fini(struct owners_index *x);

/* Empties it and keeps its memory. */
void owners_index_clear(struct owners_index *x);

/* Gives each inode its number, those that are not there yet the next ones; both may be one array.
 */
void owners_index_number(struct owners_index *x, const uint32_t *inodes, size_t n,
			 uint32_t *numbers);

/* Counts the holdings from first on, whose numbers are in number_of. */
void owners_index_count(struct owners_index *x, const struct holdings *found, size_t first);

/* Puts the owners in their places, when all have been counted. */
void owners_index_place(struct owners_index *x, const struct holdings *found);

/* The inodes that nothing was counted for, with their numbers, into missing.  False: none. */
bool owners_index_missing(const struct owners_index *x, struct map *missing);

/* When placed: the owners of a number.  Borrowed until the index changes. */
struct owner_span owners_index_of(const struct owners_index *x, uint32_t number);

#endif
