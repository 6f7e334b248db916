/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a cell: that of the list, or of a column that only the live view has. */
#ifndef PORTSTAT_LIVE_CELLS_H
#define PORTSTAT_LIVE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct live_column;
struct live_columns;
struct live_item;
struct live_tree;

/* The columns of a branch of the tree in front of a text. */
#define CELL_BRANCH 3

/* The inputs of cells.  All pointers are borrowed. */
struct cells {
	const struct live_tree *tree;
	const struct live_columns *columns;
	const struct live_column *branch; /* the column with the branches of the tree; NULL: none */
	uint64_t now_ms; /* on the frames' clock */
	bool is_ascii;
	bool is_numeric;
	bool has_hosts;
};

/* Adds the text of the item's cell in this column, without control characters. */
void cell_text(const struct cells *c, const struct live_item *item,
	       const struct live_column *column, struct buf *out);

/*
 * The same outside the table: without branches, and including what the listener's row above shows.
 */
void cell_whole_text(const struct cells *c, const struct live_item *item,
		     const struct live_column *column, struct buf *out);

#endif
