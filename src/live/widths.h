/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How wide the columns of the table are, and which have room. */
#ifndef PORTSTAT_LIVE_WIDTHS_H
#define PORTSTAT_LIVE_WIDTHS_H

#include <stdbool.h>
#include <stddef.h>

struct cells;
struct table;

/* What the rows on a screen with so many would like to have. */
void widths_measure(struct table *table, const struct cells *cells, int n_rows);

/* Fits the columns into so wide a screen: the lightest give way first. */
void widths_fit(struct table *table, int width);

/* Which of the columns shown stands at column x of the screen.  False where none does. */
bool widths_at(const struct table *table, int x, size_t *which);

#endif
