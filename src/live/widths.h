/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Computes the widths of the table's columns, which of them fit, and where each cell of a row is. */
#ifndef PORTSTAT_LIVE_WIDTHS_H
#define PORTSTAT_LIVE_WIDTHS_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct cells;
struct live_tree;
struct table;

/*
 * Fits the columns of the n_rows rows on the screen into its width: drops columns with the least
 * weight, shortens names before addresses.  Sets table->widths.
 */
void widths_fit(struct table *table, const struct cells *cells, int n_rows, int width);

/* Forgets the widths that were needed by rows which the tree no longer has. */
void widths_forget_gone(struct table *table, const struct live_tree *tree);

/* The widths of the texts of a row's cells. */
struct row_texts {
	int width[LIVE_COLUMNS_MAX];
	size_t branch; /* the column with the branch of the tree; LIVE_COLUMNS_MAX: none */
};

/* The place of a cell on the screen. */
struct slot {
	int x;
	int width;
};

/*
 * Sets the slots of the shown columns of a row: a text that is wider than its column extends into
 * the empty cells next to it, those on the left first.
 */
void widths_slots(const struct table *table, const struct row_texts *texts, struct slot *slots);

/* Gets the index of the shown column at column x of the screen.  False if there is none. */
bool widths_at(const struct table *table, int x, size_t *which);

#endif
