/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters that a row's cells are good for: filter by this cell. */
#ifndef PORTSTAT_LIVE_CELL_TESTS_H
#define PORTSTAT_LIVE_CELL_TESTS_H

#include <stddef.h>

#include "base/buf.h"

struct cells;
struct live_column;
struct live_item;

#define CELL_TESTS_MAX 12

struct cell_tests {
	struct buf list[CELL_TESTS_MAX]; /* filters, such as: proc nginx */
	size_t n;
};

/*
 * Fills in the tests of the item, each once: that of the column by which the view is sorted, if its cell
 * has a value to filter by, comes first.  Free them with cell_tests_fini().
 */
void cell_tests_fill(struct cell_tests *tests, const struct cells *cells,
		     const struct live_item *item, const struct live_column *sort);
void cell_tests_fini(struct cell_tests *tests);

#endif
