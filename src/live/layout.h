/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is where on the screen: the lines of the frame around the table. */
#ifndef PORTSTAT_LIVE_LAYOUT_H
#define PORTSTAT_LIVE_LAYOUT_H

#include <stdbool.h>

/* The smallest screen that shows a table, and the one that shows everything. */
#define LIVE_LEAST_WIDTH 60
#define LIVE_LEAST_HEIGHT 15
#define LIVE_FULL_WIDTH 80
#define LIVE_FULL_HEIGHT 24

struct live_layout {
	bool is_too_small;
	bool is_compact; /* the table and one line */
	int title_y; /* -1 each: not there */
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
 * For a panel that would like to have so many lines (0: there is none).  is_panel_whole: it may
 * take every line, and there is no head of the table.
 */
struct live_layout layout_of(int width, int height, int panel_height, bool is_panel_whole);

#endif
