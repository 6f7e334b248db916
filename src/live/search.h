/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches the cells of a view for a text, also those that are folded away, a few thousand rows at a time. */
#ifndef PORTSTAT_LIVE_SEARCH_H
#define PORTSTAT_LIVE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"

struct cells;
struct table;

struct search {
	struct buf text;
	size_t at; /* the next item, modulo the number of items */
	size_t left; /* items not yet searched; 0: no search is running */
	uint32_t child; /* of the folded group before that item: the next to search, or MAP_NONE */
	uint64_t hit; /* id of the item that was found; 0: none */
	uint64_t opened; /* id of the group that was unfolded to show it; 0: none */
	size_t top; /* where the table was when the search was begun */
};

enum search_result {
	SEARCH_IDLE, /* no search is running */
	SEARCH_GOES_ON,
	SEARCH_FOUND,
	SEARCH_NOTHING,
};

/* No search. */
void search_init(struct search *s);
void search_fini(struct search *s);

/* Starts a search of all n_items items from this one on, wrapping around at the end. */
void search_start(struct search *s, size_t from, size_t n_items);

/* Ends it; what was found stays. */
void search_stop(struct search *s);

static inline bool search_goes_on(const struct search *s)
{
	return s->left || s->child != MAP_NONE;
}

/*
 * Searches the next SEARCH_STEP lines, except closed rows.  If SEARCH_FOUND, sets s->hit, and *folded
 * to the id of the folded group in which it is (0: none).
 */
enum search_result search_step(struct search *s, const struct table *table,
			       const struct cells *cells, uint64_t *folded);

#endif
