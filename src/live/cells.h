/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a cell: what a listing would print, and what only a tree over time has. */
#ifndef PORTSTAT_LIVE_CELLS_H
#define PORTSTAT_LIVE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct live_column;
struct live_columns;
struct live_item;
struct live_tree;

/* What cells are made from, and how.  All pointers are borrowed. */
struct cells {
	const struct live_tree *tree;
	const struct live_columns *columns;
	const struct live_column *branch; /* in which the branch of a tree stands; NULL: in none */
	uint64_t now_ms; /* on the frames' clock */
	bool is_ascii;
	bool is_numeric;
	bool has_hosts;
};

/* Adds the visible text of the item in this column. */
void cell_text(const struct cells *c, const struct live_item *item,
	       const struct live_column *column, struct buf *out);

/* The same for a text of its own: nothing drawn, and what the row above would say as well. */
void cell_whole_text(const struct cells *c, const struct live_item *item,
		     const struct live_column *column, struct buf *out);

#endif
