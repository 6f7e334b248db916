/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Computes the widths of the table's columns, and which of them fit. */
#ifndef PORTSTAT_LIVE_WIDTHS_H
#define PORTSTAT_LIVE_WIDTHS_H

#include <stdbool.h>
#include <stddef.h>

struct cells;
struct table;

/* Measures the cells of the n_rows rows on the screen: sets table->widest. */
void widths_measure(struct table *table, const struct cells *cells, int n_rows);

/*
 * Fits the columns into a screen of this width: drops those with the least weight.  Sets
 * table->widths.
 */
void widths_fit(struct table *table, int width);

/* Gets the index of the shown column at column x of the screen.  False if there is none. */
bool widths_at(const struct table *table, int x, size_t *which);

#endif
