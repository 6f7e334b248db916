/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches the cells of the table for a text, a few thousand rows at a time. */
#ifndef PORTSTAT_LIVE_SEARCH_H
#define PORTSTAT_LIVE_SEARCH_H

#include <stddef.h>

#include "base/buf.h"

struct cells;
struct table;

/* Zero-initialised: no search. */
struct search {
	struct buf text;
	size_t at; /* the next item, modulo the number of items */
	size_t left; /* items not yet searched; 0: no search is running */
};

enum search_result {
	SEARCH_IDLE, /* no search is running */
	SEARCH_GOES_ON,
	SEARCH_FOUND,
	SEARCH_NOTHING,
};

void search_fini(struct search *s);

/* Starts a search of all n_items items from this one on, wrapping around at the end. */
void search_start(struct search *s, size_t from, size_t n_items);

/* Searches the next SEARCH_STEP items; *found is the index if SEARCH_FOUND. */
enum search_result search_step(struct search *s, const struct table *table,
			       const struct cells *cells, size_t *found);

#endif
