/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the table: its head, and its rows with highlighted changes. */
#ifndef PORTSTAT_LIVE_TABLE_DRAW_H
#define PORTSTAT_LIVE_TABLE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct canvas;
struct cells;
struct table;
struct tags;

/* What the rows are drawn from.  All pointers are borrowed. */
struct table_scene {
	const struct table *table;
	const struct cells *cells;
	const struct tags *tags;
	uint64_t hit; /* id of the item that a search has found; 0: none */
	bool is_paused; /* changes stay highlighted */
	bool has_more_netns; /* there may be rows in other network namespaces */
	bool is_refreshing; /* a refresh is under way: an empty table may be temporary */
};

/* Draws the headings on line y. */
void table_draw_head(const struct table *table, struct canvas *out, int y);

/* Draws n lines from line y on, except the first ones, which something else covers. */
void table_draw_rows(const struct table_scene *scene, struct canvas *out, int y, int first, int n);

#endif
