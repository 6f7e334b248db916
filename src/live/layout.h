/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of the screen each part of the view gets. */
#ifndef PORTSTAT_LIVE_LAYOUT_H
#define PORTSTAT_LIVE_LAYOUT_H

#include <stdbool.h>

/* The smallest screen that shows a table, and the smallest that shows every part. */
#define LIVE_LEAST_WIDTH 60
#define LIVE_LEAST_HEIGHT 15
#define LIVE_FULL_WIDTH 80
#define LIVE_FULL_HEIGHT 24

struct live_layout {
	bool is_too_small;
	bool is_compact; /* only the table and one line */
	int title_y; /* y of each part; -1: not shown */
	int tabs_y;
	int filter_y;
	int head_y;
	int rows_y;
	int n_rows;
	int panel_y; /* details or a dialog */
	int panel_n;
	int bar_y;
};

/*
 * Lays out the screen for a panel that asks for panel_height lines (0: no panel).  is_panel_whole:
 * the panel may take every line, and the table's head is not shown.
 */
struct live_layout layout_of(int width, int height, int panel_height, bool is_panel_whole);

#endif
