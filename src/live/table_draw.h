/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the table: its head, its rows with their marks. */
#ifndef PORTSTAT_LIVE_TABLE_DRAW_H
#define PORTSTAT_LIVE_TABLE_DRAW_H

#include <stdbool.h>

struct canvas;
struct cells;
struct table;
struct tags;

/* What the rows are drawn from.  All pointers are borrowed. */
struct table_scene {
	const struct table *table;
	const struct cells *cells;
	const struct tags *tags;
	bool is_paused; /* marks stay */
	bool is_looking; /* where there is no row yet, one may come */
};

void table_draw_head(const struct table *table, struct canvas *out, int y);

/* n lines from y on, but for the first ones, in whose place something else stands. */
void table_draw_rows(const struct table_scene *scene, struct canvas *out, int y, int first, int n);

#endif
