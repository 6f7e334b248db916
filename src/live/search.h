/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text that is looked for in the cells of the table, a part of its rows at a time. */
#ifndef PORTSTAT_LIVE_SEARCH_H
#define PORTSTAT_LIVE_SEARCH_H

#include <stddef.h>

#include "base/buf.h"

struct cells;
struct table;

/* Zero-initialised: nothing is searched for. */
struct search {
	struct buf text;
	size_t at; /* the item to look at next, counted on past the last one */
	size_t left; /* items that are still to be looked at; 0: no search goes on */
};

enum search_result {
	SEARCH_IDLE, /* there is nothing to do */
	SEARCH_GOES_ON,
	SEARCH_FOUND,
	SEARCH_NOTHING,
};

void search_fini(struct search *s);

/* Looks for the text in so many items, from this one on, once round. */
void search_start(struct search *s, size_t from, size_t n_items);

/* Looks at the next few rows, and says at which place it found something. */
enum search_result search_step(struct search *s, const struct table *table,
			       const struct cells *cells, size_t *found);

#endif
